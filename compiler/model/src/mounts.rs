//! What is mounted in a container, where, and which claim or folder of its host it is.

use domain::{Size, UnixPath};

use crate::names::claim_name;
use crate::{At, Container, DeviceUse, File, Holder, Volume, VolumeSource};

/// Something that is mounted.
#[derive(Clone, Copy, Debug)]
pub enum Mounted<'a> {
    /// A volume, by its name.
    Volume(&'a str, &'a Volume),
    /// A file made of text.
    File(&'a File),
    /// A device of the host, by mounting its file or by whoever hands it out.
    Device(&'a At<DeviceUse>),
}

impl Container {
    /// All that is mounted, and the path that it is at: volumes, files, devices, each as often as it is named.
    pub fn mounts(&self) -> impl Iterator<Item = (&str, Mounted<'_>)> {
        let volumes = self.volumes.iter();
        let volumes = volumes.map(|(name, volume)| (volume.at.as_str(), Mounted::Volume(name, volume)));
        let files = self.files.iter().map(|(path, file)| (path.as_str(), Mounted::File(file)));
        let devices = self.devices.iter().map(|device| (device.path.as_str(), Mounted::Device(device)));
        volumes.chain(files).chain(devices)
    }
}

/// Where what is in a volume is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept<'a> {
    /// In a claim of this name: one of the workload's own, or another app's.
    Claim(String),
    /// In a folder of the host.
    Folder(&'a UnixPath),
    /// With the pod; at most so much.
    Pod(Option<Size>),
    /// With the pod, in memory; at most so much.
    Memory(Option<Size>),
    /// On a server, in a folder there.
    Nfs(&'a str, &'a UnixPath),
    /// In an object of this name.
    Object(Holder, &'a str),
    /// Wherever that of the pod with this name is kept.
    InPod(&'a str),
}

impl Volume {
    /// Where what is in it is kept, if it is called `name` in the app or job `workload`.
    pub fn kept(&self, workload: &str, name: &str) -> Kept<'_> {
        match &self.source {
            VolumeSource::Claim { name: Some(name), .. } => Kept::Claim(name.clone()),
            VolumeSource::Claim { .. } => Kept::Claim(claim_name(workload, name)),
            VolumeSource::Nfs { server, path } => Kept::Nfs(server, path),
            VolumeSource::Files(holder, name) => Kept::Object(*holder, name),
            VolumeSource::Memory(size) => Kept::Memory(*size),
            VolumeSource::Shared(claim) => Kept::Claim(claim.clone()),
            VolumeSource::HostPath(path) => Kept::Folder(path),
            VolumeSource::InPod(name) => Kept::InPod(name),
            VolumeSource::Temporary(size) => Kept::Pod(*size),
        }
    }
}
