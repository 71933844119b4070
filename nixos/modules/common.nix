# Made by hlc from homelab.hl: lab home. Edit that file, not this one.
#
# What all hosts have in common. A nixos block or local.nix overrides what is a default here.
{ lib, ... }:
{
  time.timeZone = lib.mkDefault "Europe/Lisbon";
  i18n.defaultLocale = lib.mkDefault "en_US.UTF-8";

  nix = {
    settings = {
      experimental-features = [
        "nix-command"
        "flakes"
      ];
      # Who may become root may also send what was built elsewhere.
      trusted-users = [
        "root"
        "@wheel"
      ];
    };
    gc = {
      automatic = lib.mkDefault true;
      dates = lib.mkDefault "weekly";
      options = lib.mkDefault "--delete-older-than 30d";
    };
    optimise.automatic = lib.mkDefault true;
  };

  # Keys only, and nobody as root.
  services.openssh = {
    enable = lib.mkDefault true;
    settings = {
      PasswordAuthentication = lib.mkDefault false;
      KbdInteractiveAuthentication = lib.mkDefault false;
      PermitRootLogin = lib.mkDefault "no";
    };
  };
}
