//! Zip archives as request bodies, read as they arrive.

use std::io::ErrorKind;

use app::error::{AppError, FieldError};
use bytes::Bytes;
use clients::gtfs_source::MOST_DOWNLOAD;
use futures::StreamExt;
use futures::stream::BoxStream;
use poem::http::header;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::error::{ApiError, Code};

/// The media type.
pub const MEDIA_TYPE: &str = "application/zip";

/// A zip archive that is still to be read. The reader limits its size, and [`crate::middleware::body`] the time.
pub struct Archive(poem::Body);

impl Archive {
    /// Its bytes.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, Result<Bytes, std::io::Error>> {
        self.0.into_bytes_stream().boxed()
    }
}

impl<'a> ApiExtractor<'a> for Archive {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let file = MetaSchema {
            format: Some("binary"),
            max_length: Some(MOST_DOWNLOAD),
            ..MetaSchema::new("string")
        };
        Some(MetaRequest {
            description: Some("A GTFS feed as a zip archive of at most 256 MiB."),
            content: vec![MetaMediaType {
                content_type: MEDIA_TYPE,
                schema: MetaSchemaRef::Inline(Box::new(file)),
            }],
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let text = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = text.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(MEDIA_TYPE) {
            return Err(not_an_archive().into());
        }
        Ok(Self(body.take()?))
    }
}

/// The error for a body of another media type.
#[must_use]
pub fn not_an_archive() -> ApiError {
    ApiError::new(Code::UnsupportedMediaType, format!("Content-Type must be {MEDIA_TYPE}"))
}

/// The error for a body that exceeds the limit.
#[must_use]
pub fn too_large() -> ApiError {
    ApiError::new(Code::PayloadTooLarge, format!("The body is over {MOST_DOWNLOAD} bytes"))
}

/// The error for a body that cannot be read to its end.
#[must_use]
pub fn unreadable(error: &std::io::Error) -> ApiError {
    let (constraint, message) = match error.kind() {
        ErrorKind::TimedOut => ("timeout", "must arrive in time"),
        _ => ("format", "cannot be read"),
    };
    AppError::Validation(vec![FieldError::new("body", constraint, message)]).into()
}
