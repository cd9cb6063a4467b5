//! PDF files as responses.

use poem::http::{HeaderValue, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};

const MEDIA_TYPE: &str = "application/pdf";

/// Maximum size in bytes. A ticket has about a tenth of it: its texts are bounded, and its fonts are subsets.
const LONGEST: usize = 1 << 20;

/// A success (200) whose body is a PDF file, to be saved.
#[derive(Debug)]
pub struct Pdf {
    bytes: Vec<u8>,
    name: String,
}

impl Pdf {
    /// A file with a name of letters, digits, dots, dashes and underscores.
    #[must_use]
    pub const fn new(bytes: Vec<u8>, name: String) -> Self {
        Self { bytes, name }
    }
}

impl IntoResponse for Pdf {
    fn into_response(self) -> Response {
        let mut response = Response::builder().content_type(MEDIA_TYPE).body(self.bytes);
        let disposition = format!("attachment; filename=\"{}\"", self.name);
        if let Ok(disposition) = HeaderValue::try_from(disposition) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

impl ApiResponse for Pdf {
    fn meta() -> MetaResponses {
        let file = MetaSchema {
            format: Some("binary"),
            max_length: Some(LONGEST),
            ..MetaSchema::new("string")
        };
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The file.",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: MEDIA_TYPE,
                    schema: MetaSchemaRef::Inline(Box::new(file)),
                }],
                headers: Vec::new(),
            }],
        }
    }

    fn register(_: &mut Registry) {}
}
