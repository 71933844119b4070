//! A lab that is open, and what documents are called in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use domain::Date;
use tower_lsp::ls_types::Uri;
use workspace::{Buffers, Lab, Texts};

use crate::documents::{Document, Documents};
use crate::home::Home;
use crate::lines::Encoding;
use crate::question::Asked;
use crate::scene::{Opened, Scene};

/// A lab that is open.
pub(crate) struct OpenLab {
    /// What tells it from all others that ever were.
    pub(crate) number: u64,
    /// Whether that is told.
    pub(super) is_told: bool,
    /// Whether nothing is left that all cores are to compute.
    pub(super) is_known: Arc<AtomicBool>,
    /// Whether it is only there for a document that no other lab has.
    pub(super) is_lone: bool,
    /// What cannot be read, as it was said last.
    said: Vec<String>,
    scene: Arc<Scene>,
    lab: Lab,
}

impl OpenLab {
    /// Opens the lab whose own file is `root`.
    pub(super) fn open(
        number: u64,
        (home, root): (Home, &str),
        documents: &Documents,
        (encoding, today): (Encoding, Option<Date>),
    ) -> Self {
        let disk: Box<dyn Texts + Send> = match &home {
            Home::Folder(disk) => Box::new(disk.clone()),
            Home::Document(_) => Box::new(BTreeMap::new()),
        };
        let mut texts = Buffers::new(disk);
        let mut open = BTreeMap::new();
        for document in documents.iter() {
            if let Some(name) = home.name(&document.uri) {
                texts.set(&name, document.text.as_str().into());
                open.insert(name, Opened::of(document));
            }
        }
        let mut lab = Lab::with(root, texts);
        lab.set_today(today);
        let scene = Arc::new(Scene {
            encoding,
            home,
            open,
            book: "".into(),
            faults: lab.faults().map(str::to_owned).collect(),
        });
        Self {
            number,
            is_told: false,
            is_known: Arc::default(),
            is_lone: false,
            said: Vec::new(),
            scene,
            lab,
        }
    }

    /// Whether this is the lab whose own file is `root`, in a folder or a document.
    pub(super) fn is(&self, home: &Home, root: &str) -> bool {
        let is_home = match (&self.scene.home, home) {
            (Home::Folder(own), Home::Folder(other)) => own.folder() == other.folder(),
            (Home::Document(own), Home::Document(other)) => own == other,
            _ => false,
        };
        is_home && self.lab.root() == root
    }

    pub(super) fn home(&self) -> &Home {
        &self.scene.home
    }

    /// What a document is called in the lab, if it is a part of it.
    pub(super) fn part(&self, uri: &Uri) -> Option<String> {
        let name = self.known(uri).or_else(|| self.scene.home.name(uri))?;
        self.lab.session().has_file(&name).then_some(name)
    }

    /// What a document that is open is called in the lab's folder.
    fn known(&self, uri: &Uri) -> Option<String> {
        self.scene.open.iter().find(|(_, open)| open.uri == *uri).map(|(name, _)| name.clone())
    }

    /// A document is open, or has changed.
    pub(super) fn set(&mut self, document: &Document) {
        let known = self.known(&document.uri);
        let Some(name) = known.or_else(|| self.scene.home.name(&document.uri)) else { return };
        Arc::make_mut(&mut self.scene).open.insert(name.clone(), Opened::of(document));
        let was_part = self.lab.session().has_file(&name);
        self.lab.set_buffer(&name, document.text.as_str());
        // What no lab imports matters to none; files that are no HL may say something of secrets.
        let is_hl = Path::new(&name).extension().is_some_and(|end| end == "hl");
        if was_part || !is_hl || self.lab.session().has_file(&name) {
            self.touch();
        }
    }

    /// A document is open no more.
    pub(super) fn close(&mut self, uri: &Uri) {
        if let Some(name) = self.known(uri) {
            Arc::make_mut(&mut self.scene).open.remove(&name);
            self.lab.close_buffer(&name);
            self.touch();
        }
    }

    /// Files have changed on the disk.
    pub(super) fn changed_on_disk(&mut self, uris: &[Uri]) {
        let names = uris.iter().filter_map(|uri| self.scene.home.name(uri));
        // A client tells of whatever changes in its folders.
        let names: Vec<String> = names.filter(|name| self.lab.is_concerned(name)).collect();
        if !names.is_empty() {
            self.lab.changed_on_disk(&names);
            self.touch();
        }
    }

    pub(super) fn set_today(&mut self, today: Option<Date>) {
        self.lab.set_today(today);
        self.touch();
    }

    pub(super) fn set_encoding(&mut self, encoding: Encoding) {
        Arc::make_mut(&mut self.scene).encoding = encoding;
        self.touch();
    }

    pub(super) fn set_book(&mut self, url: &Arc<str>) {
        Arc::make_mut(&mut self.scene).book = Arc::clone(url);
        self.touch();
    }

    /// Its problems are to be told again.
    pub(super) fn touch(&mut self) {
        self.is_told = false;
        if !self.lab.faults().eq(self.scene.faults.iter().map(String::as_str)) {
            Arc::make_mut(&mut self.scene).faults = self.lab.faults().map(str::to_owned).collect();
        }
    }

    /// What cannot be read and has not been said yet.
    pub(super) fn new_faults(&mut self) -> Vec<String> {
        let now = self.scene.faults.clone();
        let new = now.iter().filter(|fault| !self.said.contains(fault)).cloned().collect();
        self.said = now;
        new
    }

    /// The lab as it is now, for a question about a file of it.
    pub(crate) fn asked(&self, file: String) -> Asked {
        Asked { snapshot: self.lab.snapshot(), scene: Arc::clone(&self.scene), file }
    }
}
