//! `hlc secrets`: the values of the lab's secrets.

mod check;
mod check_as;
mod diff;
mod edit;
mod found;
mod generate;
mod import;
mod list;
mod merge;
mod rekey;
mod remove;
mod rename;
mod rotate;
mod set;
mod show;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use diagnostics::{Located, closest};
use domain::Date;
use model::{Generator, SecretRef, SecretValue};
use secrets::Source;
use values::problems::no_public_key::NO_PUBLIC_KEY;
use workspace::Disk;
use workspace::index::Indexes;

use crate::args::{Secrets, Write};
use crate::exit::{Exit, Failure};
use crate::load::{Lab, has_errors};
use crate::secrets::ask;
use crate::secrets::store::Store;
use crate::terminal::{Terminal, shown};

/// Does what the command line says.
pub(crate) fn run(lab: &Lab, command: &Secrets, terminal: &Terminal) -> Result<Exit, Failure> {
    let vault = Vault::open(lab, command.write(), terminal)?;
    match command {
        Secrets::Set { name, from, .. } => set::run(&vault, name, from.as_deref()),
        Secrets::Generate { names, .. } => generate::run(&vault, names),
        Secrets::Edit { allow_empty, .. } => edit::run(&vault, *allow_empty),
        Secrets::Show { name } => show::run(&vault, name),
        Secrets::List { json } => list::run(&vault, *json),
        Secrets::Rotate { names, all, .. } => rotate::run(&vault, names, *all),
        Secrets::Rekey { take_over, .. } => rekey::run(&vault, *take_over),
        Secrets::Check { out, key: None } => check::run(&vault, out.as_deref()),
        Secrets::Check { out, key: Some(key) } => check_as::run(&vault, out.as_deref(), key),
        Secrets::Remove { names, .. } => remove::run(&vault, names),
        Secrets::Rename { old, new, .. } => rename::run(&vault, old, new),
        Secrets::Merge { base, ours, theirs, write } => {
            merge(Some(lab), [base, ours, theirs], *write, terminal)
        }
        Secrets::Diff { path } => diff(path, terminal),
        Secrets::Import(import) => import::run(&vault, import),
    }
}

/// Shows what can be seen of a file of values.
pub(crate) fn diff(file: &Path, terminal: &Terminal) -> Result<Exit, Failure> {
    diff::run(file, terminal)
}

/// Merges the files `[base, ours, theirs]` into `ours`. The lab may be wrong, or not there.
pub(crate) fn merge(
    lab: Option<&Lab>,
    files: [&PathBuf; 3],
    write: Write,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    merge::run(lab, files.map(PathBuf::as_path), write, terminal)
}

/// What all of them need: the lab, what it declares, and the file of values.
struct Vault<'a> {
    lab: &'a Lab,
    terminal: &'a Terminal,
    /// Every value that the lab declares.
    declared: BTreeMap<SecretRef, &'a SecretValue>,
    today: Date,
    /// How the file is written.
    write: Write,
}

impl<'a> Vault<'a> {
    fn open(lab: &'a Lab, write: Write, terminal: &'a Terminal) -> Result<Self, Failure> {
        let problems = problems(lab)?;
        if has_errors(&problems) {
            terminal.problems(&problems, &lab.session.sources(), &|name| lab.path(name));
            terminal.error("the lab has errors, so it is not known which secrets there are");
            return Err(Failure::Told);
        }
        let declared = lab.session.secrets().into_iter().flat_map(model::Secret::named_values).collect();
        let today =
            workspace::clock::today().ok_or_else(|| Failure::cannot("the clock of this machine is wrong"))?;
        Ok(Self { lab, terminal, declared, today, write })
    }

    /// The declared value that is called so.
    fn find(&self, name: &str) -> Result<(SecretRef, &'a SecretValue), Failure> {
        let secret = match name.split_once('.') {
            Some((name, key)) => SecretRef::key(name, key),
            None => SecretRef::whole(name),
        };
        if let Some(value) = self.declared.get(&secret) {
            return Ok((secret, value));
        }
        let keys: Vec<String> = self.keys_of(name).map(|key| format!("'{key}'")).collect();
        if !keys.is_empty() {
            let keys = keys.join(", ");
            return Err(Failure::cannot(format!("secret '{name}' has several values; name one: {keys}")));
        }
        let names: Vec<String> = self.declared.keys().map(ToString::to_string).collect();
        let near = closest(name, names.iter().map(String::as_str), 3);
        let hint = diagnostics::did_you_mean(&near);
        let hint = hint.unwrap_or_else(|| format!("declare it in the lab: 'secret {name} {{ }}'"));
        Err(Failure::cannot(format!("no secret is called '{name}'; {hint}")))
    }

    fn keys_of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s SecretRef> {
        self.declared.keys().filter(move |secret| secret.name == name && secret.key.is_some())
    }

    /// The file of values, to write it.
    fn store(&self) -> Result<Store, Failure> {
        Store::read(self.lab).map(|store| store.written(self.write))
    }

