//! Errors of a store: a sentence for the company that waits for its report, and the cause for the log.

use std::error::Error;
use std::io;

use clients::storage::StorageError;
use domain::provider::Fault;

/// The store did not answer in time.
pub const fn slow() -> StorageError {
    StorageError {
        words: "The file store did not answer in time",
        fault: Fault::Provider,
        source: None,
    }
}

/// The meaning of an error of the store.
pub fn of_store(error: object_store::Error) -> StorageError {
    let words = words(&error);
    StorageError {
        words,
        fault: fault(words),
        source: Some(error.into()),
    }
}

/// The meaning of an error of a disk, or of the writer of object_store.
pub fn of_io(error: io::Error) -> StorageError {
    // The writer wraps the store's errors.
    match error.downcast::<object_store::Error>() {
        Ok(inner) => of_store(inner),
        Err(error) => {
            let words = of_disk(error.kind()).unwrap_or(FAILED);
            StorageError {
                words,
                fault: fault(words),
                source: Some(error.into()),
            }
        }
    }
}

const FAILED: &str = "The file store failed";
const REFUSES: &str = "The file store refuses access";
const MISSING: &str = "The file store does not exist";
const FULL: &str = "The file store is full";
const READ_ONLY: &str = "The file store cannot be written to";

/// Whose fault it is: what operators must repair is a fault of our setup.
fn fault(words: &str) -> Fault {
    match words {
        REFUSES | MISSING | FULL | READ_ONLY => Fault::Setup,
        _ => Fault::Provider,
    }
}

fn words(error: &object_store::Error) -> &'static str {
    use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
    let causes = std::iter::successors(Some(error as &dyn Error), |cause| (*cause).source());
    let mut disks = causes.filter_map(|cause| of_disk(cause.downcast_ref::<io::Error>()?.kind()));
    if let Some(words) = disks.next() {
        return words;
    }
    match error {
        PermissionDenied { .. } | Unauthenticated { .. } => REFUSES,
        NotFound { .. } => MISSING,
        _ => FAILED,
    }
}

fn of_disk(kind: io::ErrorKind) -> Option<&'static str> {
    use io::ErrorKind::{
        ConnectionRefused, ConnectionReset, FileTooLarge, HostUnreachable, NetworkUnreachable, NotADirectory,
        PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull, TimedOut,
    };
    match kind {
        StorageFull | QuotaExceeded | FileTooLarge => Some(FULL),
        PermissionDenied | ReadOnlyFilesystem | NotADirectory => Some(READ_ONLY),
        ConnectionRefused | ConnectionReset | HostUnreachable | NetworkUnreachable => {
            Some("The file store could not be reached")
        }
        TimedOut => Some("The file store did not answer in time"),
        _ => None,
    }
}
