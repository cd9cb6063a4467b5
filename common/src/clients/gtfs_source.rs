//! Where feeds come from: a zip archive or a folder on disk, and `vehicles.csv` in it or beside it.
//!
//! Archives are not trusted: names that lead out of the archive, links, encrypted entries and more than
//! [`MOST_BYTES`] are refused before anything is unpacked, and no more than that is ever unpacked, whatever the
//! archive declares. What real feeds do is accepted: a subfolder, `__MACOSX/` entries, other files beside the known
//! ones.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use zip::ZipArchive;

use crate::domain::gtfs::{FILES, Files};

/// What all files of a feed may come to, unpacked.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// What an archive may hold; a feed has a few dozen files.
const MOST_ENTRIES: usize = 10_000;
/// The file that says in which folder the feed is.
const LANDMARK: &str = "agency.txt";
const VEHICLES: &str = "vehicles.csv";

/// A feed as it lies on disk.
#[derive(Debug)]
pub struct Source {
    /// Its files.
    pub files: Files,
    /// Name of the archive or folder, without extension.
    pub stem: String,
}

/// Why a source cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file system says no.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was being read.
        path: PathBuf,
        /// Why it could not.
        #[source]
        source: io::Error,
    },
    /// Neither a folder nor a zip archive that can be read.
    #[error("not a zip archive that can be read: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// An archive that nobody makes by accident.
    #[error("archive refused: {0}")]
    Hostile(String),
    /// More data than a timetable needs.
    #[error("refused: unpacked it is larger than {} MiB", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// No file of a feed in it.
    #[error("not a GTFS feed: {LANDMARK} is missing")]
    NotAFeed,
    /// Several feeds in one.
    #[error("{LANDMARK} is there twice, in {0:?} and in {1:?}")]
    Ambiguous(String, String),
}

/// Reads a feed. `vehicles` names the list of buses; without it, `vehicles.csv` is taken from inside the feed, from
/// the folder above it (folder), or from beside it (archive).
///
/// # Errors
/// When it is not a feed, or one that is not to be trusted.
pub fn read(path: &Path, vehicles: Option<&Path>) -> Result<Source, SourceError> {
    let mut files = if path.is_dir() {
        read_folder(path)?
    } else {
        read_archive(path)?
    };
    // `data/demo/x` and `x/.` alike: the folder above and the name are those of the real path.
    let full = fs::canonicalize(path).map_err(|e| io_error(path, e))?;
    let beside = full
        .parent()
        .map(|folder| folder.join(VEHICLES))
        .filter(|file| file.is_file());
    if let Some(list) = vehicles {
        files.insert(VEHICLES, read_file(list, MOST_BYTES)?);
    } else if let Some(list) = beside
        && !files.contains_key(VEHICLES)
    {
        files.insert(VEHICLES, read_file(&list, MOST_BYTES)?);
    }
    let stem = full.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Source {
        files: Files(files),
        stem,
    })
}

type Contents = BTreeMap<&'static str, Vec<u8>>;

fn io_error(path: &Path, source: io::Error) -> SourceError {
    let path = path.to_owned();
    SourceError::Io { path, source }
}

/// Reads at most `room` bytes; one byte more is too large.
fn read_bounded(reader: impl Read, room: u64, path: &Path) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    reader
        .take(room + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| io_error(path, e))?;
    if bytes.len() as u64 > room {
        Err(SourceError::TooLarge)
    } else {
        Ok(bytes)
    }
}

fn read_file(path: &Path, room: u64) -> Result<Vec<u8>, SourceError> {
    let file = File::open(path).map_err(|e| io_error(path, e))?;
    read_bounded(file, room, path)
}

fn read_folder(path: &Path) -> Result<Contents, SourceError> {
    let root = folder_of_feed(path)?;
    let mut contents = Contents::new();
    let mut room = MOST_BYTES;
    for name in FILES {
        let file = root.join(name);
        match fs::symlink_metadata(&file) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            Err(e) => return Err(io_error(&file, e)),
            Ok(meta) if meta.is_file() => {}
            Ok(_) => return Err(SourceError::Hostile(format!("{name} is a link or no file"))),
        }
        let bytes = read_file(&file, room)?;
        room -= bytes.len() as u64;
        contents.insert(name, bytes);
    }
    Ok(contents)
}

