# Made by hlc from homelab.hl: user ana. Edit that file, not this one.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  users.users.ana = {
    isNormalUser = true;
    description = "Ana";
    extraGroups = [ "wheel" ];
    shell = pkgs.fish;
    hashedPasswordFile = config.sops.secrets.ana-password.path;
    openssh.authorizedKeys.keys = [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop"
    ];
  };

  programs.fish.enable = true;

  # Decrypted before accounts are made. The password is what the secret says, also after it changed.
  sops.secrets.ana-password.neededForUsers = true;
  users.mutableUsers = lib.mkDefault false;
}
