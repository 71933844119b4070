//! The lab that expressions stand in: what can be named there, and what an expression comes to.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use driver::Session;
use names::{Db, Found};
use source::ItemKey;
use syntax::ast::StatementKind;
use types::{BUILTINS, Elaborator, OutlineNode, TYPES, Ty, Value};

use super::kinds_of_types::{COMPOSED, literals};

/// The declarations that expressions are about.
pub(super) const BASE: &str = include_str!("base.hl");

/// A file of secrets that tells a public half.
const PUBLIC: &str =
    "deploy: ENC[]\nhlc_unencrypted:\n  public:\n    deploy: ssh-ed25519 AAAA deploy\nsops: {}\n";

/// Files beside the lab, and an expression that reads each.
const DATA: [(&str, &str, &str); 5] = [
    ("data/text.txt", "a text\n", "file(\"./data/text.txt\")"),
    ("data/values.json", "{ \"a\": [1, true, null] }", "json-file(\"./data/values.json\")"),
    ("data/values.yaml", "a: 0644\nb: [x, yes]\n", "yaml-file(\"./data/values.yaml\")"),
    ("objects/a.yaml", "kind: A\n---\nkind: B\n", "documents(\"./objects/a.yaml\")"),
    ("texts/a.txt", "one", "files(\"./texts\")"),
];

/// A lab that expressions stand in.
pub struct Scope {
    session: Session,
    key: ItemKey,
}

/// What is called like a function.
pub(super) struct Function {
    /// Its name.
    pub name: String,
    /// What its parameters must be: what they are called, their types, and whether they can be left out.
    pub parameters: Vec<(String, Option<Ty>, bool)>,
}

/// The text of a lab with the declarations of [`BASE`] and a function for each type that gives back what it is given.
pub(super) fn base() -> String {
    let mut text = BASE.to_owned();
    let kinds = kinds().into_iter();
    let all = TYPES.iter().map(|(name, _)| (*name).to_owned()).chain(kinds);
    for name in all {
        let word = name.replace('.', "-");
        let _ = writeln!(text, "fn a-{word}(x: {name}) -> {name} = x");
        let _ = writeln!(text, "fn opt-{word}(x: {name}? = none) -> {name}? = x");
    }
    for (at, (ty, _)) in COMPOSED.iter().enumerate() {
        let _ = writeln!(text, "type composed-{at} = {ty}");
        let _ = writeln!(text, "fn same-{at}(x: composed-{at}) -> composed-{at} = x");
    }
    text
}

/// The kinds of the library, with their full names.
fn kinds() -> BTreeSet<String> {
    let session = Session::open(vec![("homelab.hl".into(), String::new())]);
    let db = session.db();
    let mut all = BTreeSet::new();
    for (name, is) in names::index(db).defined_names() {
        if is.kind.is_some() {
            add_kinds(db, name, &mut all);
        }
    }
    all
}

fn add_kinds(db: &dyn Db, name: &str, all: &mut BTreeSet<String>) {
    let Some((shape, _)) = types::shape(db, name) else { return };
    if all.insert(name.to_owned()) {
        shape.nested.iter().for_each(|(_, full)| add_kinds(db, full, all));
    }
}

impl Scope {
    /// The lab of this text.
    pub fn new(text: &str) -> Self {
        let cuts = syntax::cut_whole(text);
        let mut session = Session::frozen(vec![("homelab.hl".into(), text.into(), cuts)]);
        let files = DATA.iter().map(|(name, text, _)| ((*name).to_owned(), Found::Text((*text).into())));
        let folder = ("texts".to_owned(), Found::Folder(["a.txt".to_owned()].into()));
        session.set_data_files(files.chain([folder]).collect());
        Self { session, key: ItemKey::new(Arc::from("<eval>"), Arc::from("eval"), 0) }
    }

    /// As [`Scope::new`], with the public half of the pair of keys `deploy` known.
    pub fn with_public_keys(text: &str) -> Self {
        let mut scope = Self::new(text);
        let facts =
            driver::stored_secrets("homelab.secrets.yaml", PUBLIC).expect("the file of secrets can be read");
        scope.session.set_secret_facts(facts);
        scope
    }

