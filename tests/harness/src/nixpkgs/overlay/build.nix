# A derivation that needs no package: only what the machine has that builds it.
{
  name,
  script,
  text ? "",
  system ? "x86_64-linux",
}:
derivation {
  inherit
    name
    script
    system
    text
    ;
  builder = "/bin/sh";
  args = [
    "-euc"
    ". \"$scriptPath\""
  ];
  PATH = "/run/current-system/sw/bin:/usr/bin:/bin";
  passAsFile = [
    "script"
    "text"
  ];
  preferLocalBuild = true;
  allowSubstitutes = false;
}
