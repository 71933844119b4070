//! The encrypted copies as part of a build: those that are up to date are kept as they are, the others are made anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::RecipientKey;
use driver::Outputs;
use emit_secrets::Delivered;
use model::SecretRef;
use secrets::{Fingerprint, Found, Proven, Record, Source, deliver, fingerprint, format};
use sops::Document;
use workspace::Disk;
use workspace::index::{Indexes, split};
use workspace::read;

use super::store::Store;
use crate::exit::Failure;
use crate::load::Lab;
use crate::terminal::Terminal;

/// What each value is encrypted to.
type Sealed = BTreeMap<SecretRef, String>;

/// A copy, and what is there of it.
struct Copy<'a> {
    file: &'a Delivered,
    /// What it is to be made of; nothing where a value is missing.
    made_of: Option<Fingerprint>,
    old: Option<Vec<u8>>,
    state: State,
}

/// What is there of a copy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// What should be.
    UpToDate,
    /// What hlc wrote, of what the lab had then.
    OutOfDate,
    /// What hlc wrote before keys changed.
    OfOldKeys,
    /// Nothing.
    Missing,
    /// Something that hlc did not write, as far as can be known.
    Foreign,
}

/// Adds the encrypted copies to what is built below `folder`. Without a key, this works as long as none has to be
/// made anew. Returns whether the file of values was looked at with a key.
pub(crate) fn add(
    lab: &Lab,
    folder: &Path,
    outputs: &mut Outputs,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    let mut all = std::mem::take(&mut outputs.secrets);
    let store = Store::read(lab)?;
    if !all.is_empty() {
        store.is_not_lost()?;
        store.is_for_somebody()?;
    }
    // Whose readers are nobody has been reported.
    all.retain(|file| !file.readers.is_empty());
    let (known, sealed) = (Indexes::read(&Disk::new(folder)), store.sealed()?);
    // With a key it is known whether somebody changed the file, of which public halves are used in the open, too.
    let mut opened = store.look()?;
    let mut copies = look(&all, folder, (&known, &sealed), opened.as_deref());
    if opened.is_none() && store.text.is_some() {
        let stale: Vec<&Delivered> =
            copies.iter().filter(|copy| copy.is_stale()).map(|copy| copy.file).collect();
        let halves = known.unknown_halves(lab.public_halves());
        if !stale.is_empty() || !halves.is_empty() {
            let source = store.open_for_use(&|readers| needs_key(&store, &stale, &halves, readers))?;
            copies = look(&all, folder, (&known, &sealed), Some(&source));
            opened = Some(Box::new(source));
        }
    }
    if let Some(source) = &opened {
        store.tell_age(source, known.generation(), terminal);
        lab.has_own_halves(source)?;
    }
    let mut indexes = Indexes::default();
    note_source(lab, opened.as_deref(), &known, &mut indexes);
    let mut locked_out = LockedOut::new();
    for copy in copies {
        note_locked_out(&copy, &mut locked_out);
        let made = made(&store, &copy, opened.as_deref(), &known, terminal)?;
        if let Some((text, record)) = made {
            indexes.note(copy.file, record);
            put(outputs, copy.file, text);
        }
    }
    tell_locked_out(&store, &locked_out, terminal);
    indexes.add_to(outputs);
    Ok(opened.is_some())
}

/// Notes which public halves are built with, and of which state of the file of values.
fn note_source(lab: &Lab, opened: Option<&Source>, known: &Indexes, indexes: &mut Indexes) {
    let (public, generation) = match opened {
        Some(source) => {
            let halves = source.public_halves().map(|(name, half)| (name.to_string(), half.to_owned()));
            (halves.collect(), source.generation())
        }
        None => (lab.public_halves().clone(), known.generation()),
    };
    indexes.note_source(&public, generation);
}

/// What is there of each copy. `source` is there where the file of values was opened.
fn look<'a>(
    all: &'a [Delivered],
    folder: &Path,
    (known, sealed): (&Indexes, &Sealed),
    source: Option<&Source>,
) -> Vec<Copy<'a>> {
    let look = |file: &'a Delivered| {
        let old = read::bytes(&folder.join(&file.path)).ok();
        let made_of = fingerprint(file, &|secret| sealed.get(secret).cloned());
        let state = state(file, made_of.as_ref(), old.as_deref(), known.record(file), source);
        Copy { file, made_of, old, state }
    };
    all.iter().map(look).collect()
}

fn state(
    file: &Delivered,
    made_of: Option<&Fingerprint>,
    old: Option<&[u8]>,
    record: Option<&Record>,
    source: Option<&Source>,
) -> State {
    let Some(old) = old else { return State::Missing };
    let content = Fingerprint::of_content(old);
    let Some(record) = record.filter(|record| record.content == content) else { return State::Foreign };
    // Without a key, nothing more can be known than what is written there.
    match source.map_or(Proven::Now, |source| source.proven(&file.path, record)) {
        Proven::Now if made_of.is_none_or(|made_of| *made_of == record.made_of) => State::UpToDate,
        Proven::Now => State::OutOfDate,
        Proven::Before => State::OfOldKeys,
        Proven::Not => State::Foreign,
    }
}

