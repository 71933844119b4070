//! The labs that are open, and which of them a document is a part of.
//!
//! A document is a part of the lab whose own file is the nearest upward, if that imports it; if not, it is looked at as a
//! lab of its own, as `hlc check --file` does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::Date;
use tower_lsp::ls_types::notification::ShowMessage;
use tower_lsp::ls_types::{MessageType, ShowMessageParams, Uri};
use workspace::{Disk, LAB};

use super::open_lab::OpenLab;
use crate::World;
use crate::documents::Documents;
use crate::home::{Home, LONE, nearest, path};
use crate::lines::Encoding;
use crate::outbox::Outbox;
use crate::publish::Published;
use crate::virtual_documents::library_file;

/// All labs that are open.
pub(super) struct Labs {
    open: Vec<OpenLab>,
    /// How many there ever were.
    count: u64,
    /// The folders that the client has open.
    folders: Vec<PathBuf>,
    encoding: Encoding,
    /// Where the documentation begins that is linked.
    book: Arc<str>,
    today: Option<Date>,
    world: World,
    outbox: Outbox,
    published: Arc<Published>,
}

impl Labs {
    pub(super) fn new(world: World, outbox: Outbox, published: Arc<Published>) -> Self {
        let (encoding, today) = (Encoding::Utf16, (world.today)());
        Self {
            open: Vec::new(),
            count: 0,
            folders: Vec::new(),
            encoding,
            book: "".into(),
            today,
            world,
            outbox,
            published,
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &OpenLab> {
        self.open.iter()
    }

    /// The lab that a document is a part of, and what it is called there.
    pub(super) fn of(&self, uri: &Uri) -> Option<(&OpenLab, String)> {
        if let Some(file) = library_file(uri) {
            return Some((self.open.first()?, file.to_owned()));
        }
        let found = |is_lone: bool| {
            let mut labs = self.open.iter().filter(move |lab| lab.is_lone == is_lone);
            labs.find_map(|lab| Some((lab, lab.part(uri)?)))
        };
        found(false).or_else(|| found(true))
    }

    pub(super) fn set_book(&mut self, url: &str) {
        self.book = url.into();
        self.open.iter_mut().for_each(|lab| lab.set_book(&self.book));
    }

    pub(super) fn set_encoding(&mut self, encoding: Encoding) {
        self.encoding = encoding;
        self.open.iter_mut().for_each(|lab| lab.set_encoding(encoding));
    }

    pub(super) fn set_folders(&mut self, added: Vec<Uri>, removed: &[Uri], documents: &Documents) {
        let removed: Vec<PathBuf> = removed.iter().filter_map(path).collect();
        self.folders.retain(|folder| !removed.contains(folder));
        self.folders.extend(added.iter().filter_map(path));
        self.settle(documents);
    }

    pub(super) fn opened(&mut self, uri: &Uri, documents: &Documents) {
        self.hand_over(uri, documents);
        self.settle(documents);
    }

    pub(super) fn changed(&mut self, uri: &Uri, documents: &Documents) {
        self.hand_over(uri, documents);
        self.settle_documents(documents);
    }

    pub(super) fn closed(&mut self, uri: &Uri, documents: &Documents) {
        self.open.iter_mut().for_each(|lab| lab.close(uri));
        self.settle(documents);
    }

    pub(super) fn changed_on_disk(&mut self, uris: &[Uri], documents: &Documents) {
        self.open.iter_mut().for_each(|lab| lab.changed_on_disk(uris));
        self.settle(documents);
    }

    /// Whether there are labs whose problems have not been asked for since they, or the day, changed.
    pub(super) fn have_changed(&mut self) -> bool {
        let today = (self.world.today)();
        if today != self.today {
            self.today = today;
            self.open.iter_mut().for_each(|lab| lab.set_today(today));
        }
        self.open.iter().any(|lab| !lab.is_told)
    }

    /// The labs whose problems have not been asked for since they changed; they count as told from now on.
    pub(super) fn changed_since(&mut self) -> impl Iterator<Item = &OpenLab> {
        for lab in self.open.iter_mut().filter(|lab| !lab.is_told) {
            for message in lab.new_faults() {
                let params = ShowMessageParams { typ: MessageType::WARNING, message };
                self.outbox.notify::<ShowMessage>(&params);
            }
        }
        self.open.iter_mut().filter_map(|lab| {
            let was_told = std::mem::replace(&mut lab.is_told, true);
            (!was_told).then_some(&*lab)
        })
    }

    fn hand_over(&mut self, uri: &Uri, documents: &Documents) {
        let Some(document) = documents.get(uri) else { return };
        self.open.iter_mut().for_each(|lab| lab.set(document));
    }

    /// Opens the labs that folders and documents are in, and closes those that nobody needs.
    fn settle(&mut self, documents: &Documents) {
        for folder in self.folders.clone() {
            if folder.join(LAB).is_file() {
                self.enter(Home::Folder(Disk::new(folder)), LAB, documents);
            }
        }
        let is_open = |file: &Path| documents.iter().any(|it| path(&it.uri).is_some_and(|path| path == file));
        let files = documents.iter().filter_map(|document| path(&document.uri));
        let above: Vec<PathBuf> = files.filter_map(|file| nearest(&file, &is_open)).collect();
        for folder in &above {
            self.enter(Home::Folder(Disk::new(folder)), LAB, documents);
        }
        let folders = &self.folders;
        let is_needed = |lab: &OpenLab| {
            let of_folder = |own: &Path| folders.iter().any(|it| it == own) && own.join(LAB).is_file();
            let of_document = |own: &Path| above.iter().any(|it| it == own);
            lab.is_lone || lab.home().folder().is_some_and(|own| of_folder(own) || of_document(own))
        };
        let over = self.open.iter().filter(|lab| !is_needed(lab)).map(|lab| lab.number).collect();
        self.close(&over);
        self.settle_documents(documents);
    }

    /// Opens labs for documents that are a part of none, and closes those whose document is a part of another.
    fn settle_documents(&mut self, documents: &Documents) {
        for document in documents.iter() {
            let is_hl =
                path(&document.uri).is_none_or(|path| path.extension().is_some_and(|end| end == "hl"));
            if is_hl && self.of(&document.uri).is_none() {
                self.enter_alone(&document.uri, documents);
            }
        }
        let whole: Vec<usize> = (0..self.open.len()).filter(|nth| !self.open[*nth].is_lone).collect();
        let in_whole = |uri: &Uri| whole.iter().any(|nth| self.open[*nth].part(uri).is_some());
        let lone = self.open.iter().filter(|lab| lab.is_lone);
        let over = lone.filter(|lab| {
            let mut own = documents.iter().filter(|document| lab.part(&document.uri).is_some());
            own.all(|document| in_whole(&document.uri))
        });
        let over = over.map(|lab| lab.number).collect();
        self.close(&over);
    }

    fn enter_alone(&mut self, uri: &Uri, documents: &Documents) {
        let on_disk = path(uri).and_then(|file| {
            let name = file.file_name()?.to_str()?.to_owned();
            Some((Home::Folder(Disk::new(file.parent()?)), name))
        });
        let (home, root) = on_disk.unwrap_or_else(|| (Home::Document(uri.clone()), LONE.to_owned()));
        if let Some(lab) = self.enter(home, &root, documents) {
            lab.is_lone = true;
        }
    }

    /// Opens a lab, unless it is open already.
    fn enter(&mut self, home: Home, root: &str, documents: &Documents) -> Option<&mut OpenLab> {
        if self.open.iter().any(|lab| lab.is(&home, root)) {
            return None;
        }
        self.count += 1;
        let mut lab = OpenLab::open(self.count, (home, root), documents, (self.encoding, self.today));
        lab.set_book(&self.book);
        self.open.push(lab);
        self.open.last_mut()
    }

    /// Closes labs, by their numbers.
    fn close(&mut self, over: &BTreeSet<u64>) {
        if over.is_empty() {
            return;
        }
        for number in over {
            self.published.forget(*number);
        }
        self.open.retain(|lab| !over.contains(&lab.number));
        // What one said of a document, another may have to say now.
        self.open.iter_mut().for_each(OpenLab::touch);
    }
}
