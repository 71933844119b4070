//! Who does not want `hlc` any longer goes on with what is built: with its records and its sources gone, Nix and sops make
//! the same of it. That helmfile does is seen in `cluster`, where it has deployed the lab before.

use harness::nix::NixosCheck;

use crate::lab::{Written, hosts, outputs};
use crate::values::Values;
use crate::whole::decrypted;

#[test]
fn hosts_come_to_the_same() {
    let Some(nixos) = NixosCheck::find() else { return };
    let written = Written::committed();
    let all = || {
        let hosts = hosts(&outputs().nixos).into_iter();
        let evaluated = hosts.map(|host| nixos.host(&written.nixos(), host, &[]));
        evaluated.collect::<Result<Vec<_>, _>>().unwrap_or_else(|message| panic!("{message}"))
    };
    let before = all();
    written.leave();
    assert_eq!(before, all());
}

#[test]
fn secrets_are_read_with_sops_alone() {
    let written = Written::committed();
    let values = Values::of(&written);
    written.leave();
    for file in &outputs().secrets {
        assert_eq!(decrypted(file, &written), values.tree(&file.tree), "{}", file.path);
    }
}
