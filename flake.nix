{
  description = "The compiler for homelabs: one typed file becomes NixOS modules, Kubernetes manifests and secrets";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      manifest = builtins.fromTOML (builtins.readFile ./Cargo.toml);
      systems = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-darwin"
        "x86_64-linux"
      ];
      eachSystem =
        of:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = of nixpkgs.legacyPackages.${system};
          }) systems
        );
      hlc =
        pkgs:
        pkgs.rustPlatform.buildRustPackage {
          pname = "hlc";
          inherit (manifest.workspace.package) version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          cargoBuildFlags = [
            "--package"
            "hlc"
          ];
          # The tests run real clusters and want a network: `tests/run` is for that.
          doCheck = false;
          nativeBuildInputs = [ pkgs.installShellFiles ];
          postInstall = ''
            installShellCompletion --cmd hlc \
              --bash <($out/bin/hlc completions bash) \
              --fish <($out/bin/hlc completions fish) \
              --zsh <($out/bin/hlc completions zsh)
            $out/bin/hlc man > hlc.1
            installManPage hlc.1
          '';
          meta = {
            description = "The compiler for homelabs";
            license = pkgs.lib.licenses.asl20;
            mainProgram = "hlc";
          };
        };
    in
    {
      packages = eachSystem (pkgs: rec {
        default = package;
        package = hlc pkgs;
      });
      apps = eachSystem (pkgs: {
        default = {
          type = "app";
          program = "${hlc pkgs}/bin/hlc";
        };
      });
      devShells = eachSystem (
        pkgs:
        let
          # helmfile calls both plugins, and has to know where they are.
          helm = pkgs.wrapHelm pkgs.kubernetes-helm {
            plugins = [
              pkgs.kubernetes-helmPlugins.helm-diff
              pkgs.kubernetes-helmPlugins.helm-secrets
            ];
          };
        in
        {
          default = pkgs.mkShell {
            packages = [
              pkgs.age
              (pkgs.helmfile-wrapped.override { inherit (helm) pluginsDir; })
              helm
              pkgs.kubectl
              pkgs.kustomize
              pkgs.sops
              (hlc pkgs)
            ];
          };
        }
      );
    };
}
