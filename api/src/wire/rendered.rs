//! Responses whose bytes already exist: rendered before, or composed from rendered parts.

use std::marker::PhantomData;

use bytes::Bytes;
use kernel::memo::Memo;
use poem::http::{HeaderValue, header};
use poem::{FromRequest, IntoResponse, Request, RequestBody, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponses, Registry};
use schemars::JsonSchema;
use serde::Serialize;

use super::reply::{Envelope, Reply};
use super::{coding, etag, gzip};
use crate::error::ApiError;

/// Bytes of bodies that a process keeps.
const KEPT: usize = 8 * 1024 * 1024;

/// Whether the client accepts gzip: an argument of handlers that return [`Rendered`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TakesGzip(pub bool);

impl<'a> FromRequest<'a> for TakesGzip {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(coding::accepts_gzip(request.headers())))
    }
}

/// About the number of headers that the layers add: reserved, since a map that grows copies itself.
const HEADERS: usize = 16;

/// The bytes of a body.
#[derive(Debug, Clone)]
pub struct Written {
    /// The bytes that are sent.
    pub bytes: Bytes,
    /// Whether they are compressed with gzip.
    pub packed: bool,
    /// The tag of the content, if it is known.
    pub tag: Option<HeaderValue>,
}

impl Written {
    /// A body that is not compressed.
    #[must_use]
    pub const fn plain(bytes: Bytes) -> Self {
        Self {
            bytes,
            packed: false,
            tag: None,
        }
    }

    /// A body that is compressed with gzip.
    #[must_use]
    pub const fn packed(bytes: Bytes) -> Self {
        Self {
            bytes,
            packed: true,
            tag: None,
        }
    }

    /// The body, compressed at a fast level if the client accepts gzip and that is worth it.
    #[must_use]
    pub fn compressed(self, TakesGzip(wanted): TakesGzip) -> Self {
        if self.packed || !wanted || self.bytes.len() < coding::WORTH_IT {
            return self;
        }
        Self {
            bytes: gzip::fast(&self.bytes),
            packed: true,
            tag: self.tag,
        }
    }
}

/// A success whose body is already written; the document shows it as [`Reply`] of `T`.
#[derive(Debug)]
pub struct Rendered<T> {
    written: Written,
    shape: PhantomData<fn() -> T>,
}

impl<T> From<Written> for Rendered<T> {
    fn from(written: Written) -> Self {
        Self {
            written,
            shape: PhantomData,
        }
    }
}

impl<T: Send> IntoResponse for Rendered<T> {
    fn into_response(self) -> Response {
        let Written { bytes, packed, tag } = self.written;
        let mut response = Response::builder().body(bytes);
        let headers = response.headers_mut();
        headers.reserve(HEADERS);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Some(tag) = tag {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

impl<T: JsonSchema> ApiResponse for Rendered<T> {
    fn meta() -> MetaResponses {
        Reply::<T>::meta()
    }

    fn register(_: &mut Registry) {}
}

/// A body in both forms, with its tag.
#[derive(Debug, Clone)]
struct Kept {
    plain: Bytes,
    packed: Option<Bytes>,
    tag: HeaderValue,
}

/// Bodies that are the same for every caller as long as the published state is the same. They are rendered, compressed
/// and hashed once.
#[derive(Debug)]
pub struct Bodies(Memo<(u64, String), Kept>);

impl Default for Bodies {
    fn default() -> Self {
        Self(Memo::new(KEPT))
    }
}

impl Bodies {
    /// The body that `key` names in this reading of the published state; `data` makes its content.
    ///
    /// # Errors
    /// When the data cannot be serialised, which does not happen.
    pub fn body<T: Serialize>(
        &self,
        reading: u64,
        key: String,
        TakesGzip(gzip): TakesGzip,
        data: impl FnOnce() -> T,
    ) -> Result<Rendered<T>, ApiError> {
        let key = (reading, key);
        let kept = match self.0.get(&key) {
            Some(kept) => kept,
            None => {
                let plain = written(data())?;
                let kept = Kept {
                    packed: (plain.len() >= coding::WORTH_IT).then(|| gzip::small(&plain)),
                    tag: etag::of(&plain),
                    plain: plain.into(),
                };
                let weight = kept.plain.len() + kept.packed.as_ref().map_or(0, Bytes::len) + key.1.len() + 200;
                self.0.insert(key, kept.clone(), weight);
                kept
            }
        };
        let (bytes, packed) = match kept.packed.filter(|_| gzip) {
            Some(packed) => (packed, true),
            None => (kept.plain, false),
        };
        let tag = Some(kept.tag);
        Ok(Written { bytes, packed, tag }.into())
    }
}

/// A body with this data.
///
/// # Errors
/// When the data cannot be serialised, which does not happen.
pub fn written<T: Serialize>(data: T) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(&Envelope { data })
        .map_err(|error| ApiError::fault(format!("the response cannot be serialized: {error}")))
}
