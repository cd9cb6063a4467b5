//! Responses: `{ "data": ... }` written directly by serde, and the other responses of an operation.

use std::marker::PhantomData;

use app::error::AppError;
use domain::id::BookingId;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use schemars::JsonSchema;
use serde::Serialize;

use super::schema;
use crate::error::{ApiError, ErrorBody};

mod cookie;

pub use cookie::{AttemptCookie, Cookies};

/// The envelope of a successful response.
#[derive(Serialize, JsonSchema)]
pub(super) struct Envelope<T> {
    pub(super) data: T,
}

/// A success with a body, 200 unless `STATUS` says otherwise.
#[derive(Debug)]
pub struct Reply<T, const STATUS: u16 = 200> {
    data: T,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// The response of an operation: its data, or a failure out of `R`.
pub type Answer<T, R, const STATUS: u16 = 200> = Result<Reply<T, STATUS>, Failure<R>>;

impl<T, const STATUS: u16> Reply<T, STATUS> {
    /// A response with `data`.
    #[must_use]
    pub const fn new(data: T) -> Self {
        Self {
            data,
            headers: Vec::new(),
        }
    }

    /// The same response with a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl<T: Serialize + Send, const STATUS: u16> IntoResponse for Reply<T, STATUS> {
    fn into_response(self) -> Response {
        let body = match serde_json::to_vec(&Envelope { data: self.data }) {
            Ok(body) => body,
            Err(error) => return ApiError::fault(format!("the response cannot be serialized: {error}")).response(),
        };
        let status = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
        let mut response = Response::builder()
            .status(status)
            .content_type("application/json")
            .body(body);
        response.headers_mut().extend(self.headers);
        response
    }
}

impl<T: JsonSchema, const STATUS: u16> ApiResponse for Reply<T, STATUS> {
    fn meta() -> MetaResponses {
        let description = match STATUS {
            201 => "Created.",
            202 => "Accepted.",
            _ => "Success.",
        };
        MetaResponses {
            responses: vec![json(STATUS, description, schema::written::<Envelope<T>>())],
        }
    }

    fn register(_: &mut Registry) {}
}

/// A success (200) whose body is the data itself, without the envelope. Used by the old partner API.
#[derive(Debug)]
pub struct Bare<T>(pub T);

impl<T: Serialize + Send> IntoResponse for Bare<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => Response::builder().content_type("application/json").body(body),
            Err(error) => ApiError::fault(format!("the response cannot be serialized: {error}")).response(),
        }
    }
}

impl<T: JsonSchema> ApiResponse for Bare<T> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![json(200, "Success.", schema::written::<T>())],
        }
    }

    fn register(_: &mut Registry) {}
}

/// A success without a body: 204.
#[derive(Debug, Default)]
pub struct Empty {
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Empty {
    /// The same response with a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl IntoResponse for Empty {
    fn into_response(self) -> Response {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}

impl ApiResponse for Empty {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "Success, without a body.",
                status: Some(204),
                status_range: None,
                content: Vec::new(),
                headers: Vec::new(),
            }],
        }
    }

    fn register(_: &mut Registry) {}
}

/// A response about a booking that may have been moved to another id. If it was, `Content-Location` names the current
/// one (contract section 5).
#[derive(Debug)]
pub struct MayHaveMoved<R>(R);

impl<T, const STATUS: u16> MayHaveMoved<Reply<T, STATUS>> {
    /// A response with `data`. `current` is the id that the booking was moved to, if it was.
    #[must_use]
    pub fn new(data: T, current: Option<BookingId>) -> Self {
        let reply = Reply::new(data);
        let location = current.and_then(|id| HeaderValue::from_str(&format!("/v2/bookings/{id}")).ok());
        Self(match location {
            Some(location) => reply.header(header::CONTENT_LOCATION, location),
            None => reply,
        })
    }
}

impl<R: IntoResponse> IntoResponse for MayHaveMoved<R> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<R: ApiResponse> ApiResponse for MayHaveMoved<R> {
    fn meta() -> MetaResponses {
        with_header::<R, CurrentBooking>("Content-Location", MOVED, false)
    }

    fn register(_: &mut Registry) {}
}

const MOVED: &str = "Path of the current booking. Present if the carrier moved all tickets of the requested booking \
                     to this one. The response is about this one.";

/// Path of a booking.
#[derive(Serialize, JsonSchema)]
#[schemars(inline, example = &"/v2/bookings/bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
struct CurrentBooking(#[schemars(length(max = 100))] String);

/// The responses of `R` with one more header, whose value is a `T`.
fn with_header<R: ApiResponse, T: JsonSchema>(name: &str, description: &str, required: bool) -> MetaResponses {
    let mut meta = R::meta();
    for response in &mut meta.responses {
        response.headers.push(MetaHeader {
            name: name.to_owned(),
            description: Some(description.to_owned()),
            required,
            deprecated: false,
            schema: schema::written::<T>(),
        });
    }
    meta
}

fn json(status: u16, description: &'static str, schema: MetaSchemaRef) -> MetaResponse {
    MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content: vec![MetaMediaType {
            content_type: "application/json",
            schema,
        }],
        headers: Vec::new(),
    }
}

/// Refusals of an operation, in addition to those that operations share (`crate::openapi` adds these: 400, 401, 413,
/// 415, 500 and 503, where they apply).
pub trait Refusals: Send + Sync + 'static {
    /// Statuses with their codes and what these mean.
    const LIST: &'static [(u16, &'static str)];
}

/// Declares [`Refusals`] from lists.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $list:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl $crate::wire::reply::Refusals for $name {
            const LIST: &'static [(u16, &'static str)] = &$list;
        }
    )*};
}

pub(crate) use refusals;

impl Refusals for () {
    const LIST: &'static [(u16, &'static str)] = &[];
}

/// A failure of an operation whose own refusals are `R`.
#[derive(Debug)]
pub struct Failure<R>(ApiError, PhantomData<fn() -> R>);

impl<R> From<ApiError> for Failure<R> {
    fn from(error: ApiError) -> Self {
        Self(error, PhantomData)
    }
}

impl<R> From<AppError> for Failure<R> {
    fn from(error: AppError) -> Self {
        ApiError::from(error).into()
    }
}

impl<R> From<Failure<R>> for poem::Error {
    fn from(failure: Failure<R>) -> Self {
        failure.0.into()
    }
}

impl<R: Refusals> ApiResponse for Failure<R> {
    fn meta() -> MetaResponses {
        let responses = R::LIST
            .iter()
            .map(|(status, meaning)| json(*status, meaning, schema::written::<ErrorBody>()))
            .collect();
        MetaResponses { responses }
    }

    fn register(_: &mut Registry) {}
}
