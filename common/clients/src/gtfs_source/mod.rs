//! Sources of feeds: a zip archive or a folder on disk, an archive at an http or https address, and `vehicles.csv` in
//! it or beside it.
//!
//! Archives are not trusted: names that point outside the archive, links, encrypted entries and more than
//! [`MOST_BYTES`] are refused before anything is unpacked, and no more than that is ever unpacked, even if the archive
//! declares less. Common deviations of real feeds are accepted: a subfolder, `__MACOSX/` entries, backslashes between
//! folder and file, names in capitals, one archive inside another, other files beside the known ones.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use domain::gtfs::{Clause, FILES, Files, Origin, Remark, WITHOUT_BEARING};

mod address;
mod archive;
mod fetch;
mod folder;

pub use address::{Address, AddressError};
pub use fetch::{FetchError, Fetched, Fetcher, MOST_DOWNLOAD, TIMEOUTS};

/// Largest size of all files of a feed, unpacked.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// The file whose folder is that of the feed.
const LANDMARK: &str = "agency.txt";
const VEHICLES: &str = "vehicles.csv";
/// Most unread files that are named in a notice.
const MOST_UNREAD: usize = 20;

/// A feed that was read.
#[derive(Debug, Default)]
pub struct Source {
    /// Its files.
    pub files: Files,
    /// Name of the archive or folder, without extension.
    pub stem: String,
    /// Notices about how it was read.
    pub notices: Vec<Remark>,
    /// Where it was fetched from, if a later import can ask there whether it changed.
    pub origin: Option<Origin>,
}

/// Why a source cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Io {
        /// What was being read.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Neither a folder nor a readable zip archive.
    #[error("not a readable zip archive: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// An archive that looks malicious.
    #[error("archive refused: {0}")]
    Hostile(Clause),
    /// More data than a timetable needs.
    #[error("refused: larger than {} MiB unpacked", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// No file of a feed in it.
    #[error("not a GTFS feed: {LANDMARK} is missing")]
    NotAFeed,
    /// Several feeds in one.
    #[error("{LANDMARK} exists twice, in {0:?} and in {1:?}")]
    Ambiguous(String, String),
    /// Several archives, and no feed beside them.
    #[error("the archive contains several archives: {}; unpack it and import the right one", .0.join(", "))]
    SeveralArchives(Vec<String>),
    /// An archive in an archive in an archive.
    #[error("the archive contains an archive {0:?} that contains archives again; unpack it and import the right one")]
    NestedTooDeep(String),
}

impl From<AddressError> for SourceError {
    fn from(error: AddressError) -> Self {
        FetchError::from(error).into()
    }
}

impl SourceError {
    /// The error as a sentence for those who sent the archive.
    #[must_use]
    pub fn remark(&self) -> Remark {
        let clause = match self {
            Self::Io { .. } | Self::Fetch(_) => None,
            Self::Zip(_) => Some(Clause::NotAnArchive {}),
            Self::Hostile(clause) => Some(clause.clone()),
            Self::TooLarge => Some(Clause::ArchiveTooLarge {
                most: (MOST_BYTES / 1024 / 1024).to_string(),
            }),
            Self::NotAFeed => Some(Clause::FileMissing { file: LANDMARK.into() }),
            Self::Ambiguous(first, second) => Some(Clause::SeveralFeeds {
                first: first.clone(),
                second: second.clone(),
            }),
            Self::SeveralArchives(archives) => Some(Clause::SeveralArchives {
                archives: archives.join(", "),
            }),
            Self::NestedTooDeep(archive) => Some(Clause::ArchivesNested {
                archive: archive.clone(),
            }),
        };
        Remark::new(self.to_string(), clause.into_iter().collect())
    }
}

/// The parts of a feed that were found.
#[derive(Default)]
struct Found {
    files: Contents,
    notices: Vec<Remark>,
}

type Contents = BTreeMap<&'static str, Vec<u8>>;

