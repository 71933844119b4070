//! What a host needs so that pods can mount volumes of the lab's storage.

use model::providers::Support;

use crate::host::HostInput;
use crate::nix::{Expr, Set, text, texts};

/// The options, each of which gives way to what the host says itself.
pub(crate) fn options(input: &HostInput<'_>) -> Set {
    if input.support.is_empty() {
        return Set::new();
    }
    let about = Set::new().comment("For volumes that pods of this host mount.");
    input.support.iter().fold(about, |set, support| match support {
        Support::Iscsi => set
            .bind("services.openiscsi.enable", Expr::from(true).or_default())
            .bind("services.openiscsi.name", text(initiator(input)).or_default()),
        Support::Nfs => set.bind("boot.supportedFilesystems", texts(["nfs"])),
        // Longhorn enters the host and looks for `iscsiadm` where other systems have it.
        Support::UsualPrograms => set
            .bind("systemd.tmpfiles.rules", texts(["L+ /usr/local/bin - - - - /run/current-system/sw/bin/"])),
    })
}

/// The name of the host among those who speak iSCSI. No two may have one.
fn initiator(input: &HostInput<'_>) -> String {
    let domain = input.lab.domain.value.to_string();
    let reversed: Vec<&str> = domain.rsplit('.').collect();
    format!("iqn.2026-01.{}:{}", reversed.join("."), input.host.name)
}
