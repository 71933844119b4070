//! Functions that read files of the lab.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::{Problem, Reported, closest};
use names::{Found, data_file, word};
use smol_str::SmolStr;
use source::{Place, Span};
use types::{Builtin, Core, CoreKind, Field, Value};

use super::{Env, Evaluator};
use crate::data_files::{Format, Unusable, file_documents, file_text, place_in};
use crate::problems::malformed_data::{malformed_data, several_documents};
use crate::problems::secret_in_file::secret_in_file;
use crate::problems::unreadable_file::{no_documents, unreadable_file};

/// A file, and who reads it.
#[derive(Clone, Copy)]
struct Asked<'a> {
    /// What the path comes to.
    path: &'a str,
    /// Where it is written.
    core: &'a Core,
    env: &'a Env,
}

impl Evaluator<'_> {
    /// What `builtin` gives for the file whose path `core` is.
    pub(super) fn file_value(&mut self, builtin: Builtin, core: &Core, env: &Env) -> Result<Value, Reported> {
        let CoreKind::Const(Value::Text(path)) = &core.kind else {
            return Err(self.astray(core, env, "the path of a file is computed"));
        };
        let asked = Asked { path, core, env };
        match builtin {
            Builtin::File => self.text_of(path, asked).map(Value::Text),
            Builtin::Files => self.texts_in(asked),
            Builtin::Documents => self.all_documents(asked),
            Builtin::JsonFile => self.one_document(Format::Json, asked),
            _ => self.one_document(Format::Yaml, asked),
        }
    }

    fn text_of(&mut self, path: &str, asked: Asked<'_>) -> Result<Arc<str>, Reported> {
        match file_text(self.db, word(self.db, path)) {
            Ok(text) => Ok(Arc::clone(text)),
            Err(why) => Err(self.unusable(path, why, asked)),
        }
    }

    fn documents_of(&mut self, path: &str, format: Format, asked: Asked<'_>) -> Result<&[Field], Reported> {
        match file_documents(self.db, word(self.db, path), format) {
            Ok(documents) => Ok(documents),
            Err(why) => Err(self.unusable(path, why, asked)),
        }
    }

    fn one_document(&mut self, format: Format, asked: Asked<'_>) -> Result<Value, Reported> {
        match self.documents_of(asked.path, format, asked)? {
            [] => Ok(Value::Map(Arc::default())),
            [one] => Ok(one.value.clone()),
            [_, second, ..] => {
                let place = second.place.clone();
                Err(self.report(several_documents(place, asked.path)))
            }
        }
    }

    /// The texts of all files of a folder.
    fn texts_in(&mut self, asked: Asked<'_>) -> Result<Value, Reported> {
        let mut texts = BTreeMap::new();
        for name in self.names_in(asked)?.iter().filter(|name| !name.ends_with('/')) {
            let path = format!("{}/{name}", asked.path);
            let value = Value::Text(self.text_of(&path, asked)?);
            texts.insert(SmolStr::new(name), Field { value, place: place_in(&path, Span::default()) });
        }
        Ok(Value::Map(Arc::new(texts)))
    }

    fn names_in(&mut self, asked: Asked<'_>) -> Result<Arc<[String]>, Reported> {
        match data_file(self.db, asked.path) {
            Some(Found::Folder(names)) => Ok(Arc::clone(names)),
            Some(Found::Text(_)) => {
                let reason = "it is a file, and a folder is expected here; 'file(…)' reads one";
                Err(self.say(asked, |place| unreadable_file(place, asked.path, reason, &[])))
            }
            Some(Found::Nothing(why)) => {
                Err(self.unusable(asked.path, &Unusable::Unread(why.clone()), asked))
            }
            None => Err(self.unusable(asked.path, &Unusable::Unknown, asked)),
        }
    }

    /// All documents of a file, or of the files of a folder in the order of their names. Empty ones are left out.
    fn all_documents(&mut self, asked: Asked<'_>) -> Result<Value, Reported> {
        let files: Vec<(String, Format)> = match data_file(self.db, asked.path) {
            Some(Found::Folder(names)) => {
                let files = names.iter().filter_map(|name| Some((name, Format::of(name)?)));
                files.map(|(name, format)| (format!("{}/{name}", asked.path), format)).collect()
            }
            _ => vec![(asked.path.to_owned(), Format::of(asked.path).unwrap_or(Format::Yaml))],
        };
        if files.is_empty() {
            return Err(self.say(asked, |place| no_documents(place, asked.path)));
        }
        let mut all = Vec::new();
        let mut failed = None;
        for (path, format) in files {
            match self.documents_of(&path, format, asked) {
                Ok(documents) => all.extend(documents.iter().filter(|it| it.value != Value::Null).cloned()),
                Err(reported) => failed = Some(reported),
            }
        }
        failed.map_or_else(|| Ok(Value::List(all.into())), Err)
    }

    fn unusable(&mut self, path: &str, why: &Unusable, asked: Asked<'_>) -> Reported {
        match why {
            Unusable::Unread(why) => {
                let own = path.rsplit('/').next().unwrap_or(path);
                let near = closest(own, why.beside.iter().map(|name| name.trim_end_matches('/')), 3);
                self.say(asked, |place| unreadable_file(place, path, &why.reason, &near))
            }
            Unusable::Folder => {
                let reason = "it is a folder, and a file is expected here";
                self.say(asked, |place| unreadable_file(place, path, reason, &[]))
            }
            Unusable::Unknown => {
                let reason = "its path must stand in one pair of quotes, right behind the '('";
                self.say(asked, |place| unreadable_file(place, path, reason, &[]))
            }
            Unusable::Leak(leak) => self.say(asked, |place| secret_in_file(place, path, *leak)),
            Unusable::Malformed(wrong) => self.report(malformed_data(path, wrong)),
        }
    }

    /// Reports something at the path.
    fn say(&mut self, asked: Asked<'_>, problem: impl FnOnce(Place) -> Problem) -> Reported {
        self.complain(asked.core, asked.env, problem)
    }
}
