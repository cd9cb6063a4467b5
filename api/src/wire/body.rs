//! Request bodies: JSON, strict, with the path of every offending field.

use std::borrow::Cow;

use common::error::FieldError;
use garde::Validate;
use poem::error::ReadBodyError;
use poem::http::header;
use poem::{Request, RequestBody};
use poem_openapi::error::ContentTypeError;
use poem_openapi::registry::{MetaMediaType, MetaRequest};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::schema;
use crate::error::ApiError;

/// What a body can be: shape by serde (`deny_unknown_fields`), rules by garde, schema by schemars.
pub trait Body: DeserializeOwned + Validate<Context = ()> + JsonSchema + Send {}

impl<T: DeserializeOwned + Validate<Context = ()> + JsonSchema + Send> Body for T {}

/// A body that has to be there.
#[derive(Debug)]
pub struct Strict<T>(pub T);

/// A body that may be left out; then it is `T::default()`.
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

fn parse<T: Body>(bytes: &[u8]) -> Result<T, ApiError> {
    refuse_nul(bytes)?;
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(wrong("body", "type", "must be an object")); // serde would read an array field by field
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| misshapen(&error))?;
    deserializer
        .end()
        .map_err(|error| wrong("body", "json", &error.to_string()))?;
    let Err(report) = value.validate() else {
        return Ok(value);
    };
    let mut fields: Vec<_> = report
        .iter()
        .map(|(path, error)| {
            let (constraint, message) = rule(error.message());
            FieldError::new(camel(&path.to_string()), constraint, message)
        })
        .collect();
    fields.reverse(); // garde reports the last field first
    Err(ApiError::validation(fields))
}

fn wrong(field: &str, constraint: &str, message: &str) -> ApiError {
    ApiError::validation(vec![FieldError::new(field, constraint, message)])
}

/// The constraint behind a sentence of garde's, and the sentence as we say it.
fn rule(sentence: &str) -> (&'static str, String) {
    const RULES: [(&str, &str, &str); 6] = [
        ("length is lower than ", "minLength", "must not be shorter than "),
        ("length is greater than ", "maxLength", "must not be longer than "),
        ("lower than ", "min", "must be at least "),
        ("greater than ", "max", "must be at most "),
        ("has more than ", "multipleOf", "must not have more than "),
        ("does not match pattern ", "pattern", "must match "),
    ];
    if sentence.starts_with("not a valid email") {
        return ("email", "must be an e-mail address".to_owned());
    }
    RULES
        .into_iter()
        .find_map(|(start, constraint, ours)| Some((constraint, format!("{ours}{}", sentence.strip_prefix(start)?))))
        .unwrap_or_else(|| ("rule", sentence.to_owned()))
}

/// garde names fields as Rust does, the wire in camel case.
fn camel(path: &str) -> String {
    let mut camel = String::with_capacity(path.len());
    let mut letters = path.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '_' => camel.extend(letters.next().map(|next| next.to_ascii_uppercase())),
            letter => camel.push(letter),
        }
    }
    camel
}

/// What serde says of a body that is not of its shape, as field, constraint and sentence.
fn misshapen(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let inner = error.inner();
    let text = inner.to_string();
    let sentence = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(sentence, _)| sentence);
    if inner.is_syntax() || inner.is_eof() {
        return wrong("body", "json", &text);
    }
    let path = error.path().to_string();
    let at = if path == "." { "" } else { path.as_str() };
    let (constraint, message) = match sentence {
        _ if sentence.starts_with("unknown field") => ("unknown", "is not a field of this request"),
        _ if sentence.starts_with("missing field") => ("required", "is required"),
        _ if sentence.starts_with("duplicate field") => ("single", "must be given once"),
        _ if sentence.starts_with("unknown ") => ("enum", sentence),
        _ => ("type", sentence),
    };
    let field = match constraint {
        "type" | "enum" if at.is_empty() => "body".to_owned(),
        "type" | "enum" => at.to_owned(),
        _ => member(at, sentence.split('`').nth(1).unwrap_or_default()),
    };
    wrong(&field, constraint, message)
}

/// The path of a member of the object at `at`; some errors' paths end in the member already.
fn member(at: &str, name: &str) -> String {
    if at == name || at.strip_suffix(name).is_some_and(|before| before.ends_with('.')) {
        at.to_owned()
    } else if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

/// PostgreSQL cannot store U+0000; a body that has one is refused before anything reads it. JSON can only hold it
/// escaped, so that a body without the escape (nearly every one) costs one scan.
fn refuse_nul(bytes: &[u8]) -> Result<(), ApiError> {
    const ESCAPE: &[u8] = b"\\u0000";
    if !bytes.windows(ESCAPE.len()).any(|window| window == ESCAPE) {
        return Ok(());
    }
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return Ok(());
    };
    let mut fields = Vec::new();
    find_nul(&value, Cow::Borrowed(""), &mut fields);
    if fields.is_empty() {
        Ok(())
    } else {
        Err(ApiError::validation(fields))
    }
}

fn find_nul(value: &Value, path: Cow<'_, str>, found: &mut Vec<FieldError>) {
    match value {
        Value::String(text) if text.contains('\0') => {
            let field = if path.is_empty() { "body".into() } else { path };
            found.push(FieldError::new(field, "text", "must not contain the NUL character"));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                find_nul(item, format!("{path}[{at}]").into(), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                find_nul(member, path.into(), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
