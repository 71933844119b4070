let
  domain = "home.lan";
  registry = "ghcr.io";
in
{
<each app>
  app<n> = {
    name = "app<n>";
    image = "${registry}/org/app<n>:1.<n>";
    replicas = <replicas>;
    port = <port>;
    host = "app<n>.${domain}";
    env = { A = "1"; B = "x<n>"; };
  };
<end>
}