    /// The lab as it is open.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The type of an expression, if nothing is wrong with it.
    pub fn ty(&self, expression: &str) -> Option<Ty> {
        let parsed = syntax::parse(&self.key, &format!("eval = {expression}"));
        let StatementKind::Set(set) = &parsed.statement.kind else { return None };
        let mut elaborator = Elaborator::new(self.session.db(), &self.key);
        let typed = elaborator.expr(&set.value, None);
        let is_good = elaborator.finish(&parsed.problems).is_empty() && parsed.problems.is_empty();
        is_good.then_some(typed.ty)
    }

    /// The type and the value of an expression that has no problem.
    pub fn accepted(&self, expression: &str) -> Option<(Ty, Value)> {
        let ty = self.ty(expression)?;
        Some((ty, self.session.eval(expression).ok()?))
    }

    /// The parts that values of a type may have.
    pub(super) fn members(&self, ty: &Ty) -> Vec<String> {
        let fields = |name: &str| {
            let shape = types::shape(self.session.db(), name);
            let all = shape.into_iter().flat_map(|(shape, _)| shape.fields.iter());
            all.map(|field| field.name.to_string()).collect::<Vec<_>>()
        };
        match ty.required().0 {
            Ty::Kind(kind) => [fields(kind), vec!["name".into(), "parent".into()]].concat(),
            Ty::Record(name) => fields(name),
            Ty::Fields(fields) => fields.keys().map(ToString::to_string).collect(),
            Ty::Map(_) | Ty::Free(_) => ["x", "y", "a", "b", "s1"].map(str::to_owned).to_vec(),
            other => types::properties(other).into_iter().map(|(name, ..)| name.to_owned()).collect(),
        }
    }

    /// What can be called: the language's functions, and those of the lab and the library.
    pub(super) fn functions(&self) -> Vec<Function> {
        let builtins = BUILTINS.iter().map(|(name, parameters, builtin)| Function {
            name: (*name).to_owned(),
            parameters: (0..parameters.len())
                .map(|at| (String::new(), builtin.parameter(at), false))
                .collect(),
        });
        let db = self.session.db();
        let index = names::index(db);
        let defined = index.defined_names().filter_map(|(name, is)| {
            let signature = types::signature(db, is.function.as_ref()?)?;
            let parameter =
                |one: &types::Parameter| (one.name.to_string(), Some(one.ty.clone()), one.optional);
            let parameters = signature.parameters.iter().map(parameter).collect();
            Some(Function { name: name.to_string(), parameters })
        });
        builtins.chain(defined).collect()
    }

    /// Expressions that are put together from nothing: what is written out, and what is declared.
    pub(super) fn leaves(&self) -> Vec<String> {
        let mut all: Vec<String> =
            ["none", "nix\"1 + 1\"", "[]", "{}", "public-key(deploy)"].map(str::to_owned).to_vec();
        all.extend(DATA.iter().map(|(.., read)| (*read).to_owned()));
        for (name, ty) in TYPES {
            all.extend(literals(ty).iter().map(|text| (*text).to_owned()));
            all.extend(literals(ty).iter().map(|text| format!("a-{name}({text})")));
            all.extend(literals(ty).iter().map(|text| format!("opt-{name}({text})")));
            all.push(format!("opt-{name}()"));
        }
        all.extend(COMPOSED.iter().enumerate().map(|(at, (_, value))| format!("same-{at}({value})")));
        let db = self.session.db();
        let index = names::index(db);
        let constants = index.defined_names().filter(|(_, is)| is.constant.is_some());
        all.extend(constants.map(|(name, _)| name.to_string()));
        all.extend(types::plurals(db).keys().map(ToString::to_string));
        for one in index.declarations() {
            let Some(item) = names::find(db, &one.item) else { continue };
            let mut paths = Vec::new();
            if let Some(node) = types::outline(db, item) {
                add_paths(&one.name, node, &mut paths);
            }
            for path in paths {
                all.push(path.clone());
                all.push(format!("{}.{path}", one.kind));
                all.push(format!("a-{}({path})", one.kind));
            }
        }
        all
    }
}

/// How a declaration and those in it are reached.
fn add_paths(path: &str, node: &OutlineNode, all: &mut Vec<String>) {
    all.push(path.to_owned());
    if node.repeated {
        let keys = ["\"one\"", "1", "3"].map(|key| format!("{path}[{key}]"));
        all.extend(keys);
    }
    for child in &node.children {
        add_paths(&format!("{path}.{}", child.name), child, all);
    }
}
