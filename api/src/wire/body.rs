//! Request bodies: JSON, strict, with the path of every offending field.

use app::error::FieldError;
use poem::error::ReadBodyError;
use poem::http::header;
use poem::{Request, RequestBody};
use poem_openapi::error::ContentTypeError;
use poem_openapi::registry::{MetaMediaType, MetaRequest};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::rules::Rules;
use super::schema;
use crate::error::ApiError;

/// A request body. Its schema is in the document and validates it; serde reads it. `bodies!` implements this trait.
pub trait Body: DeserializeOwned + JsonSchema + Send {
    /// The rules of the schema, built once.
    ///
    /// # Errors
    /// A schema that cannot be checked. A test ensures that there is none.
    fn rules() -> Result<&'static Rules, ApiError>;
}

/// Implements [`Body`] for types.
macro_rules! bodies {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::wire::body::Body for $type {
            fn rules() -> Result<&'static $crate::wire::rules::Rules, $crate::error::ApiError> {
                static RULES: std::sync::LazyLock<Result<$crate::wire::rules::Rules, serde_json::Error>> =
                    std::sync::LazyLock::new($crate::wire::rules::Rules::of::<$type>);
                RULES.as_ref().map_err(|error| $crate::error::ApiError::fault(error.to_string()))
            }
        }
    )+};
}

pub(crate) use bodies;

/// A required body.
#[derive(Debug)]
pub struct Strict<T>(pub T);

/// An optional body. If it is absent, it is `T::default()`.
#[derive(Debug)]
pub struct Optional<T>(pub T);

impl<'a, T: Body> ApiExtractor<'a> for Strict<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        Some(meta::<T>(true))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let bytes = read(body).await?;
        check_content_type(request)?;
        if bytes.is_empty() {
            return Err(wrong("body", "required", "is required").into());
        }
        Ok(Self(parse(&bytes)?))
    }
}

impl<'a, T: Body + Default> ApiExtractor<'a> for Optional<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        Some(meta::<T>(false))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let bytes = read(body).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        check_content_type(request)?;
        Ok(Self(parse(&bytes)?))
    }
}

fn meta<T: Body>(required: bool) -> MetaRequest {
    MetaRequest {
        description: None,
        content: vec![MetaMediaType {
            content_type: "application/json",
            schema: schema::read::<T>(),
        }],
        required,
    }
}

async fn read(body: &mut RequestBody) -> poem::Result<Vec<u8>> {
    match body.take() {
        Ok(body) => Ok(body.into_vec().await?),
        Err(ReadBodyError::BodyHasBeenTaken) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

fn check_content_type(request: &Request) -> Result<(), ContentTypeError> {
    let Some(content_type) = request.headers().get(header::CONTENT_TYPE) else {
        return Err(ContentTypeError::ExpectContentType);
    };
    let text = content_type.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(ContentTypeError::NotSupported {
            content_type: text.to_owned(),
        })
    }
}

/// Maximum number of values in a body, including objects, arrays and members: a hundred times as many as the largest
/// regular body has.
const MAX_VALUES: usize = 10_000;

/// Depth of nesting at which serde_json gives up.
const MAX_DEPTH: usize = 128;

/// Whether a text has more JSON values than a body may have. Building a tree out of a body that has nothing but small
/// values takes a thousand times as long as looking at its bytes, and would keep others waiting.
///
/// Nesting that is too deep for serde_json is left to serde_json to refuse. It stops there, so the rest costs nothing.
fn is_too_rich(bytes: &[u8]) -> bool {
    let (mut values, mut depth, mut in_text, mut escaped) = (1, 0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' if !in_text => values += 1,
            b'[' | b'{' if !in_text => (values, depth) = (values + 1, depth + 1),
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return false;
        }
        if values > MAX_VALUES {
            return true;
        }
    }
    false
}

fn parse<T: Body>(bytes: &[u8]) -> Result<T, ApiError> {
    if is_too_rich(bytes) {
        let message = format!("has more than {MAX_VALUES} values");
        return Err(wrong("body", "maxItems", &message));
    }
    let body: Value = serde_json::from_slice(bytes).map_err(|error| wrong("body", "json", &error.to_string()))?;
    let broken = T::rules()?.broken_by(&body);
    if !broken.is_empty() {
        return Err(ApiError::validation(broken));
    }
    // From the text again: a `Value` has lost the members that were given twice.
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| misshapen(&error))
}

fn wrong(field: &str, constraint: &str, message: &str) -> ApiError {
    ApiError::validation(vec![FieldError::new(field, constraint, message)])
}

/// Errors that only serde detects: duplicate members, and texts of the wrong format.
fn misshapen(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let text = error.inner().to_string();
    let sentence = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(sentence, _)| sentence);
    let path = error.path().to_string();
    match sentence.strip_prefix("duplicate field `") {
        Some(name) => wrong(
            &member(&path, name.trim_end_matches('`')),
            "single",
            "must be given once",
        ),
        None => wrong(&path, "type", sentence),
    }
}

/// The path of a member of the object at `at`; some errors' paths end in the member already.
fn member(at: &str, name: &str) -> String {
    if at == name || at.strip_suffix(name).is_some_and(|before| before.ends_with('.')) {
        at.to_owned()
    } else if at == "." {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
