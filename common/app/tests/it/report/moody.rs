//! A store that does what a test wants: it keeps parts waiting at a gate, is full, or never answers.

use std::fmt;
use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result, UploadPart,
};
use tokio::sync::Semaphore;

/// What it does with bytes.
#[derive(Debug, Clone)]
pub enum Mood {
    /// Lets as many pass as the gate has places; notifies the other semaphore of each that came.
    Gate { came: Arc<Semaphore>, gate: Arc<Semaphore> },
    /// No space left on the device, after this number of parts.
    Full { after: usize },
    /// Never answers.
    Silent,
}

impl Mood {
    pub fn gate() -> (Self, Arc<Semaphore>, Arc<Semaphore>) {
        let (came, gate) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let mood = Self::Gate {
            came: Arc::clone(&came),
            gate: Arc::clone(&gate),
        };
        (mood, came, gate)
    }

    async fn pass(&self, part: usize) -> Result<()> {
        match self {
            Self::Gate { came, gate } => {
                came.add_permits(1);
                gate.acquire().await.unwrap().forget();
                Ok(())
            }
            Self::Full { after } if part >= *after => Err(object_store::Error::Generic {
                store: "moody",
                source: io::Error::from(io::ErrorKind::StorageFull).into(),
            }),
            Self::Full { .. } => Ok(()),
            Self::Silent => std::future::pending().await,
        }
    }
}

#[derive(Debug)]
pub struct Moody {
    pub inner: Arc<dyn ObjectStore>,
    pub mood: Mood,
}

impl fmt::Display for Moody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "moody {}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for Moody {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        self.mood.pass(0).await?;
        self.inner.put_opts(location, payload, opts).await
    }

    async fn put_multipart_opts(&self, location: &Path, opts: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(Parts {
            inner: self.inner.put_multipart_opts(location, opts).await?,
            mood: self.mood.clone(),
            sent: 0,
        }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[derive(Debug)]
struct Parts {
    inner: Box<dyn MultipartUpload>,
    mood: Mood,
    sent: usize,
}

#[async_trait]
impl MultipartUpload for Parts {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let (part, mood, sent) = (self.inner.put_part(data), self.mood.clone(), self.sent);
        self.sent += 1;
        Box::pin(async move {
            mood.pass(sent).await?;
            part.await
        })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        self.inner.complete().await
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}
