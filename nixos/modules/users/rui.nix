# Made by hlc from homelab.hl: user rui. Edit that file, not this one.
{
  users.users.rui = {
    isNormalUser = true;
    description = "Rui";
    openssh.authorizedKeys.keys = [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAgOmgzfXmhIpUp0dztM9EnQGunspUoirLR0B1IxKsZE rui@desktop"
    ];
  };
}
