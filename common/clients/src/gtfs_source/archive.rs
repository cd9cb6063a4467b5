//! A feed in a zip archive.

use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use domain::gtfs::{Clause, FILES};
use zip::ZipArchive;

use super::{Found, LANDMARK, MOST_BYTES, SourceError, is_litter, read_bounded};

/// Most entries of an archive; a feed has a few dozen files.
const MOST_ENTRIES: usize = 10_000;

/// A file in an archive.
struct Entry {
    index: usize,
    /// With slashes as separators.
    path: PathBuf,
}

impl Entry {
    fn name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    fn is_archive(&self) -> bool {
        self.path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
    }
}

/// Reads the files of the feed in an archive, or in the only archive inside it.
pub fn read(archive: impl Read + Seek) -> Result<Found, SourceError> {
    let mut archive = ZipArchive::new(archive)?;
    let mut remaining = MOST_BYTES;
    let entries = inspect(&mut archive, remaining)?;
    if let Some(root) = root_of(&entries)? {
        return read_files(&mut archive, &entries, &root, remaining);
    }
    let inner = inner_archive(&entries)?.ok_or(SourceError::NotAFeed)?;
    let bytes = read_bounded(archive.by_index(inner.index)?, remaining, &inner.path)?;
    remaining -= bytes.len() as u64;
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let entries = inspect(&mut archive, remaining)?;
    let name = inner.path.display().to_string();
    match root_of(&entries)? {
        Some(root) => {
            let mut found = read_files(&mut archive, &entries, &root, remaining)?;
            found.notices.insert(0, Clause::InnerArchive { archive: name }.into());
            Ok(found)
        }
        None if entries.iter().any(Entry::is_archive) => Err(SourceError::NestedTooDeep(name)),
        None => Err(SourceError::NotAFeed),
    }
}

fn read_files(
    archive: &mut ZipArchive<impl Read + Seek>,
    entries: &[Entry],
    root: &Path,
    mut remaining: u64,
) -> Result<Found, SourceError> {
    let inside = || entries.iter().filter(|entry| entry.folder() == root);
    let mut found = Found::default();
    for name in FILES {
        let exact = inside().find(|entry| entry.name() == *name);
        let Some(entry) = exact.or_else(|| inside().find(|entry| entry.name().eq_ignore_ascii_case(name))) else {
            continue;
        };
        let bytes = read_bounded(archive.by_index(entry.index)?, remaining, &entry.path)?;
        remaining -= bytes.len() as u64;
        found.files.insert(name, bytes);
    }
    found.note_unread(inside().map(Entry::name));
    Ok(found)
}

/// The files in an archive, after all entries were checked.
fn inspect(archive: &mut ZipArchive<impl Read + Seek>, remaining: u64) -> Result<Vec<Entry>, SourceError> {
    if archive.len() > MOST_ENTRIES {
        let most = MOST_ENTRIES.to_string();
        return Err(SourceError::Hostile(Clause::TooManyEntries { most }));
    }
    let mut entries = Vec::new();
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        if leads_out(&name) {
            return Err(SourceError::Hostile(Clause::EntryOutside { entry: name }));
        }
        if entry.is_symlink() {
            return Err(SourceError::Hostile(Clause::EntryLink { entry: name }));
        }
        if entry.encrypted() {
            return Err(SourceError::Hostile(Clause::EntryEncrypted { entry: name }));
        }
        declared = declared.saturating_add(entry.size());
        if declared > remaining {
            return Err(SourceError::TooLarge);
        }
        // Windows wrote backslashes for years, against the format; names of GTFS files contain none.
        let name = name.replace('\\', "/");
        let path = PathBuf::from(&name);
        if entry.is_file() && !name.ends_with('/') && !is_litter(&path) {
            entries.push(Entry { index, path });
        }
    }
    Ok(entries)
}

/// Whether a name is absolute, contains `..`, or names a drive (`C:\`).
fn leads_out(name: &str) -> bool {
    let climbs = name.split(['/', '\\']).any(|part| part == "..");
    climbs || name.starts_with(['/', '\\']) || name.contains(':') || name.contains('\0')
}

/// The folder inside an archive that holds the feed; `None` when there is none.
fn root_of(entries: &[Entry]) -> Result<Option<PathBuf>, SourceError> {
    let landmarks = entries
        .iter()
        .filter(|entry| entry.name().eq_ignore_ascii_case(LANDMARK));
    let mut roots = landmarks.map(Entry::folder);
    match (roots.next(), roots.next()) {
        (Some(one), Some(two)) => Err(SourceError::Ambiguous(
            one.display().to_string(),
            two.display().to_string(),
        )),
        (root, _) => Ok(root.map(Path::to_owned)),
    }
}

fn inner_archive(entries: &[Entry]) -> Result<Option<&Entry>, SourceError> {
    let inner: Vec<&Entry> = entries.iter().filter(|entry| entry.is_archive()).collect();
    match inner.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => {
            let names = several.iter().take(10).map(|entry| entry.path.display().to_string());
            Err(SourceError::SeveralArchives(names.collect()))
        }
    }
}
