# Made by hlc from homelab.hl: cluster k3s. Edit that file, not this one.
#
# What all nodes of the cluster have in common.
{ config, lib, ... }:
{
  services.k3s = {
    enable = true;
    tokenFile = config.sops.secrets.k3s-token.path;
    gracefulNodeShutdown.enable = lib.mkDefault true;
  };
  sops.secrets.k3s-token.restartUnits = [ "k3s.service" ];

  # Traffic of pods is forwarded, and seen by the rules that make services.
  boot.kernelModules = [
    "br_netfilter"
    "overlay"
  ];
  boot.kernel.sysctl = {
    "net.bridge.bridge-nf-call-iptables" = 1;
    "net.ipv4.conf.all.forwarding" = 1;
  };

  # Routes to pods of other hosts are not networkd's to remove.
  systemd.network.config.networkConfig = {
    ManageForeignRoutes = lib.mkDefault false;
    ManageForeignRoutingPolicyRules = lib.mkDefault false;
  };

  # Pods reach their host.
  networking.firewall.trustedInterfaces = [
    "cni0"
    "flannel.1"
  ];
}
