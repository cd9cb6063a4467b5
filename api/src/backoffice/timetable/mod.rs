//! Timetables that companies upload.

use std::sync::Arc;

use app::timetable::season;
use app::timetable::upload::{self as timetable, Destination, ReceiveError};
use app::work::Work;
use domain::id::TimetableUploadId;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::{Chapter, author};
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::error::ApiError;
use crate::state::Shared;
use crate::wire::archive::{self, Archive};
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use refusal::{Check, CheckUndo, Publish, Read, ReadOne, Undo, Upload};
use season_wire::{RouteSeasons, SeasonList};
use wire::{OneTimetableUpload, TimetableUpload, TimetableUploadList};

pub mod reason_wire;
pub mod refusal;
pub mod report_wire;
pub mod season_wire;
pub mod wire;
mod words;

/// Operations on timetables.
#[derive(Debug, Clone, Copy)]
pub struct TimetableApi;

#[OpenApi(prefix_path = "/v2/timetable", tag = "Chapter::Timetable")]
impl TimetableApi {
    /// Upload a timetable
    ///
    /// Takes a GTFS feed as a zip archive. Nothing is published: the archive is checked in the background, and compared
    /// with the published timetable. Poll the upload until its status is `Ready`, `Refused` or `Failed`. All agencies
    /// of the feed must be those of the company. Buses that the feed does not describe stay as they are.
    #[oai(path = "/uploads", method = "post", operation_id = "uploadTimetable")]
    pub(crate) async fn upload(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: AtCompany,
        body: Archive,
    ) -> Answer<OneTimetableUpload, Upload, 202> {
        let to = Destination {
            pool: state.platform.pool.clone(),
            storage: Arc::new(state.storage.clone()),
            clock: state.platform.clock.clone(),
        };
        let by = (caller.company_id, caller.person.user_id);
        let received = timetable::receive(&work, &to, by, body.into_stream(), &context.cause()).await;
        let received = received.map_err(|error| match error {
            ReceiveError::Body(error) => archive::unreadable(&error),
            ReceiveError::TooLarge => archive::too_large(),
            ReceiveError::App(error) => ApiError::from(error),
        })?;
        Ok(Reply::new(received.into()))
    }

    /// List uploaded timetables
    ///
    /// Returns the uploads of the company, newest first, without their reports.
    #[oai(path = "/uploads", method = "get", operation_id = "listTimetableUploads")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        caller: AtCompany,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<TimetableUploadList, Read> {
        let (take, skip) = valid((take, skip))?;
        let page = timetable::list(&state.platform.pool, caller.company_id, take.0, skip.0).await?;
        Ok(Reply::new(TimetableUploadList {
            uploads: page.uploads.into_iter().map(TimetableUpload::from).collect(),
            total: usize::try_from(page.total).unwrap_or(usize::MAX),
            can_undo: page.can_undo,
        }))
    }

    /// Get an uploaded timetable
    ///
    /// Returns the upload with its progress, and the result of its check or publication.
    #[oai(path = "/uploads/:id", method = "get", operation_id = "getTimetableUpload")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        caller: AtCompany,
        /// Id of the upload.
        id: Path<TimetableUploadId>,
    ) -> Answer<OneTimetableUpload, ReadOne> {
        let upload = timetable::get(&state.platform.pool, caller.company_id, id.0).await?;
        Ok(Reply::new(upload.into()))
    }

    /// Check an uploaded timetable again
    ///
    /// Compares the upload with the timetable that is published now, in the background, and replaces its report. Poll
    /// the upload until its status is `Ready`, `Refused` or `Failed`. Uploads that were published cannot be checked.
    #[oai(path = "/uploads/:id/check", method = "post", operation_id = "checkTimetableUpload")]
    pub(crate) async fn check(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: AtCompany,
        /// Id of the upload.
        id: Path<TimetableUploadId>,
    ) -> Answer<OneTimetableUpload, Check, 202> {
        let (clock, cause) = (&state.platform.clock, context.cause());
        let upload = timetable::check(&work, clock, caller.company_id, id.0, &cause).await?;
        Ok(Reply::new(upload.into()))
    }

    /// Publish an uploaded timetable
    ///
    /// Replaces the timetable of the company with the uploaded one, in the background. Poll the upload until its status
    /// is `Published`, `Refused` or `Failed`. Tickets that were sold follow their departures; which ones are affected
    /// is determined at publication, and then shown in the report. If the published timetable has changed since the
    /// check, the request is refused: check the upload again.
    #[oai(
        path = "/uploads/:id/publish",
        method = "post",
        operation_id = "publishTimetableUpload"
    )]
    pub(crate) async fn publish(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: AtCompany,
        /// Id of the upload.
        id: Path<TimetableUploadId>,
    ) -> Answer<OneTimetableUpload, Publish, 202> {
        let (clock, cause) = (&state.platform.clock, context.cause());
        let by = author(&caller.person, &context);
        let upload = timetable::publish(&work, clock, &by, caller.company_id, id.0, &cause).await?;
        Ok(Reply::new(upload.into()))
    }

    /// Check the undo of a publication
    ///
    /// Returns a new upload of kind `Undo` whose report says what `undoTimetable` would do. Poll it until its status is
    /// `Ready`, `Refused` or `Failed`; publish it with `publishTimetableUpload` if it is `Ready`. An earlier `Undo`
    /// that is still `Ready` is deleted, and its id is then unknown.
    #[oai(path = "/undo/check", method = "post", operation_id = "checkTimetableUndo")]
    pub(crate) async fn check_undo(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: AtCompany,
    ) -> Answer<OneTimetableUpload, CheckUndo, 202> {
        let (clock, cause) = (&state.platform.clock, context.cause());
        let who = (caller.company_id, caller.person.user_id);
        let upload = timetable::check_undo(&work, clock, who, &cause).await?;
        Ok(Reply::new(upload.into()))
    }

    /// Undo a publication
    ///
    /// Restores the timetable that the latest publication replaced, in the background. The response is a new upload of
    /// kind `Undo`: poll it until its status is `Published`, `Refused` or `Failed`. It is refused if the platform has
    /// changed the timetable since. Undoing once more restores the timetable that was undone.
    #[oai(path = "/undo", method = "post", operation_id = "undoTimetable")]
    pub(crate) async fn undo(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: AtCompany,
    ) -> Answer<OneTimetableUpload, Undo, 202> {
        let (clock, cause) = (&state.platform.clock, context.cause());
        let by = author(&caller.person, &context);
        let who = (caller.company_id, caller.person.user_id);
        let upload = timetable::undo(&work, clock, &by, who, &cause).await?;
        Ok(Reply::new(upload.into()))
    }

    /// List seasons
    ///
    /// Returns the routes of the published timetable by name, with their seasons: ranges of service days. A gap of more
    /// than two weeks begins a new season. Trips that run on the same days share one.
    #[oai(path = "/seasons", method = "get", operation_id = "listSeasons")]
    pub(crate) async fn seasons(
        &self,
        state: Shared<'_>,
        caller: AtCompany,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<SeasonList, Read> {
        let (take, skip) = valid((take, skip))?;
        let (routes, total) = season::list(&state.platform.pool, caller.company_id, take.0, skip.0).await?;
        Ok(Reply::new(SeasonList {
            routes: routes.into_iter().map(RouteSeasons::from).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }
}
