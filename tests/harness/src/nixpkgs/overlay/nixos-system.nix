# lib.nixosSystem: real lib.evalModules over declared options, and a system that can be built.
{ lib, root }:
{
  modules,
  specialArgs ? { },
  system ? null,
  ...
}:
let
  # The flake that asks. What its files name as a package is one.
  source = toString (
    specialArgs.inputs.self.outPath
      or (throw "the stand-in for nixpkgs needs `specialArgs = { inherit inputs; }`")
  );

  evaluated = lib.evalModules {
    class = "nixos";
    specialArgs = {
      modulesPath = root + "/nixpkgs/nixos/modules";
    }
    // specialArgs;
    modules = [
      (import ./base.nix { inherit lib root source; })
      {
        _file = "<nixos-check>";
        nixpkgs = lib.optionalAttrs (system != null) { system = lib.mkDefault system; };
        # That of disko is made of programs of nixpkgs.
        system.build.diskoScript = lib.mkForce (
          import ./disko-script.nix {
            inherit lib;
            inherit (evaluated) config;
          }
        );
        system.build.toplevel = import ./system.nix {
          inherit lib source;
          inherit (evaluated) config options;
          inherit (evaluated._module.args) pkgs;
        };
      }
    ]
    ++ modules;
  };
in
evaluated
// {
  inherit lib;
  inherit (evaluated._module.args) pkgs;
}
