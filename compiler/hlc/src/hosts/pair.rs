//! The pair of keys that a host shows itself by, and decrypts its secrets with: made before the host is there.
//!
//! The private half is never on this machine's disk but encrypted, for everybody who reads every secret of the lab. It
//! is a file of SOPS in the host's folder, so that it is opened with the keys that open the values of secrets.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use model::Host;
use plan::hosts::install::is_same_key;
use sops::{Document, Format, Node, Tree, Value, encrypt};
use zeroize::Zeroizing;

use crate::exit::Failure;
use crate::load::Lab;
use crate::replace::replace;
use crate::secrets::ask;
use crate::secrets::store::Store;
use crate::terminal::{Terminal, shown};

/// Where the private half of a host's key is kept, in the host's folder.
const FILE: &str = "ssh_host_ed25519_key.sops";

/// A pair of keys.
pub(crate) struct Pair {
    /// The public half.
    pub(crate) public: String,
    /// The private half, as OpenSSH keeps it.
    pub(crate) private: Zeroizing<String>,
}

impl Pair {
    /// The pair of a host: read from where somebody says that it is, decrypted, or made. The lab must say its public
    /// half.
    pub(crate) fn of(
        lab: &Lab,
        host: &Host,
        given: Option<&Path>,
        is_dry: bool,
        terminal: &Terminal,
    ) -> Result<Self, Failure> {
        let said = host.host_key.as_ref().map(|key| key.value.to_string());
        let path = lab.folder.join("nixos/hosts").join(&host.name).join(FILE);
        let pair = match given {
            Some(given) => Self::given(given)?,
            None => match workspace::read::bytes(&path) {
                Ok(text) => Self::opened(lab, &path, &text)?,
                Err(error) if error.kind() == ErrorKind::NotFound => match &said {
                    Some(_) => return Err(elsewhere(host, &path)),
                    None if is_dry => {
                        let name = &host.name;
                        return Err(Failure::cannot(format!(
                            "{name} has no host key yet: the first step makes one"
                        )));
                    }
                    None => Self::made(lab, host, &path, terminal)?,
                },
                Err(error) => {
                    let reason = workspace::read::reason(&error);
                    return Err(Failure::cannot(format!("cannot read {}: {reason}", shown(&path))));
                }
            },
        };
        match said {
            Some(said) if is_same_key(&said, &pair.public) => Ok(pair),
            said => Err(pair.unsaid(host, said.is_some(), given.is_some())),
        }
    }

    /// What belongs into the lab before anything is done.
    fn unsaid(&self, host: &Host, is_other: bool, is_given: bool) -> Failure {
        let (name, key) = (&host.name, without_comment(&self.public));
        if is_given && is_other {
            return Failure::cannot(format!(
                "what --host-key names is the private half of another key than the lab's 'host-key' of {name}: its public \
                 half is {key}"
            ));
        }
        let what = if is_other { "is another one in the lab" } else { "is not in the lab yet" };
        Failure::cannot(format!(
            "the host key of {name} {what}; this line belongs to 'host {name}':\n\n    host-key = \"{key}\"\n\n  then run \
             'hlc build', so that its secrets are encrypted for it, and 'hlc install {name}' again"
        ))
    }

    /// What somebody has elsewhere.
    fn given(path: &Path) -> Result<Self, Failure> {
        let bytes = if path == Path::new("-") {
            ask::all(&mut io::stdin().lock())
        } else {
            File::open(path)
                .map_err(|error| workspace::read::reason(&error))
                .and_then(|mut file| ask::all(&mut file))
        };
        let bytes = bytes.map_err(|reason| {
            Failure::cannot(format!("cannot read the host key in {}: {reason}", shown(path)))
        })?;
        Self::read(&bytes).ok_or_else(|| {
            Failure::cannot(format!(
                "{} is no private key of kind ssh-ed25519 without a passphrase",
                shown(path)
            ))
        })
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let private = Zeroizing::new(std::str::from_utf8(bytes).ok()?.to_owned());
        let public = secrets::public_of_host(&private)?;
        Some(Self { public, private })
    }

    fn opened(lab: &Lab, path: &Path, text: &[u8]) -> Result<Self, Failure> {
        let store = Store::read(lab)?;
        let tree = Document::parse(text, Format::Binary).and_then(|document| {
            let key = document.unwrap_key(&store.keys().access())?;
            document.decrypt(&key)
        });
        let tree = tree.map_err(|error| {
            Failure::cannot(format!(
                "cannot open {}: {error}\n  it is opened with the keys that open the lab's secrets, of whoever read them \
                 when it was made; if you have the host's key elsewhere, --host-key says where",
                shown(path)
            ))
        })?;
        match tree.get("data") {
            Some(Node::Leaf(Value::Bytes(bytes))) => Self::read(bytes.expose()),
            _ => None,
        }
        .ok_or_else(|| Failure::cannot(format!("what {} holds is no host key", shown(path))))
    }

    /// Makes one, and keeps it where somebody here can open it again.
    fn made(lab: &Lab, host: &Host, path: &Path, terminal: &Terminal) -> Result<Self, Failure> {
        let store = Store::read(lab)?;
        store.needs_admins()?;
        let failed =
            |error: &dyn std::fmt::Display| Failure::cannot(format!("no host key can be made: {error}"));
        let made = secrets::host_key(&host.name).map_err(|error| failed(&error))?;
        let tree = Tree::binary(Zeroizing::new(made.value.as_bytes().to_vec()));
        let settings = store.settings(&store.admins)?;
        let text = encrypt(&tree, Format::Binary, &settings).map_err(|error| failed(&error))?;
        let _lock = Store::lock(lab, terminal)?;
        if path.exists() {
            return Err(failed(&"another run made one meanwhile; run it again"));
        }
        let pair = Self::opened(lab, path, text.as_bytes())?;
        let folder = path.parent().unwrap_or(&lab.folder);
        let written = std::fs::create_dir_all(folder).and_then(|()| replace(path, &text));
        written.map_err(|error| {
            Failure::cannot(format!("cannot write {}: {}", shown(path), workspace::read::reason(&error)))
        })?;
        terminal.note(&format!("made the host key of {}: {}, encrypted", host.name, shown(path)));
        Ok(pair)
    }
}

/// The lab says a key of which the private half is not beside it.
fn elsewhere(host: &Host, path: &Path) -> Failure {
    let name = &host.name;
    Failure::cannot(format!(
        "the lab says a 'host-key' of {name}, and its private half is not in {}\n  if you have it, --host-key says where \
         (a file, or '-'); to have a new pair made, take 'host-key' out of the lab and run it again",
        shown(path)
    ))
}

fn without_comment(key: &str) -> String {
    key.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}
