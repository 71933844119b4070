# Made by hlc from homelab.hl: nixos blocks. Edit that file, not this one.
#
# Where the options of nixos blocks stand, so that Nix's messages can say it.
{
  "host homelab-1: services.restic.backups.volumes.environmentFile" = "homelab.hl:101";
  "host homelab-1: services.restic.backups.volumes.initialize" = "homelab.hl:103";
  "host homelab-1: services.restic.backups.volumes.passwordFile" = "homelab.hl:100";
  "host homelab-1: services.restic.backups.volumes.paths" = "homelab.hl:99";
  "host homelab-1: services.restic.backups.volumes.pruneOpts" = "homelab.hl:102";
  "host homelab-1: services.restic.backups.volumes.repository" = "homelab.hl:98";
  "template node: boot.kernel.sysctl.\"fs.inotify.max_user_watches\"" = "homelab.hl:67";
  "template node: nix.gc.automatic" = "homelab.hl:68";
  "template node: nix.gc.dates" = "homelab.hl:68";
  "template node: nix.gc.options" = "homelab.hl:68";
  "template node: services.openssh.settings.PasswordAuthentication" = "homelab.hl:65";
  "template node: services.prometheus.exporters.node.enable" = "homelab.hl:66";
  "template node: services.prometheus.exporters.node.port" = "homelab.hl:66";
}
