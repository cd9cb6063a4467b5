//! Where the files of reports and the archives of timetables are, as use cases see it. The stores themselves are the crate `storage`'s business.
//!
//! Callers name an object by its key, such as `reports/cmp_…/rpt_…/1/orders-2026-11-01_2026-11-30.csv`; what the last
//! part says is what people see when they save the file.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::provider::Fault;
use futures::stream::BoxStream;

use super::BoxError;
use super::breaker::{Place, TurnedAway};

/// The bytes of an object, as they arrive.
pub type Download = BoxStream<'static, Result<Bytes, StorageError>>;

/// A store of files.
#[async_trait]
pub trait FileStore: Send + Sync {
    /// A place at the store for work that is done in the background, which must not begin while the store fails.
    ///
    /// # Errors
    /// When it is left alone for now.
    async fn enter(&self) -> Result<Place<'_>, TurnedAway>;

    /// Opens an object to be read from its beginning; `None` if it does not exist.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    async fn read(&self, key: &str) -> Result<Option<Download>, StorageError>;

    /// Begins an object. It is not visible before it is finished.
    fn upload(&self, key: &str) -> Box<dyn Upload>;

    /// Removes every object below a folder of keys, and what uploads left there that were killed half-way. A missing
    /// folder is not an error.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    async fn remove(&self, folder: &str) -> Result<(), StorageError>;

    /// Whether an object exists.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    async fn holds(&self, key: &str) -> Result<bool, StorageError>;

    /// A link to an object that is good for `lifetime`, and when it ends. Whether the object exists is not checked.
    ///
    /// # Errors
    /// When the link cannot be signed.
    async fn link(
        &self,
        key: &str,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<(String, DateTime<Utc>), StorageError>;
}

/// An object on its way into a store. When it is dropped the store keeps nothing that is visible.
#[async_trait]
pub trait Upload: Send {
    /// Adds bytes; waits while as many parts are under way as may be.
    ///
    /// # Errors
    /// When the store refuses or is too slow.
    async fn put(&mut self, bytes: Bytes) -> Result<(), StorageError>;

    /// Makes the object visible, whole.
    ///
    /// # Errors
    /// When the store refuses or is too slow; the object may be there all the same.
    async fn finish(self: Box<Self>) -> Result<(), StorageError>;

    /// Gives up: parts that were sent are removed where the store allows it.
    async fn abort(self: Box<Self>);
}

/// A store that did not do what it was asked. Every such failure may pass: people free a disk and repair permissions.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct StorageError {
    /// What is wrong, in words that name no internals: the company that waits for its report reads them.
    pub words: &'static str,
    /// Whose fault it is: the store's, or our setup's (a disk that is full, a permission, a missing bucket).
    pub fault: Fault,
    /// The cause, for the log.
    #[source]
    pub source: Option<BoxError>,
}
