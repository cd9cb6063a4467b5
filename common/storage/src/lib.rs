//! Storage of report files and uploaded timetables: a folder, an S3-compatible store or Google Cloud Storage, behind
//! one interface.
//!
//! Callers name an object by its key, such as `reports/cmp_…/rpt_…/1/orders-2026-11-01_2026-11-30.csv`; its last part
//! is the name under which browsers save the file. A prefix from the settings is put before every key.

use std::fmt;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use clients::SLOTS;
use clients::breaker::{BreakerSlot, Breakers, TurnedAway};
use clients::storage::{Download, FileStore, StorageError, Upload};
use config::Settings;
use connect::SettingError;
use domain::link::{LinkError, LinkKey};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use metrics::prometheus_client::registry::Registry;
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{Attribute, Attributes, ObjectStore, ObjectStoreExt};

mod ask;
mod build;
mod capacity;
mod fault;
mod upload;

use ask::ask;
use fault::{of_io, of_store, slow};
use upload::PartedUpload;

/// Content type of report files.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// Content type of archives.
const ARCHIVE_TYPE: &str = "application/zip";

/// Path of the links to files in a folder, below `PUBLIC_URL`.
pub const FILES_PATH: &str = "/files";

/// How long a store may take for one step before it counts as failed: its own time-outs and retries end sooner.
const TIMEOUT: Duration = Duration::from_secs(150);

/// The store of the settings.
#[derive(Debug, Clone)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    links: Links,
    timeout: Duration,
    breakers: Arc<Breakers>,
}

/// How links are signed.
#[derive(Clone)]
enum Links {
    /// By us: the API serves the files.
    Folder {
        folder: PathBuf,
        key: Arc<LinkKey>,
        base: String,
    },
    /// By the store.
    Store(Arc<dyn Signer>),
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder { folder, .. } => f.debug_tuple("Folder").field(folder).finish(),
            Self::Store(_) => f.write_str("Store"),
        }
    }
}

/// A file to send.
pub struct Opened {
    /// Its length in bytes.
    pub size: u64,
    bytes: BoxStream<'static, Result<Bytes, object_store::Error>>,
}

impl Opened {
    /// Its bytes, as they are read.
    #[must_use]
    pub fn into_bytes(self) -> BoxStream<'static, std::io::Result<Bytes>> {
        self.bytes.map_err(std::io::Error::from).boxed()
    }
}

impl Storage {
    /// The store of `STORAGE_URL` and related settings (see [`Settings`]). No request is made yet.
    ///
    /// # Errors
    /// When one of the settings cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, SettingError> {
        build::storage(settings)
    }

    /// Registers the free space of the folder; for other stores there is nothing to measure.
    pub fn register(&self, registry: &mut Registry) {
        if let Links::Folder { folder, .. } = &self.links {
            capacity::register(registry, folder.clone());
        }
    }

    /// The same with the store wrapped, for tests in which a store fails.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn over(self, wrap: impl FnOnce(Arc<dyn ObjectStore>) -> Arc<dyn ObjectStore>, timeout: Duration) -> Self {
        Self {
            store: wrap(self.store),
            timeout,
            ..self
        }
    }

    /// Checks whether a link opens an object of the folder.
    ///
    /// # Errors
    /// Forged when the signature is wrong or the files are not in a folder, expired when its time is over.
    pub fn verify(&self, key: &str, expires: i64, signature: &str, now: DateTime<Utc>) -> Result<(), LinkError> {
        match &self.links {
            Links::Folder { key: secret, .. } => secret.verify(key, expires, signature, now),
            Links::Store(_) => Err(LinkError::Forged),
        }
    }

    /// Opens an object; `None` when there is none.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub async fn open(&self, key: &str) -> Result<Option<Opened>, StorageError> {
        // A key that is not canonical (`..`, an empty part) names no object.
        let Ok(path) = Path::parse(key) else { return Ok(None) };
        let path = self.path(path.as_ref());
        let opening = async {
            match self.store.get(&path).await {
                Ok(found) => Ok(Some(Opened {
                    size: found.meta.size,
                    bytes: found.into_stream(),
                })),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(of_store(error)),
            }
        };
        ask("get", opening).await
    }

    fn path(&self, key: &str) -> Path {
        self.prefix.parts().chain(Path::from(key).parts()).collect()
    }
}