/// Reads a feed on disk. `vehicles` names the list of buses; without it, `vehicles.csv` is taken from inside the feed,
/// from the folder above it (folder), or from beside it (archive).
///
/// # Errors
/// When it is not a feed, or cannot be trusted.
pub fn read(path: &Path, vehicles: Option<&Path>) -> Result<Source, SourceError> {
    let mut found = if path.is_dir() {
        folder::read(path)?
    } else {
        let file = File::open(path).map_err(|e| io_error(path, e))?;
        archive::read(io::BufReader::new(file))?
    };
    // For `data/demo/x` and `x/.` alike, the parent folder and the name are those of the real path.
    let full = fs::canonicalize(path).map_err(|e| io_error(path, e))?;
    let beside = full
        .parent()
        .map(|folder| folder.join(VEHICLES))
        .filter(|file| file.is_file());
    if let Some(list) = vehicles {
        found.files.insert(VEHICLES, read_vehicles(list)?);
    } else if let Some(list) = beside
        && !found.files.contains_key(VEHICLES)
    {
        found.files.insert(VEHICLES, read_vehicles(&list)?);
    }
    let stem = full.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(found.source(stem))
}

/// Reads a feed that was fetched: an archive in memory, called `stem`, with the contents of a list of buses if it is to
/// replace the one in the feed.
///
/// # Errors
/// When it is not a feed, or cannot be trusted.
pub fn unpack(archive: &[u8], stem: &str, vehicles: Option<Vec<u8>>) -> Result<Source, SourceError> {
    let mut found = archive::read(io::Cursor::new(archive))?;
    if let Some(list) = vehicles {
        found.files.insert(VEHICLES, list);
    }
    Ok(found.source(stem.to_owned()))
}

/// Reads a feed that was uploaded: an archive in a file, called `stem`. Only what is unpacked is held in memory.
///
/// # Errors
/// When it is not a feed, or cannot be trusted.
pub fn unpack_file(archive: File, stem: &str) -> Result<Source, SourceError> {
    Ok(archive::read(io::BufReader::new(archive))?.source(stem.to_owned()))
}

/// Reads a list of buses.
///
/// # Errors
/// When it cannot be read, or is too large.
pub fn read_vehicles(path: &Path) -> Result<Vec<u8>, SourceError> {
    read_file(path, MOST_BYTES)
}

impl Found {
    fn source(self, stem: String) -> Source {
        Source {
            files: Files(self.files),
            stem,
            notices: self.notices,
            origin: None,
        }
    }

    /// Adds a notice about files that are not read although they may affect what is sold.
    fn note_unread<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let is_known = |name: &str| {
            FILES
                .iter()
                .chain(WITHOUT_BEARING)
                .any(|known| known.eq_ignore_ascii_case(name))
        };
        let is_table = |name: &str| {
            let extension = Path::new(name).extension().unwrap_or_default();
            ["txt", "csv", "geojson"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        };
        let mut unread: Vec<&str> = names.filter(|name| is_table(name) && !is_known(name)).collect();
        unread.sort_unstable();
        let more = unread.len().saturating_sub(MOST_UNREAD);
        unread.truncate(MOST_UNREAD);
        if !unread.is_empty() {
            let rest = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let files = unread.join(", ");
            let text = format!("files that are not read: {files}{rest}");
            self.notices
                .push(Remark::new(text, vec![Clause::FilesUnread { files }]));
        }
    }
}

fn io_error(path: &Path, source: io::Error) -> SourceError {
    let path = path.to_owned();
    SourceError::Io { path, source }
}

/// Reads at most `remaining` bytes; more is an error.
fn read_bounded(reader: impl Read, remaining: u64, path: &Path) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    reader
        .take(remaining + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| io_error(path, e))?;
    if bytes.len() as u64 > remaining {
        Err(SourceError::TooLarge)
    } else {
        Ok(bytes)
    }
}

fn read_file(path: &Path, remaining: u64) -> Result<Vec<u8>, SourceError> {
    let file = File::open(path).map_err(|e| io_error(path, e))?;
    read_bounded(file, remaining, path)
}

/// What macOS leaves in archives and folders; the path is one inside of them.
fn is_litter(path: &Path) -> bool {
    path.components().any(
        |part| matches!(part, Component::Normal(name) if name == "__MACOSX" || name.to_string_lossy().starts_with('.')),
    )
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
