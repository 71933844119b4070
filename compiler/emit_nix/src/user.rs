//! `modules/users/<user>.nix`: an account, the same on all hosts that have it.

use emit::Files;
use model::{SecretFile, User};

use crate::nix::{AttrPath, Expr, Module, Set, call, list, path, raw, text, texts};

/// Shells whose NixOS module sets up what a login needs.
const SHELLS_WITH_MODULE: [&str; 3] = ["fish", "xonsh", "zsh"];

/// The account of `user`.
pub fn emit_user(user: &User, source: &str) -> Files {
    let what = format!("user {}", user.name);
    let body = account(user).group(shell(user)).group(password(user)).group(sudo(user));
    let account = AttrPath::from("config.users.users").key(&user.name);
    let is_asked = is_wheel_without_password(user).then(|| ("account", raw(account.to_string())));
    let module = Module { source, what: &what, about: "", bindings: is_asked.into_iter().collect(), body };
    Files::from([(format!("modules/users/{}.nix", user.name), module.print())])
}

/// Where the file of a secret is, on the running host.
pub(crate) fn secret_path(secret: &SecretFile) -> Expr {
    raw(format!("config.{}", AttrPath::from("sops.secrets").key(&secret.name).key("path")))
}

/// Options that give a user a password, in a `nixos` block or `local.nix`.
const PASSWORDS: [&str; 5] =
    ["hashedPassword", "hashedPasswordFile", "initialHashedPassword", "initialPassword", "password"];

/// Whether sudo asks the user for a password, and the lab gives them none.
fn is_wheel_without_password(user: &User) -> bool {
    user.password.is_none() && user.groups.iter().any(|group| group == "wheel")
}

fn account(user: &User) -> Set {
    let keys: Vec<&String> = user.ssh_keys.iter().map(|key| &key.value).collect();
    let is_root = user.name == "root";
    let account = Set::new()
        .bind_some("isNormalUser", (!is_root).then_some(Expr::Bool(true)))
        .bind_some("description", user.description.as_ref().map(text))
        .bind_some("uid", user.uid.filter(|_| !is_root).map(Expr::Int))
        .bind_some("extraGroups", (!user.groups.is_empty()).then(|| texts(sorted(&user.groups))))
        .bind_some("shell", user.shell.as_deref().map(shell_package))
        .bind_some("hashedPasswordFile", user.password.as_ref().map(secret_path))
        .bind_some("openssh.authorizedKeys.keys", (!keys.is_empty()).then(|| texts(keys)));
    Set::new().bind(path("users.users").key(&user.name), account)
}

fn sorted(groups: &[String]) -> Vec<&String> {
    let mut groups: Vec<&String> = groups.iter().collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

fn shell_package(shell: &str) -> Expr {
    // The package `bash` is built without what an interactive shell needs.
    let package = if shell == "bash" { "bashInteractive" } else { shell };
    raw(format!("pkgs.{}", AttrPath::from(package)))
}

fn shell(user: &User) -> Set {
    match user.shell.as_deref() {
        Some(shell) if SHELLS_WITH_MODULE.contains(&shell) => {
            Set::new().bind(path("programs").key(shell).key("enable"), true)
        }
        _ => Set::new(),
    }
}

fn password(user: &User) -> Set {
    let Some(secret) = &user.password else { return Set::new() };
    Set::new()
        .comment("Decrypted before accounts are made. The password is what the secret says, also after it changed.")
        .bind(path("sops.secrets").key(&secret.name).key("neededForUsers"), true)
        .bind("users.mutableUsers", Expr::from(false).or_default())
}

fn sudo(user: &User) -> Set {
    if !is_wheel_without_password(user) {
        return Set::new();
    }
    let command = Set::new().bind("command", text("ALL")).bind("options", texts(["NOPASSWD"]));
    let rule = Set::new().bind("users", texts([&user.name])).bind("commands", list([command.into()]));
    let passwords = PASSWORDS.map(|name| raw(format!("account.{name}")));
    let has_none = call("lib.all", [raw("password: password == null"), list(passwords)]);
    Set::new()
        .comment("Unless somebody gives them a password elsewhere, there is none that sudo could ask for.")
        .bind("security.sudo.extraRules", call("lib.mkIf", [has_none, list([rule.into()])]))
}
