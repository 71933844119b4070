# Made by hlc from homelab.hl: host homelab-1. Edit that file, not this one.
#
# The host's nixos blocks, from the template's to its own. Each option is a module of its own
# that names its line: `_file` is what Nix's messages call it.
{ lib, ... }:
let
  lines = import ../../lines.nix;
in
{
  imports = [
    {
      _file = lines."template node: boot.kernel.sysctl.\"fs.inotify.max_user_watches\"";
      boot.kernel.sysctl."fs.inotify.max_user_watches" = 524288;
    }
    {
      _file = lines."template node: nix.gc.automatic";
      nix.gc.automatic = true;
    }
    {
      _file = lines."template node: nix.gc.dates";
      nix.gc.dates = "weekly";
    }
    {
      _file = lines."template node: nix.gc.options";
      nix.gc.options = "--delete-older-than 30d";
    }
    {
      _file = lines."template node: services.openssh.settings.PasswordAuthentication";
      services.openssh.settings.PasswordAuthentication = false;
    }
    {
      _file = lines."template node: services.prometheus.exporters.node.enable";
      services.prometheus.exporters.node.enable = true;
    }
    {
      _file = lines."template node: services.prometheus.exporters.node.port";
      services.prometheus.exporters.node.port = 9100;
    }
    {
      _file = lines."host homelab-1: services.restic.backups.volumes.environmentFile";
      services.restic.backups.volumes.environmentFile = "/run/secrets/backup-storage";
    }
    {
      _file = lines."host homelab-1: services.restic.backups.volumes.initialize";
      services.restic.backups.volumes.initialize = true;
    }
    {
      _file = lines."host homelab-1: services.restic.backups.volumes.passwordFile";
      services.restic.backups.volumes.passwordFile = "/run/secrets/backup-password";
    }
    {
      _file = lines."host homelab-1: services.restic.backups.volumes.paths";
      services.restic.backups.volumes.paths = [ "/var/lib/rancher/k3s/storage" ];
    }
    {
      _file = lines."host homelab-1: services.restic.backups.volumes.pruneOpts";
      services.restic.backups.volumes.pruneOpts = [
        "--keep-daily 7"
        "--keep-weekly 8"
      ];
    }
    {
      _file = lines."host homelab-1: services.restic.backups.volumes.repository";
      services.restic.backups.volumes.repository = "s3:https://s3.example.net/homelab";
    }
  ];
}
