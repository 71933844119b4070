//! Storage of a container, and files made of text.

use domain::{Size, UnixPath};
use source::Place;

use crate::{At, Holder, Raw, SecretText};

/// Storage of a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Volume {
    /// Where it is mounted.
    pub at: UnixPath,
    /// A folder inside of it, instead of all of it.
    pub sub_path: Option<String>,
    /// Whether it cannot be written to.
    pub read_only: bool,
    /// What it is.
    pub source: VolumeSource,
    /// Whether each pod has one of its own.
    pub each: bool,
    /// Fields of its claim, over what is made, where that is its own.
    pub claim: Raw,
    /// Where it is declared.
    pub place: Place,
}

/// What a volume is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VolumeSource {
    /// A claim of the app's own, kept when the app goes.
    Claim {
        /// How large.
        size: Size,
        /// The storage class; the cluster's default one when not given.
        class: Option<String>,
        /// Who may mount it.
        access: Access,
        /// Its name, if not after the workload and the volume.
        name: Option<String>,
    },
    /// A claim that another app of the same namespace declares, or something else made; its name.
    Shared(String),
    /// A volume of the same pod, by its name there.
    InPod(String),
    /// A folder that an NFS server shares.
    Nfs {
        /// The server: a name or an address.
        server: String,
        /// The folder there.
        path: UnixPath,
    },
    /// The files of an object that something else made, by its name.
    Files(Holder, String),
    /// A folder in memory that lives as long as the pod; at most this large.
    Memory(Option<Size>),
    /// A folder of the host.
    HostPath(UnixPath),
    /// A folder that lives as long as the pod; at most this large.
    Temporary(Option<Size>),
}

/// Who may mount a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Pods of one host.
    OneHost,
    /// Pods of all hosts.
    ManyHosts,
}

/// A file made of text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct File {
    /// What is in it.
    pub content: At<FileContent>,
    /// The file's mode.
    pub mode: Option<String>,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FileContent {
    /// A text: becomes a `ConfigMap`.
    Plain(String),
    /// A secret, or a text with secrets in it: becomes a Secret.
    Secret(SecretText),
}
