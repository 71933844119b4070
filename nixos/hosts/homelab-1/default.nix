# Made by hlc from homelab.hl: host homelab-1. Edit that file, not this one.
#
# hardware-configuration.nix (from `nixos-generate-config --no-filesystems`) and local.nix are
# yours, and used where they exist. A flake sees only files that git knows: `git add` them.
{ lib, pkgs, ... }:
{
  imports = [
    ../../modules/common.nix
    ../../modules/k3s.nix
    ../../modules/users/ana.nix
    ../../modules/users/rui.nix
    ./disks.nix
    ./nixos.nix
  ]
  ++ lib.filter builtins.pathExists [
    ./hardware-configuration.nix
    ./local.nix
  ];

  networking = {
    hostName = "homelab-1";
    domain = "home.example.net";
  };

  networking.useDHCP = false;
  services.resolved.enable = lib.mkDefault true;
  systemd.network = {
    enable = true;
    networks."10-lan" = {
      matchConfig.Name = "enp3s0";
      address = [ "192.168.1.11/24" ];
      gateway = [ "192.168.1.1" ];
      dns = lib.mkDefault [
        "192.168.1.201"
        "9.9.9.9"
      ];
      linkConfig.RequiredForOnline = "routable";
    };
  };

  networking.firewall = {
    interfaces.enp3s0 = {
      allowedTCPPorts = [
        10250 # kubelet
      ];
      allowedUDPPorts = [
        8472 # flannel, VXLAN
      ];
    };
    allowedTCPPorts = [ 9100 ];
  };

  nixpkgs.hostPlatform = "x86_64-linux";

  boot.loader = {
    systemd-boot.enable = lib.mkDefault true;
    systemd-boot.configurationLimit = lib.mkDefault 20;
    efi.canTouchEfiVariables = lib.mkDefault true;
  };

  services.k3s = {
    role = "agent";
    # The first server, homelab-0: the API's virtual address is there only after it.
    serverAddr = "https://192.168.1.10:6443";
    nodeIP = "192.168.1.11";
    extraFlags = [ "--flannel-iface=enp3s0" ];
  };

  # Not before the disks are there that it keeps data on.
  systemd.services.k3s.unitConfig.RequiresMountsFor = [ "/var/lib/rancher/k3s/storage" ];

  environment.systemPackages = with pkgs; [
    git
    htop
    neovim
    usbutils
  ];

  # Decrypted with the host's SSH key.
  sops = {
    defaultSopsFile = ../../secrets/homelab-1.yaml;
    age.sshKeyPaths = [ "/etc/ssh/ssh_host_ed25519_key" ];
    secrets.backup-password = {
      group = "wheel";
      mode = "0440";
    };
    secrets.backup-storage = {
      group = "wheel";
      mode = "0440";
    };
  };

  # hlc logs in as ana, and becomes root without a password.
  security.sudo.extraRules = [
    {
      users = [ "ana" ];
      commands = [
        {
          command = "ALL";
          options = [ "NOPASSWD" ];
        }
      ];
    }
  ];

  # The release that the host was installed with. It stays when nixpkgs moves on.
  system.stateVersion = "25.11";
}
