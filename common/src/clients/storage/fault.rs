//! What goes wrong with a store: a sentence for the company that waits for its report, and the cause for the log.

use std::error::Error;
use std::io;

use crate::clients::BoxError;

/// A store that did not do what it was asked. Every such failure may mend: people free a disk and repair permissions.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct StorageError {
    /// What is wrong, in words that name no internals.
    pub words: &'static str,
    #[source]
    source: Option<BoxError>,
}

impl StorageError {
    /// It does not answer in time.
    #[must_use]
    pub const fn slow() -> Self {
        Self {
            words: "The file store does not answer in time",
            source: None,
        }
    }
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        Self {
            words: words(&error),
            source: Some(error.into()),
        }
    }
}

impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        // The writer of object_store wraps the store's errors.
        match error.downcast::<object_store::Error>() {
            Ok(inner) => inner.into(),
            Err(error) => Self {
                words: of_disk(error.kind()).unwrap_or(FAILED),
                source: Some(error.into()),
            },
        }
    }
}

const FAILED: &str = "The file store failed";

fn words(error: &object_store::Error) -> &'static str {
    use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
    let causes = std::iter::successors(Some(error as &dyn Error), |cause| (*cause).source());
    let mut disks = causes.filter_map(|cause| of_disk(cause.downcast_ref::<io::Error>()?.kind()));
    if let Some(words) = disks.next() {
        return words;
    }
    match error {
        PermissionDenied { .. } | Unauthenticated { .. } => "The file store refuses access",
        NotFound { .. } => "The file store is not there",
        _ => FAILED,
    }
}

fn of_disk(kind: io::ErrorKind) -> Option<&'static str> {
    use io::ErrorKind::{
        ConnectionRefused, ConnectionReset, FileTooLarge, HostUnreachable, NetworkUnreachable, NotADirectory,
        PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull, TimedOut,
    };
    match kind {
        StorageFull | QuotaExceeded | FileTooLarge => Some("The file store is full"),
        PermissionDenied | ReadOnlyFilesystem | NotADirectory => Some("The file store cannot be written to"),
        ConnectionRefused | ConnectionReset | HostUnreachable | NetworkUnreachable => {
            Some("The file store cannot be reached")
        }
        TimedOut => Some("The file store does not answer in time"),
        _ => None,
    }
}
