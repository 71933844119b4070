# `config.system.build.diskoScript`: erases, formats and mounts what a machine of the tests has instead of disks, which is
# one folder. See ../../machines/installer.rs.
{ config, lib }:
let
  devices = map (disk: disk.device) (lib.attrValues config.disko.devices.disk);
in
import ./build.nix {
  name = "disko";
  script = ''cat "$textPath" >"$out"; chmod +x "$out"'';
  text = ''
    #!/bin/sh
    set -eu
    for device in ${lib.escapeShellArgs devices}; do
        [ -e "/machine/devices/''${device##*/}" ] || { echo "no such device: $device" >&2; exit 1; }
    done
    umount -R /mnt 2>/dev/null || :
    for device in ${lib.escapeShellArgs devices}; do echo "$device" >>/var/log/erased; done
    [ ! -e /machine/disko-fails ] || { echo "the disk does not answer" >&2; exit 1; }
    rm -rf /machine/target
    mkdir /machine/target
    mount --bind /machine/target /mnt
  '';
}
