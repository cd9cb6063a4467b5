//! Where the buses of a company are (contract section 7).

use std::sync::Arc;

use common::app::fms;
use common::app::work::Work;
use common::db::position::Span;
use common::id::FmsObjectId;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::person::{AtCompany, Buses};
use crate::middleware::trace::Facts;
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
pub struct GeolocationApi;

#[OpenApi(prefix_path = "/v2/geolocation/fms-objects", tag = "Chapter::Geolocation")]
impl GeolocationApi {
    /// List tracked objects
    ///
    /// What the fleet providers of the company track, by name, each with its latest position.
    #[oai(path = "/", method = "get", operation_id = "listFmsObjects")]
    async fn list(
        &self,
        state: Shared<'_>,
        person: AtCompany<Buses>,
        /// How many to answer with.
        take: Query<Take>,
        /// How many to leave out first; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<FmsObjectList, Objects> {
        let (take, skip) = valid((take, skip))?;
        let pool = &state.platform.pool;
        let (objects, total) = fms::list(pool, person.company_id, take.0.into(), skip.0.into()).await?;
        Ok(Reply::new(FmsObjectList {
            fms_objects: objects.into_iter().map(FmsObject::from).collect(),
            total,
        }))
    }

    /// Switch tracking on or off
    ///
    /// On: the position is fetched at once, and from then on at the interval of the account. Off: nothing more is fetched
    /// or stored; what is stored stays. A switch that stands so already is left alone.
    #[oai(path = "/:id/toggle", method = "post", operation_id = "toggleFmsObject")]
    async fn toggle(
        &self,
        state: Shared<'_>,
        facts: Data<&Arc<Facts>>,
        work: Data<&Work>,
        person: AtCompany<Buses>,
        /// Id of the tracked object.
        id: Path<FmsObjectId>,
        body: Strict<Toggle>,
    ) -> Answer<OneFmsObject, Object> {
        let (now, cause) = (state.platform.clock.now(), facts.cause());
        let object = fms::toggle(&work, now, person.company_id, id.0, body.0.enabled, &cause).await?;
        Ok(Reply::new(OneFmsObject {
            fms_object: object.into(),
        }))
    }

    /// Read a track
    ///
    /// Positions of an object, ascending by the time of the tracker. At most 31 days at a time.
    #[oai(path = "/:id/positions", method = "get", operation_id = "listPositions")]
    #[expect(clippy::too_many_arguments, reason = "parameters of the operation")]
    async fn positions(
        &self,
        state: Shared<'_>,
        person: AtCompany<Buses>,
        /// Id of the tracked object.
        id: Path<FmsObjectId>,
        /// First instant of the span; a day before `to` unless given.
        from: Query<Option<Moment>>,
        /// End of the span, itself not in it; now unless given.
        to: Query<Option<Moment>>,
        /// How many to answer with.
        take: Query<TakePositions>,
        /// How many to leave out first; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<Track, Object> {
        let (from, to, take, skip) = valid((from, to, take, skip))?;
        let platform = &state.platform;
        let (from, to) = fms::span(from.map(|m| m.0), to.map(|m| m.0), platform.clock.now());
        let span = Span {
            from,
            to,
            take: take.0.into(),
            skip: skip.0.into(),
        };
        let (positions, total) = fms::track(&platform.pool, person.company_id, id.0, &span).await?;
        Ok(Reply::new(Track {
            positions: positions.into_iter().map(Into::into).collect(),
            total,
        }))
    }
}
