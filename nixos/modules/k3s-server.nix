# Made by hlc from homelab.hl: cluster k3s. Edit that file, not this one.
#
# What all servers of the cluster have in common: k3s refuses servers that differ in these.
{
  imports = [ ./k3s.nix ];

  services.k3s = {
    disable = [
      "traefik"
      "servicelb"
    ];
    extraFlags = [
      "--cluster-cidr=10.42.0.0/16"
      "--service-cidr=10.43.0.0/16"
      "--cluster-dns=10.43.0.10"
      "--flannel-backend=vxlan"
      "--tls-san=192.168.1.20"
      "--tls-san=192.168.1.10"
      "--tls-san=homelab-0"
      "--tls-san=homelab-0.home.example.net"
      "--tls-san=k3s.home.example.net"
    ];
  };
}
