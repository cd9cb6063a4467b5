//! Where the buses of a company are (contract section 7).

use std::sync::Arc;

use app::tracking::account;
use app::tracking::account::Span;
use app::work::Work;
use domain::id::TrackerId;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Moment, Skip, Take, TakePositions};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use body::Toggle;
use refusal::{Object, Objects};
use wire::{FmsObject, FmsObjectList, OneFmsObject, Track};

pub mod body;
pub mod refusal;
pub mod wire;

/// Operations on tracked objects.
#[derive(Debug, Clone, Copy)]
pub struct TrackingApi;

#[OpenApi(prefix_path = "/v2/geolocation/fms-objects", tag = "Chapter::Tracking")]
impl TrackingApi {
    /// List tracked objects
    ///
    /// Returns the objects that the tracking providers of the company track, sorted by name. Each object includes its
    /// latest position.
    #[oai(path = "/", method = "get", operation_id = "listFmsObjects")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        person: AtCompany,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<FmsObjectList, Objects> {
        let (take, skip) = valid((take, skip))?;
        let pool = &state.platform.pool;
        let (objects, total) = account::list(pool, person.company_id, take.0.into(), skip.0.into()).await?;
        Ok(Reply::new(FmsObjectList {
            fms_objects: objects.into_iter().map(FmsObject::from).collect(),
            total,
        }))
    }

    /// Turn tracking on or off
    ///
    /// If you turn tracking on, the position is fetched immediately, and then at the interval of the account at the
    /// tracking provider. If you turn it off, positions are no longer fetched or stored; stored positions are kept. If
    /// tracking is already in the requested state, nothing changes.
    #[oai(path = "/:id/toggle", method = "post", operation_id = "toggleFmsObject")]
    pub(crate) async fn toggle(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        person: AtCompany,
        /// Id of the tracked object.
        id: Path<TrackerId>,
        body: Strict<Toggle>,
    ) -> Answer<OneFmsObject, Object> {
        let (now, cause) = (state.platform.clock.now(), context.cause());
        let object = account::toggle(&work, now, person.company_id, id.0, body.0.enabled, &cause).await?;
        Ok(Reply::new(OneFmsObject {
            fms_object: object.into(),
        }))
    }

    /// List the positions of an object
    ///
    /// Returns the positions in a time span, sorted by the time of the tracker in ascending order. The span is at most
    /// 31 days.
    #[oai(path = "/:id/positions", method = "get", operation_id = "listPositions")]
    #[expect(clippy::too_many_arguments, reason = "parameters of the operation")]
    pub(crate) async fn positions(
        &self,
        state: Shared<'_>,
        person: AtCompany,
        /// Id of the tracked object.
        id: Path<TrackerId>,
        /// Start of the span, inclusive. Defaults to 24 hours before `to`.
        from: Query<Option<Moment>>,
        /// End of the span, exclusive. Defaults to now.
        to: Query<Option<Moment>>,
        /// Page size.
        take: Query<TakePositions>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<Track, Object> {
        let (from, to, take, skip) = valid((from, to, take, skip))?;
        let platform = &state.platform;
        let (from, to) = account::span(from.map(|m| m.0), to.map(|m| m.0), platform.clock.now());
        let span = Span {
            from,
            to,
            take: take.0.into(),
            skip: skip.0.into(),
        };
        let (positions, total) = account::track(&platform.pool, person.company_id, id.0, &span).await?;
        Ok(Reply::new(Track {
            positions: positions.into_iter().map(Into::into).collect(),
            total,
        }))
    }
}
