# A stand-in for one package, which can be built: a program of its name that does nothing, and what it was made from.
# `members` are its nested packages.
{ lib }:
let
  build = import ./build.nix;

  package =
    {
      name,
      inputs ? null,
      members ? { },
    }:
    let
      drv = build {
        # What is written has the name that it was given; packages have a version.
        name = lib.strings.sanitizeDerivationName (if inputs == null then "${name}-1.0" else name);
        script = ''
          mkdir -p "$out/bin"
          printf '#!/bin/sh\n' >"$out/bin/${baseNameOf name}"
          chmod +x "$out/bin/${baseNameOf name}"
          cat "$textPath" >"$out/made-from"
        '';
        text = lib.concatStringsSep "\n" (if inputs == null then [ name ] else inputs);
      };
      same = _: self;
      self =
        members
        // drv
        // lib.genAttrs [ "out" "bin" "dev" "lib" "man" "doc" ] same
        // {
          inherit name;
          pname = name;
          version = "1.0";
          outputs = [ "out" ];
          meta.mainProgram = name;
          passthru = { };
          shellPath = "/bin/${name}";

          override = same;
          overrideAttrs = same;
          overrideDerivation = same;
          overridePythonAttrs = same;
          withPackages = same;
          withPlugins = same;
        };
    in
    self;

  # A package that may also be applied to any number of arguments, for the functions of nixpkgs whose result is a
  # package. It takes its name from them.
  callable =
    args:
    package args
    // {
      __functor =
        self: argument:
        let
          given = if lib.isFunction argument then { } else argument;
          name = given.pname or given.name or null;
        in
        if name == null then self else callable (args // { inherit name; });
    };
in
{
  inherit package callable;
}
