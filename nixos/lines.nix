# Made by hlc from homelab.hl: nixos blocks. Edit that file, not this one.
#
# Where the options of nixos blocks stand, so that Nix's messages can say it.
{
  "host homelab-1: services.restic.backups.volumes.environmentFile" = "homelab.hl:100";
  "host homelab-1: services.restic.backups.volumes.initialize" = "homelab.hl:102";
  "host homelab-1: services.restic.backups.volumes.passwordFile" = "homelab.hl:99";
  "host homelab-1: services.restic.backups.volumes.paths" = "homelab.hl:98";
  "host homelab-1: services.restic.backups.volumes.pruneOpts" = "homelab.hl:101";
  "host homelab-1: services.restic.backups.volumes.repository" = "homelab.hl:97";
  "template node: boot.kernel.sysctl.\"fs.inotify.max_user_watches\"" = "homelab.hl:66";
  "template node: nix.gc.automatic" = "homelab.hl:67";
  "template node: nix.gc.dates" = "homelab.hl:67";
  "template node: nix.gc.options" = "homelab.hl:67";
  "template node: services.openssh.settings.PasswordAuthentication" = "homelab.hl:64";
  "template node: services.prometheus.exporters.node.enable" = "homelab.hl:65";
  "template node: services.prometheus.exporters.node.port" = "homelab.hl:65";
}