#[async_trait]
impl FileStore for Storage {
    async fn enter(&self) -> Result<BreakerSlot<'_>, TurnedAway> {
        self.breakers.enter("").await
    }

    async fn read(&self, key: &str) -> Result<Option<Download>, StorageError> {
        let opened = tokio::time::timeout(self.timeout, self.open(key))
            .await
            .map_err(|_| slow())??;
        let timeout = self.timeout;
        Ok(opened.map(|opened| {
            let bytes = opened.bytes.map_err(of_store);
            futures::stream::try_unfold(bytes, move |mut bytes| async move {
                let next = tokio::time::timeout(timeout, bytes.try_next())
                    .await
                    .map_err(|_| slow())??;
                Ok(next.map(|next| (next, bytes)))
            })
            .boxed()
        }))
    }

    fn upload(&self, key: &str) -> Box<dyn Upload> {
        let content_type = if key.ends_with(".zip") {
            ARCHIVE_TYPE
        } else {
            CONTENT_TYPE
        };
        // A folder stores no attributes and refuses them; the API adds them when it serves the file.
        let attributes = match &self.links {
            Links::Folder { .. } => None,
            Links::Store(_) => Some(Attributes::from_iter([
                (Attribute::ContentType, content_type.to_owned()),
                (Attribute::ContentDisposition, content_disposition(key)),
            ])),
        };
        let store = Arc::clone(&self.store);
        Box::new(PartedUpload::new(store, self.path(key), attributes, self.timeout))
    }

    async fn remove(&self, folder: &str) -> Result<(), StorageError> {
        let removing = async {
            if let Links::Folder { folder: root, .. } = &self.links {
                return remove_folder(&root.join(folder)).await;
            }
            let listed = self.store.list(Some(&self.path(folder))).map_ok(|meta| meta.location);
            let mut removed = self.store.delete_stream(listed.boxed());
            loop {
                match removed.try_next().await {
                    Ok(None) => return Ok(()),
                    Ok(Some(_)) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(of_store(error)),
                }
            }
        };
        let bounded = async {
            let removed = tokio::time::timeout(self.timeout, removing).await;
            removed.map_err(|_| slow())?
        };
        ask("delete", bounded).await
    }

    async fn size(&self, key: &str) -> Result<Option<u64>, StorageError> {
        let path = self.path(key);
        let looking = async {
            match tokio::time::timeout(self.timeout, self.store.head(&path)).await {
                Err(_) => Err(slow()),
                Ok(Ok(meta)) => Ok(Some(meta.size)),
                Ok(Err(object_store::Error::NotFound { .. })) => Ok(None),
                Ok(Err(error)) => Err(of_store(error)),
            }
        };
        ask("head", looking).await
    }

    async fn link(
        &self,
        key: &str,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<(String, DateTime<Utc>), StorageError> {
        match &self.links {
            Links::Folder { key: secret, base, .. } => {
                // Whole seconds, so that link and response agree.
                let expires = (now + lifetime).timestamp();
                let signature = secret.sign(key, expires);
                let url = format!("{base}{FILES_PATH}/{key}?expires={expires}&signature={signature}");
                Ok((url, DateTime::from_timestamp(expires, 0).unwrap_or(now)))
            }
            Links::Store(signer) => {
                let seconds = lifetime.to_std().unwrap_or_default();
                let path = self.path(key);
                let url = signer.signed_url(object_store::signer::Method::GET, &path, seconds);
                let url = tokio::time::timeout(self.timeout, url).await.map_err(|_| slow())?;
                Ok((url.map_err(of_store)?.into(), now + lifetime))
            }
        }
    }
}

/// The header that makes a browser save a file under the last part of its key. We choose the keys: letters, digits,
/// dots, dashes.
#[must_use]
pub fn content_disposition(key: &str) -> String {
    let name = key.rsplit('/').next().unwrap_or_default();
    format!("attachment; filename=\"{name}\"")
}

/// Removes a folder as a whole, because a listing does not include the remains of interrupted uploads.
async fn remove_folder(folder: &FilePath) -> Result<(), StorageError> {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(of_io(error)),
        _ => Ok(()),
    }
}

/// The breaker of the store.
fn breakers() -> Arc<Breakers> {
    Arc::new(Breakers::new("file store", SLOTS).alone())
}
