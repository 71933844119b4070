//! Gives what was staged its names.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use crate::look::{Found, Tree};
use crate::shares::{in_shares, worth};
use crate::stage::Piece;
use crate::{Disk, OutputError, paths};

/// Gives all `pieces` their names. Returns the directories in which names changed.
pub(crate) fn publish<D: Disk>(
    disk: &D,
    folder: &Path,
    pieces: &[Piece<'_>],
) -> Result<BTreeSet<String>, OutputError> {
    let shares = in_shares(worth(disk.threads(), pieces.len()), pieces, |share| {
        let (tree, mut touched) = (Tree::new(disk, folder), BTreeSet::new());
        share.iter().try_for_each(|piece| one(&tree, piece, &mut touched)).map(|()| touched)
    });
    Ok(shares?.into_iter().flatten().collect())
}

/// Gives a piece its name, if what has it is as planned.
fn one<D: Disk>(
    tree: &Tree<'_, D>,
    piece: &Piece<'_>,
    touched: &mut BTreeSet<String>,
) -> Result<(), OutputError> {
    let mut touch = |path: &str| {
        let above = paths::above(path);
        if !touched.contains(above) {
            touched.insert(above.to_owned());
        }
    };
    tree.make_way(piece.path, &mut touch)?;
    let path = tree.path(piece.path);
    let as_planned = match tree.look(piece.path)? {
        Found::Nothing | Found::NoDirectory(_) => true,
        Found::File(hash) => piece.file().is_some_and(|file| file.found == Some(hash)),
        Found::Obstacle(..) => false,
    };
    if !as_planned {
        return Err(OutputError::ChangedMeanwhile { path });
    }
    match tree.disk.rename(&tree.path(&piece.temporary), &path) {
        // Somebody made a directory there since the look, and put something into it.
        Err(error) if matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {
            return Err(OutputError::ChangedMeanwhile { path });
        }
        renamed => renamed.map_err(OutputError::disk("write", &path))?,
    }
    touch(piece.path);
    touch(&piece.temporary);
    Ok(())
}
