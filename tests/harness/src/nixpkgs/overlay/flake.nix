# Stands in for the flake nixpkgs: real `lib`, declared options, packages that are made of nothing.
{
  outputs =
    _:
    let
      root = toString ./.;
      lib = (import ./nixpkgs/lib).extend (
        final: _: {
          nixosSystem = import ./nixos-system.nix {
            lib = final;
            inherit root;
          };
        }
      );
    in
    {
      inherit lib;
      nixosModules.notDetected = root + "/nixpkgs/nixos/modules/installer/scan/not-detected.nix";
    };
}