/// The folder itself, or the one folder in it that holds the feed.
fn folder_of_feed(path: &Path) -> Result<PathBuf, SourceError> {
    if path.join(LANDMARK).exists() {
        return Ok(path.to_owned());
    }
    let mut found: Option<PathBuf> = None;
    for entry in fs::read_dir(path).map_err(|e| io_error(path, e))? {
        let entry = entry.map_err(|e| io_error(path, e))?;
        let inner = entry.path();
        if is_litter(Path::new(&entry.file_name())) || !inner.join(LANDMARK).is_file() {
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

/// What macOS leaves in archives and folders; the path is one inside of them.
fn is_litter(path: &Path) -> bool {
    path.components().any(
        |part| matches!(part, Component::Normal(name) if name == "__MACOSX" || name.to_string_lossy().starts_with('.')),
    )
}

fn read_archive(path: &Path) -> Result<Contents, SourceError> {
    let file = File::open(path).map_err(|e| io_error(path, e))?;
    let mut archive = ZipArchive::new(io::BufReader::new(file))?;
    let entries = inspect(&mut archive)?;
    let root = root_of(&entries)?;
    let mut contents = Contents::new();
    let mut room = MOST_BYTES;
    for (index, entry) in entries {
        let known = FILES.iter().find(|name| entry == root.join(name));
        let Some(name) = known else {
            continue;
        };
        let bytes = read_bounded(archive.by_index(index)?, room, &entry)?;
        room -= bytes.len() as u64;
        contents.insert(name, bytes);
    }
    Ok(contents)
}

/// Positions and names of the files in an archive, once all of it was found harmless.
fn inspect(archive: &mut ZipArchive<impl Read + io::Seek>) -> Result<Vec<(usize, PathBuf)>, SourceError> {
    if archive.len() > MOST_ENTRIES {
        return Err(SourceError::Hostile(format!("it has more than {MOST_ENTRIES} entries")));
    }
    let mut entries = Vec::new();
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        let refuse = |why: &str| SourceError::Hostile(format!("entry {name:?} {why}"));
        if leads_out(&name) {
            return Err(refuse("leads out of the archive"));
        }
        if entry.is_symlink() {
            return Err(refuse("is a link"));
        }
        if entry.encrypted() {
            return Err(refuse("is encrypted"));
        }
        declared = declared.saturating_add(entry.size());
        if declared > MOST_BYTES {
            return Err(SourceError::TooLarge);
        }
        let path = PathBuf::from(&name);
        if entry.is_file() && !is_litter(&path) {
            entries.push((index, path));
        }
    }
    Ok(entries)
}

/// Whether a name is absolute, climbs with `..`, or speaks Windows (`C:\`, `..\`).
fn leads_out(name: &str) -> bool {
    let climbs = name.split(['/', '\\']).any(|part| part == "..");
    climbs || name.starts_with(['/', '\\']) || name.contains(':') || name.contains('\0')
}

/// The folder inside an archive that holds the feed.
fn root_of(entries: &[(usize, PathBuf)]) -> Result<PathBuf, SourceError> {
    let landmarks = entries
        .iter()
        .filter(|(_, path)| path.file_name().is_some_and(|name| name == LANDMARK));
    let mut roots = landmarks.map(|(_, path)| path.parent().unwrap_or(Path::new("")));
    match (roots.next(), roots.next()) {
        (Some(root), None) => Ok(root.to_owned()),
        (Some(one), Some(two)) => Err(SourceError::Ambiguous(
            one.display().to_string(),
            two.display().to_string(),
        )),
        (None, _) => Err(SourceError::NotAFeed),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{SourceError, read_bounded};

    #[test]
    fn no_more_than_the_room_is_read_whatever_was_declared() {
        let endless = std::io::repeat(b'x');
        assert!(matches!(
            read_bounded(endless, 1_000, Path::new("x")),
            Err(SourceError::TooLarge)
        ));
        assert_eq!(read_bounded([1; 10].as_slice(), 10, Path::new("x")).unwrap().len(), 10);
        assert!(matches!(
            read_bounded([1; 11].as_slice(), 10, Path::new("x")),
            Err(SourceError::TooLarge)
        ));
    }
}