impl Copy<'_> {
    /// Whether it is to be made anew, and can be.
    fn is_stale(&self) -> bool {
        self.made_of.is_some() && self.state != State::UpToDate
    }
}

/// A copy as it is to be, and what is noted of it; nothing where it cannot be made.
fn made(
    store: &Store,
    copy: &Copy<'_>,
    source: Option<&Source>,
    known: &Indexes,
    terminal: &Terminal,
) -> Result<Option<(String, Record)>, Failure> {
    let Copy { file, made_of, old, state } = copy;
    if !copy.is_stale() {
        // Without a value nothing can be made; what hlc wrote stays.
        let kept = old.as_deref().filter(|_| matches!(state, State::UpToDate | State::OutOfDate));
        let text = kept.and_then(|old| std::str::from_utf8(old).ok()).map(str::to_owned);
        return Ok(text.zip(known.record(file).cloned()));
    }
    let (Some(source), Some(made_of)) = (source, made_of) else { return Ok(None) };
    let found = match (old.as_deref(), state) {
        (None, _) => Found::Nothing,
        (Some(old), State::OutOfDate) => Found::Own(old),
        (Some(old), _) => Found::Something(old),
    };
    if *state == State::Foreign {
        terminal.note(&format!("nothing shows that it was hlc that wrote {}: it is made anew", file.path));
    }
    let failed = |error: &secrets::Error| Failure::cannot(format!("cannot make {}: {error}", file.path));
    let settings = store.settings(&file.readers)?;
    let text = deliver(file, source, found, &settings).map_err(|error| failed(&error))?;
    terminal.detail(&format!("encrypted {}", file.path));
    let record = source.record(&file.path, made_of.clone(), Fingerprint::of_content(text.as_bytes()));
    Ok(Some((text, record.map_err(|error| failed(&error))?)))
}

/// Who could read copies and cannot any more, and the values that were in these.
type LockedOut = BTreeMap<String, BTreeSet<SecretRef>>;

/// Notes for whom a copy was that is made anew without them.
fn note_locked_out(copy: &Copy<'_>, locked_out: &mut LockedOut) {
    let old = copy.old.as_deref().filter(|_| matches!(copy.state, State::OutOfDate | State::OfOldKeys));
    let Some(document) = old.and_then(|old| Document::parse(old, format(copy.file.format)).ok()) else {
        return;
    };
    let stays = |name: &str| RecipientKey::parse(name).is_ok_and(|key| copy.file.readers.contains(&key));
    for gone in document.metadata().recipients().filter(|name| !stays(name)) {
        locked_out.entry(gone.to_owned()).or_default().extend(copy.file.secrets().into_iter().cloned());
    }
}

/// Says who cannot read copies any more, and what they have seen.
fn tell_locked_out(store: &Store, locked_out: &LockedOut, terminal: &Terminal) {
    for (reader, secrets) in locked_out {
        let secrets: Vec<String> = secrets.iter().map(|secret| format!("'{secret}'")).collect();
        terminal.note(&format!(
            "{} cannot read what is delivered any more, but has seen: {}\n  if somebody else has that key, give these new \
             values, with 'hlc secrets rotate' or 'set' and where they are used",
            store.reader(reader),
            secrets.join(", ")
        ));
    }
}

/// What cannot be made without a key, and whose would do.
fn needs_key(store: &Store, stale: &[&Delivered], halves: &[String], readers: &[String]) -> Failure {
    let quoted = |name: &dyn std::fmt::Display| format!("'{}'", name.to_string().escape_debug());
    let what = if stale.is_empty() { "that" } else { "these files must be encrypted anew, which" };
    let mut message = format!("nothing was written: {what} takes a key");
    for file in stale {
        let secrets: BTreeSet<&SecretRef> = file.secrets();
        let secrets: Vec<String> = secrets.iter().map(|secret| quoted(secret)).collect();
        message.extend(["\n  ", &file.path, ": ", &secrets.join(", ")]);
    }
    if !halves.is_empty() {
        let halves: Vec<String> = halves.iter().map(|name| quoted(name)).collect();
        message.extend([
            "\n  public halves that no build with a key has used yet, and that anybody could have put there: ",
            &halves.join(", "),
        ]);
    }
    let readers: Vec<String> = readers.iter().map(|key| store.reader(key)).collect();
    message.extend(["\nthat of ", &readers.join(" or "), " would do", &store.where_keys_are()]);
    Failure::cannot(message)
}

fn put(outputs: &mut Outputs, file: &Delivered, text: String) {
    if let Some((folder, path)) = split(file) {
        folder.of(outputs).insert(path.to_owned(), text);
    }
}
