# The words of a flake's files that may name packages, and which may be a member of which: `members` come from
# `pkgs.a.b`, `scoped` from `with pkgs.a; [ b ]`, where b may be any word.
lib: source:
let
  # Those of the modules of sops-nix and disko.
  known = builtins.fromJSON (builtins.readFile ./names.json);

  files =
    folder:
    lib.concatLists (
      lib.mapAttrsToList (
        name: type:
        if type == "directory" then
          files "${folder}/${name}"
        else
          lib.optional (lib.hasSuffix ".nix" name) "${folder}/${name}"
      ) (builtins.readDir folder)
    );

  matches = regex: text: map lib.head (lib.filter lib.isList (builtins.split regex text));
  identifier = "[A-Za-z_][A-Za-z0-9_'-]*";
  chain = "${identifier}(\\.${identifier})*";
  text = lib.concatMapStringsSep "\n" builtins.readFile (files source);
  chains = map (lib.splitString ".") (matches "(${chain})" text);
  words = lib.unique (lib.concatLists chains);

  pairs = lib.concatMap (steps: lib.zipListsWith (outer: inner: { inherit outer inner; }) steps (lib.tail steps)) chains;
  scopes = matches "with[ \n]+(${chain})[ \n]*;" text;
  merge = lib.zipAttrsWith (_: lib.concatLists);
in
{
  words = lib.unique (known.words ++ words);
  members = merge [
    known.members
    (lib.mapAttrs (_: map (pair: pair.inner)) (lib.groupBy (pair: pair.outer) pairs))
  ];
  scoped = merge [
    known.scoped
    (lib.genAttrs (map (scope: lib.last (lib.splitString "." scope)) scopes) (_: words))
  ];
}
