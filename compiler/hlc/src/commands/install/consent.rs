//! Whether somebody wants disks to be erased: exactly these.

use std::fmt::Write;

use plan::hosts::install::{Device, Machine, is_same};

use crate::args::Install;
use crate::exit::Failure;
use crate::terminal::Terminal;

/// What is erased, for people.
pub(super) fn described(devices: &[String], machine: &Machine) -> String {
    let mut text = String::new();
    for name in devices {
        let device = machine.devices.get(name);
        let about = device.map(Device::about).unwrap_or_default();
        let _ = writeln!(text, "  {name}: {about}");
        for line in device.map(Device::contents).unwrap_or_default() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// Whether these disks may be erased: their names were given, or the host's name is typed now.
pub(super) fn is_given(
    args: &Install,
    devices: &[String],
    machine: &Machine,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    let host = &args.host;
    let what = described(devices, machine);
    let again = match &machine.made {
        Some(_) => "  they were made by an earlier installation, of another host or for other disks\n",
        None if machine.is_mounted => "  something is mounted at /mnt there, which is unmounted\n",
        None => "",
    };
    terminal.note(&format!("everything on these disks is lost:\n{what}{again}"));
    if is_same(&args.erase, devices) {
        return Ok(true);
    }
    if !args.erase.is_empty() {
        let all: Vec<String> = devices.iter().map(|device| format!("--erase {device}")).collect();
        return Err(Failure::cannot(format!(
            "{host}: nothing was erased: --erase must name each of the host's disks and no other: {}",
            all.join(" ")
        )));
    }
    match terminal.typed(&format!("type the name of the host to erase them, '{host}':"))? {
        Some(typed) => Ok(typed == *host),
        None => Err(Failure::cannot(format!(
            "{host}: nothing was erased: nobody is there to type the host's name; --erase DEVICE for each of them \
             stands in for that"
        ))),
    }
}