    /// Changes the values, with nobody else doing so meanwhile.
    fn change<T>(
        &self,
        change: impl FnOnce(&Store, &mut Source) -> Result<T, Failure>,
    ) -> Result<(Store, T), Failure> {
        let _lock = Store::lock(self.lab, self.terminal)?;
        let store = self.store()?;
        store.needs_admins()?;
        store.is_not_lost()?;
        let mut source = store.open()?;
        self.renew_halves(&mut source);
        let result = change(&store, &mut source)?;
        self.write(&store, &mut source)?;
        Ok((store, result))
    }

    /// How each value is made of which the lab says that.
    fn made(&self) -> BTreeMap<SecretRef, &'a Generator> {
        let how = |(secret, value): (&SecretRef, &&'a SecretValue)| {
            Some((secret.clone(), value.generate.as_ref()?))
        };
        self.declared.iter().filter_map(how).collect()
    }

    /// Gives private keys that another program changed the public halves that are theirs.
    fn renew_halves(&self, source: &mut Source) {
        for secret in source.renew_halves(&self.made()) {
            self.terminal.note(&format!("'{secret}' has another public half now: that of its private key"));
        }
    }

    /// Writes values that were changed, and says who reads them from now on.
    fn write(&self, store: &Store, source: &mut Source) -> Result<(), Failure> {
        if let Some(new) = store.write(source, self.terminal)? {
            self.tell_readers(&new, source);
        }
        Ok(())
    }

    /// Says why the file gets new keys, where that is not because of what was asked for. Its values are taken as they
    /// are, and so is what is said of them in the open; so on a terminal it is asked whether that is meant. Where nobody can be
    /// asked, what anybody can have made needs a word beforehand.
    fn take_over(&self, store: &Store, source: &Source, is_meant: bool) -> Result<(), Failure> {
        let doubts = store.doubts(source);
        if doubts.is_empty() {
            return Ok(());
        }
        for doubt in &doubts {
            self.terminal.note(&format!("the file of secrets gets new keys: {doubt}"));
        }
        let halves: BTreeMap<String, String> =
            source.public_halves().map(|(name, half)| (name.to_string(), half.to_owned())).collect();
        let unknown = Indexes::read(&Disk::new(&self.lab.folder)).unknown_halves(&halves);
        let half = |(name, half): (&String, &String)| {
            let said = if unknown.contains(name) { " (no build has used it yet)" } else { "" };
            format!("\n  {}: {}{said}", name.escape_debug(), half.escape_debug())
        };
        if !halves.is_empty() {
            self.terminal.note(&format!(
                "these public halves are taken from it as they are; if you do not know them, take the file from before \
                 the change:{}",
                halves.iter().map(half).collect::<String>()
            ));
        }
        let question = format!(
            "take over its {} values as what you, or those who work with you, left there?",
            source.names().count()
        );
        let path = shown(&store.path);
        let can_ask = io::stdin().is_terminal();
        let is_taken = is_meant
            || if can_ask {
                ask::confirm(&question, "yes", None) == Some(true)
            } else {
                !store.is_anybodys(source)
            };
        match (is_taken, can_ask) {
            (true, _) => Ok(()),
            (false, true) => Err(Failure::cannot(format!(
                "nothing was changed: take {path} from before the change, such as with 'git checkout'"
            ))),
            (false, false) => Err(Failure::cannot(format!(
                "nothing was changed: anybody can have made {path}, and nobody is here to be asked about it\n  if it is \
                 what you, or those who work with you, left there, 'hlc secrets rekey --take-over' says so; if not, take \
                 the file from before the change"
            ))),
        }
    }

    /// Says who reads the file from now on, and who has seen what.
    fn tell_readers(&self, new: &sops::Rewritten, source: &Source) {
        for reader in &new.removed {
            let reader = reader.escape_debug();
            self.terminal.note(&format!("{reader} cannot read the secrets any more"));
        }
        if !new.removed.is_empty() {
            let names: Vec<String> = source.names().map(|name| format!("'{name}'")).collect();
            self.terminal.note(&format!(
                "what was readable still is, in the history of the repository and in copies: give these new values, \
                 with 'hlc secrets rotate' or 'set' and where they are used: {}",
                names.join(", ")
            ));
        }
    }

    /// Says what is not so good about a value.
    fn warn(&self, secret: &SecretRef, value: &SecretValue, text: &str) {
        if let Some(flaw) = value.flaw(text) {
            self.terminal.note(&format!("warning: '{secret}' {flaw}"));
        }
    }

    /// The public half of a value, where the lab says that it has one.
    fn public_half(&self, secret: &SecretRef, value: &str) -> Option<String> {
        secrets::public_half(self.declared.get(secret)?.generate.as_ref()?, value)
    }

    fn deliver_hint(&self) {
        self.terminal.note("'hlc build' brings it to those who need it");
    }
}

/// What is wrong with the lab, but for what the commands below are there to mend.
fn problems(lab: &Lab) -> Result<Vec<Located>, Failure> {
    let mut problems = lab.problems()?;
    let mendable = [NO_PUBLIC_KEY.name, "secret-not-encrypted", "host-key-gone"];
    problems.retain(|problem| !mendable.contains(&problem.rule.name));
    Ok(problems)
}

/// A failure with a secret.
fn failed(error: &secrets::Error) -> Failure {
    Failure::cannot(error.to_string())
}
