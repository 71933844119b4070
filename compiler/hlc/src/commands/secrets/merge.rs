//! `hlc secrets merge BASE OURS THEIRS`: the merge driver for Git. All in memory; what is written is encrypted.
//!
//! Git merges the lab at the same time, which may be wrong until somebody has mended it. Then what is merged is for those
//! whom it was for on both sides, and nothing is merged that was not written by one who is known: a recipient that the lab
//! still names, or whoever runs this.

use std::collections::BTreeSet;
use std::path::Path;

use domain::RecipientKey;
use secrets::{Merged, Source};
use sops::keys::Recipient;
use sops::{Document, Format, Outcome};

use super::{failed, problems};
use crate::args::Write;
use crate::exit::{Exit, Failure};
use crate::load::{Lab, has_errors};
use crate::secrets::store::Store;
use crate::terminal::{Terminal, shown};

/// One of the three files.
struct Side {
    source: Source,
    readers: BTreeSet<String>,
}

/// Puts what both sides did since `base` into the file `ours`.
pub(super) fn run(
    lab: Option<&Lab>,
    [base, ours, theirs]: [&Path; 3],
    write: Write,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let lab_is_well = lab.is_some_and(is_well);
    let store = store(lab, lab_is_well, ours)?.written(write);
    let path_of_theirs = theirs;
    let (base, theirs) = (side(&store, base)?, side(&store, theirs)?);
    let mut side = side(&store, ours)?;
    for (source, path) in [(&side.source, ours), (&theirs.source, path_of_theirs)] {
        is_as_left(&store, source, path, lab_is_well)?;
    }
    let merged = side.source.merge(&base.source, &theirs.source).map_err(|error| failed(&error))?;
    // Whom one side locked out must not read what that side set since, whatever the lab says that is in the work tree.
    let is_gone = |key: &String| {
        base.readers.contains(key) && !(side.readers.contains(key) && theirs.readers.contains(key))
    };
    let mut readers = store.admins.clone();
    if !lab_is_well {
        readers = readers_of_both(&side, &theirs);
        terminal.note(
            "the lab has errors, or no recipient: what is merged is for those who could read it on both sides; 'hlc secrets rekey' once \
             it is mended",
        );
    }
    readers.retain(|key| !is_gone(&key.to_string()));
    if readers.is_empty() {
        return Err(Failure::cannot(format!(
            "cannot merge {}: between them, the two sides took all recipients out",
            shown(&store.path)
        )));
    }
    let settings = store.settings(&readers)?;
    // Whom the other side let in, and the lab in the work tree does not, knows the data key that both sides have.
    let reads = |key: &String| RecipientKey::parse(key).is_ok_and(|key| readers.contains(&key));
    let left_out: Vec<&String> = theirs.readers.iter().filter(|key| !reads(key)).collect();
    let needs_new_key = merged.needs_new_key || !left_out.is_empty();
    let how = if needs_new_key { Source::rotate } else { Source::update };
    let outcome = how(&mut side.source, &settings, &store.keys().access()).map_err(|error| failed(&error))?;
    if let Outcome::New(new) = outcome {
        store.replace(&new.text, &side.source, terminal)?;
    }
    let let_in: Vec<&String> = left_out.into_iter().filter(|key| !base.readers.contains(*key)).collect();
    Ok(tell(&store, &merged, &let_in, terminal))
}

/// Says what came of it; `let_in` are those who read the other side, and not what is merged.
fn tell(store: &Store, merged: &Merged, let_in: &[&String], terminal: &Terminal) -> Exit {
    for key in let_in {
        terminal.note(&format!(
            "{} was let in on the other side, and not by the lab that is here: 'hlc secrets rekey' lets them in once it does",
            store.reader(key)
        ));
    }
    for secret in &merged.taken {
        terminal.detail(&format!("took '{secret}' from the other side"));
    }
    for secret in &merged.conflicts {
        terminal.error(&format!("conflict: both sides changed '{secret}', and not to the same"));
    }
    if merged.conflicts.is_empty() {
        return Exit::Success;
    }
    terminal.note(
        "all else is merged, and of these this side's value is there: set others with 'hlc secrets set', then 'git add'",
    );
    Exit::Problems
}

/// Whether the lab says who its recipients are.
fn is_well(lab: &Lab) -> bool {
    !lab.session.recipients().is_empty() && problems(lab).is_ok_and(|found| !has_errors(&found))
}

/// The file that is written, and who may have written what is merged: the lab's recipients, and where it is not known who
/// all of them are, whoever runs this as well.
fn store(lab: Option<&Lab>, lab_is_well: bool, ours: &Path) -> Result<Store, Failure> {
    let mut store = match lab {
        Some(lab) => Store::read_at(lab, ours.to_owned())?,
        None => Store::alone(ours.to_owned()),
    };
    if !lab_is_well {
        let own: Vec<RecipientKey> =
            store.keys().recipients().filter_map(|key| RecipientKey::parse(key).ok()).collect();
        store.admins.extend(own);
    }
    store.needs_admins()?;
    Ok(store)
}

/// Those whom both sides are for; where one of them has no file, those of the other.
fn readers_of_both(ours: &Side, theirs: &Side) -> Vec<RecipientKey> {
    let is_for = |side: &Side, key: &String| !side.source.is_read() || side.readers.contains(key);
    let all = ours.readers.union(&theirs.readers).filter(|key| is_for(ours, key) && is_for(theirs, key));
    all.filter_map(|key| RecipientKey::parse(key).ok()).collect()
}

/// Decrypts one of the files. An empty one has no value: there was none before.
fn side(store: &Store, path: &Path) -> Result<Side, Failure> {
    let cannot = |reason: String| Failure::cannot(format!("cannot merge: {}: {reason}", shown(path)));
    let bytes = workspace::read::bytes(path).map_err(|error| cannot(workspace::read::reason(&error)))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Side { source: Source::new(), readers: BTreeSet::new() });
    }
    let opened = Document::parse(&bytes, Format::Yaml).map_err(secrets::Error::from).and_then(|document| {
        let said = document.metadata().recipients();
        // As the lab writes them, without what stands behind the key.
        let readers =
            said.filter_map(|key| key.parse::<Recipient>().ok()).map(|key| key.to_string()).collect();
        let source = Source::open_document(document.into(), &store.keys().access())?;
        Ok(Side { source, readers })
    });
    let side = opened.map_err(|error| match error.lacks_key_of() {
        Some(readers) => store.lacks_key_of(readers),
        None => cannot(error.to_string()),
    })?;
    // A branch is from anybody; what nobody of the lab wrote is not merged. Of the base, nothing is taken.
    store.is_by_one_of_us(&side.source).map(|()| side)
}

/// Fails where a side is not as hlc left it: anybody may have made it, and what it says would be taken over.
fn is_as_left(store: &Store, source: &Source, path: &Path, lab_is_well: bool) -> Result<(), Failure> {
    let doubts = if source.is_read() { store.doubts(source) } else { Vec::new() };
    if doubts.is_empty() {
        return Ok(());
    }
    Err(Failure::cannot(format!(
        "cannot merge: {}: {}\n  if that was you, or who works with you, {}",
        shown(path),
        doubts.join("; "),
        if lab_is_well {
            "run 'hlc secrets rekey' on that branch first"
        } else {
            "mend the lab first, so that it is known who its recipients are, and merge again"
        }
    )))
}
