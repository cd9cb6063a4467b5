//! Reads a feed from a folder.

use std::fs;
use std::path::{Path, PathBuf};

use domain::gtfs::{Clause, FILES};

use super::{Found, LANDMARK, MOST_BYTES, SourceError, io_error, is_litter, read_file};

/// Reads the files of the feed in this folder, or in the only folder inside it that contains one.
pub fn read(path: &Path) -> Result<Found, SourceError> {
    let root = folder_of_feed(path)?;
    let names = names(&root)?;
    let mut found = Found::default();
    let mut remaining = MOST_BYTES;
    for name in FILES {
        let Some(file) = called(&names, name).map(|name| root.join(name)) else {
            continue;
        };
        let meta = fs::symlink_metadata(&file).map_err(|e| io_error(&file, e))?;
        if !meta.is_file() {
            let file = (*name).into();
            return Err(SourceError::Hostile(Clause::NotAFile { file }));
        }
        let bytes = read_file(&file, remaining)?;
        remaining -= bytes.len() as u64;
        found.files.insert(name, bytes);
    }
    found.note_unread(names.iter().map(String::as_str));
    Ok(found)
}

fn names(path: &Path) -> Result<Vec<String>, SourceError> {
    let entries = fs::read_dir(path).map_err(|e| io_error(path, e))?;
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.map_err(|e| io_error(path, e))?;
        Ok(entry.file_name().to_string_lossy().into_owned())
    };
    entries.map(name).collect()
}

/// The name as the folder has it: an exact match, else one that ignores case.
fn called<'a>(names: &'a [String], wanted: &str) -> Option<&'a String> {
    let exact = names.iter().find(|name| *name == wanted);
    exact.or_else(|| names.iter().find(|name| name.eq_ignore_ascii_case(wanted)))
}

/// The folder itself, or the only folder inside it that contains the feed.
fn folder_of_feed(path: &Path) -> Result<PathBuf, SourceError> {
    let inside = names(path)?;
    if called(&inside, LANDMARK).is_some() {
        return Ok(path.to_owned());
    }
    let mut found: Option<PathBuf> = None;
    for name in inside {
        let inner = path.join(&name);
        if is_litter(Path::new(&name)) || !inner.is_dir() || called(&names(&inner)?, LANDMARK).is_none() {
            continue;
        }
        if let Some(first) = found.replace(inner) {
            let second = found.unwrap_or_default();
            return Err(SourceError::Ambiguous(
                first.display().to_string(),
                second.display().to_string(),
            ));
        }
    }
    found.ok_or(SourceError::NotAFeed)
}
