//! `modules/common.nix`: what all hosts have in common.

use model::Lab;

use crate::nix::{Expr, Module, Set, text, texts};

/// The module's text.
pub(crate) fn module(lab: &Lab, source: &str) -> String {
    let what = format!("lab {}", lab.name);
    let about = "What all hosts have in common. A nixos block or local.nix overrides what is a default here.";
    let body = place(lab).group(nix()).group(ssh());
    Module { source, what: &what, about, bindings: vec![], body }.print()
}

fn place(lab: &Lab) -> Set {
    Set::new()
        .bind("time.timeZone", text(&lab.timezone.value).or_default())
        .bind("i18n.defaultLocale", text(&lab.locale).or_default())
}

fn nix() -> Set {
    let settings = Set::new()
        .bind("experimental-features", texts(["nix-command", "flakes"]))
        .comment("Who may become root may also send what was built elsewhere.")
        .bind("trusted-users", texts(["root", "@wheel"]));
    let gc = Set::new()
        .bind("automatic", Expr::from(true).or_default())
        .bind("dates", text("weekly").or_default())
        .bind("options", text("--delete-older-than 30d").or_default());
    let optimise = Set::new().bind("automatic", Expr::from(true).or_default());
    Set::new().bind("nix", Set::new().bind("settings", settings).bind("gc", gc).bind("optimise", optimise))
}

fn ssh() -> Set {
    let settings = Set::new()
        .bind("PasswordAuthentication", Expr::from(false).or_default())
        .bind("KbdInteractiveAuthentication", Expr::from(false).or_default())
        .bind("PermitRootLogin", text("no").or_default());
    let openssh = Set::new().bind("enable", Expr::from(true).or_default()).bind("settings", settings);
    Set::new().comment("Keys only, and nobody as root.").bind("services.openssh", openssh)
}
