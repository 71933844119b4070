# Made by hlc from homelab.hl: lab home. Edit that file, not this one.
#
# Switch a host to it with: nixos-rebuild switch --flake .#HOST
{
  description = "The hosts of home";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    sops-nix = {
      url = "github:Mic92/sops-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    disko = {
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    inputs@{
      nixpkgs,
      sops-nix,
      disko,
      ...
    }:
    let
      host =
        name:
        nixpkgs.lib.nixosSystem {
          specialArgs = { inherit inputs; };
          modules = [
            sops-nix.nixosModules.sops
            disko.nixosModules.disko
            ./hosts/${name}
          ];
        };
    in
    {
      nixosConfigurations = {
        homelab-0 = host "homelab-0";
        homelab-1 = host "homelab-1";
      };
    };
}
