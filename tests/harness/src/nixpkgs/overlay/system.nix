# `config.system.build.toplevel`: what hlc and a machine's boot loader know of a NixOS system.
#
# A test says how it behaves by files in `environment.etc`, see switch-to-configuration.
{
  config,
  lib,
  options,
  pkgs,
  source,
}:
let
  build = import ./build.nix;
  report = import ./report.nix {
    inherit lib;
    # Modules of other flakes, and what stands in for NixOS, are files of the store; a line of a lab is none.
    isUserFile =
      file: lib.hasPrefix source (toString file) || !lib.hasPrefix "/" (toString file) && file != "<nixos-check>";
  };
  # { "services.k3s.role" = "server"; … }
  defined = lib.filterAttrs (name: _: !lib.hasPrefix "system.build" name) (report { inherit config options; }).userDefined;

  texts = lib.mapAttrs (_: entry: entry.text) (
    lib.filterAttrs (_: entry: entry.enable && entry.text != null) config.environment.etc
  );
  # Every service that the configuration says anything of, unless it says that it is off.
  services = lib.groupBy (name: lib.elemAt (path name) 1) (
    lib.filter (name: lib.hasPrefix "services." name || lib.hasPrefix "systemd.services." name) (lib.attrNames defined)
  );
  path = name: lib.splitString "." (lib.removePrefix "systemd." name);
  isOn = service: defined."services.${service}.enable" or true;
  unitOf = service: (if service == "openssh" then "sshd" else service) + ".service";
  unit = service: names: ''
    [Unit]
    Description=${service}
    [Service]
    ExecStart=${pkgs.standInFor service}/bin/${service}
    ${lib.concatMapStringsSep "\n" (name: "# ${name} = ${builtins.toJSON defined.${name}}") names}
  '';
  units = lib.mapAttrs' (service: names: lib.nameValuePair "systemd/system/${unitOf service}" (unit service names)) (
    lib.filterAttrs (service: _: isOn service) services
  );

  etc = {
    hostname = config.networking.hostName + "\n";
  }
  // units
  // texts;

  kernel = build {
    name = "linux-${texts."test/kernel" or "6.12.1"}";
    script = ''mkdir -p "$out/lib/modules"; echo kernel >"$out/bzImage"'';
  };
  initrd = build {
    name = "initrd-linux-${texts."test/kernel" or "6.12.1"}";
    script = ''mkdir "$out"; cat "$textPath" >"$out/initrd"'';
    text = toString config.boot.kernelModules;
  };
  path' = build {
    name = "system-path";
    script = ''
      mkdir -p "$out/bin"
      for package in $(cat "$textPath"); do ln -sf "$package"/bin/* "$out/bin/"; done
    '';
    text = toString config.environment.systemPackages;
  };

  writeEtc = name: text: ''
    mkdir -p "$(dirname "$out"/etc/${lib.escapeShellArg name})"
    printf '%s' ${lib.escapeShellArg text} >"$out"/etc/${lib.escapeShellArg name}
  '';

  failed = map (assertion: assertion.message) (lib.filter (assertion: !assertion.assertion) config.assertions);

  toplevel = build {
    name = "nixos-system-${config.networking.hostName}-25.11";
    text = builtins.toJSON defined;
    script = ''
      mkdir -p "$out/bin" "$out/etc"
      cat "$textPath" >"$out/config.json"
      printf 25.11 >"$out/nixos-version"
      printf x86_64-linux >"$out/system"
      printf '%s' ${lib.escapeShellArg (toString config.boot.kernelParams)} >"$out/kernel-params"
      ln -s ${kernel}/bzImage "$out/kernel"
      ln -s ${kernel} "$out/kernel-modules"
      ln -s ${initrd}/initrd "$out/initrd"
      ln -s ${path'} "$out/sw"
      ${lib.concatStrings (lib.mapAttrsToList writeEtc etc)}
      sed "s|@out@|$out|" ${./switch-to-configuration} >"$out/bin/switch-to-configuration"
      chmod +x "$out/bin/switch-to-configuration"
    '';
  };
in
if failed == [ ] then
  lib.foldl' (system: warning: lib.warn warning system) toplevel config.warnings
else
  throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (message: "- ${message}") failed}"
