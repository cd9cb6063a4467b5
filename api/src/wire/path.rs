//! Path parameters. An id of the wrong format is answered like an unknown id (contract section 1).

use app::error::{AppError, AppResult, Noun};
use app::jobs::queue::QueueName;
use app::story::StoryId;
use chrono::NaiveDate;
use domain::departure::DepartureId;
use domain::id::{
    ApiKeyId, BookingId, CityId, DiscountId, InvitationId, PartnerId, ReportId, ReportScheduleId, SessionId, StopId,
    TicketId, TimetableUploadId, TrackerId, TripId, UserId,
};
use ledger::id::JobId;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions, types};

use super::value::{EXAMPLE_ID, ID_TEXT, LONGEST_ID};
use crate::error::ApiError;

/// A thing that a path parameter can name.
pub trait Named: Sized + Send {
    /// A text that names one, for the document.
    fn example() -> String;

    /// The thing that a text names.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if the text cannot name anything.
    fn named(text: &str) -> AppResult<Self>;
}

macro_rules! named {
    ($($id:ty: $noun:ident),*) => {$(
        impl Named for $id {
            fn example() -> String {
                <$id>::from(EXAMPLE_ID).to_string()
            }

            fn named(text: &str) -> AppResult<Self> {
                text.parse().map_err(|_| AppError::NotFound(Noun::$noun))
            }
        }
    )*};
}

named!(
    CityId: City,
    StopId: Stop,
    BookingId: Booking,
    TicketId: Ticket,
    ReportId: Report,
    TrackerId: Tracker,
    ApiKeyId: Resource,
    PartnerId: Resource,
    SessionId: Resource,
    UserId: Resource,
    InvitationId: Resource,
    ReportScheduleId: Resource,
    DiscountId: Resource,
    TimetableUploadId: Resource,
    JobId: Job
);

impl Named for DepartureId {
    fn example() -> String {
        let service_day = NaiveDate::from_ymd_opt(2026, 6, 10).unwrap_or_default();
        let trip_id = TripId::from(EXAMPLE_ID);
        Self { trip_id, service_day }.to_string()
    }

    fn named(text: &str) -> AppResult<Self> {
        text.parse().map_err(|_| AppError::NotFound(Noun::Resource))
    }
}

impl Named for StoryId {
    fn example() -> String {
        <TicketId as Named>::example()
    }

    fn named(text: &str) -> AppResult<Self> {
        text.parse().map_err(|_| AppError::NotFound(Noun::Resource))
    }
}

impl Named for QueueName {
    fn example() -> String {
        app::jobs::queue::EMAIL.name().to_owned()
    }

    fn named(text: &str) -> AppResult<Self> {
        text.parse().map_err(|_| AppError::NotFound(Noun::Queue))
    }
}

/// A ticket, by the name of its file: its id and `.pdf`. The document shows the ending in the path, behind the
/// parameter (`crate::openapi`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketFile(pub TicketId);

impl Named for TicketFile {
    fn example() -> String {
        <TicketId as Named>::example()
    }

    fn named(text: &str) -> AppResult<Self> {
        let id = text.strip_suffix(".pdf").ok_or(AppError::NotFound(Noun::Ticket))?;
        TicketId::named(id).map(Self)
    }
}

/// The name of a city in URLs, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(pub String);

impl Named for Slug {
    fn example() -> String {
        "kyiv".to_owned()
    }

    fn named(text: &str) -> AppResult<Self> {
        Ok(Self(text.to_owned()))
    }
}

/// A path parameter.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<'a, T: Named> ApiExtractor<'a> for Path<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = true;

    // The type that poem-openapi's own validators check; none are used.
    type ParamType = types::Any<()>;
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Path)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(MetaSchemaRef::Inline(Box::new(MetaSchema {
            example: Some(T::example().into()),
            pattern: Some(ID_TEXT.to_owned()),
            max_length: Some(LONGEST_ID),
            ..MetaSchema::new("string")
        })))
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let text = request.raw_path_param(options.name).unwrap_or_default();
        Ok(Self(T::named(text).map_err(ApiError::from)?))
    }
}
