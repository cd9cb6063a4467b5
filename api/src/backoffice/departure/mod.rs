//! Departures of a company: ticket counts, passengers, closing and reopening their sale.

use std::sync::Arc;

use app::Actor;
use app::departure;
use app::error::{AppError, AppResult};
use app::work::Work;
use domain::departure::DepartureId;
use domain::id::RouteId;
use domain::language::Language;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::state::{Shared, State};
use crate::wire::body::Optional;
use crate::wire::param::{Date, NamesIn, RouteKey, Skip, Take, window};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use body::DepartureSale;
use manifest::DepartureManifest;
use plan::OneDeparture;
use refusal::{List, Read, Sale};
use wire::{Departure, DepartureList};

pub mod body;
pub mod manifest;
pub mod plan;
pub mod refusal;
pub mod wire;

/// Operations on departures.
#[derive(Debug, Clone, Copy)]
pub struct DepartureApi;

#[OpenApi(prefix_path = "/v2/departures", tag = "Chapter::Departures")]
impl DepartureApi {
    /// List departures
    ///
    /// Returns the departures of the company within a range of service days, sorted by departure time, each with its
    /// ticket counts. Departures that a later timetable does not contain are included while passengers hold tickets.
    #[oai(path = "/", method = "get", operation_id = "listDepartures")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// First service day, as the timetable counts days: in the time zone of the company.
        #[oai(name = "dateFrom")]
        date_from: Query<Date>,
        /// Last service day, inclusive. The range is at most 31 days.
        #[oai(name = "dateTo")]
        date_to: Query<Date>,
        /// Only departures on this route. If the company has no such route, the list is empty.
        #[oai(name = "routeId")]
        route_id: Query<Option<RouteKey>>,
        /// Language of names.
        language: Query<NamesIn>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<DepartureList, List> {
        let asked = (date_from, date_to, route_id, language, take, skip);
        let (from, to, route, language, take, skip) = valid(asked)?;
        let route: Option<RouteId> = route
            .map(|key| key.0.parse())
            .transpose()
            .map_err(|_| AppError::field("routeId", "id", "must be the id of a route"))?;
        let (days, page) = ((from.0, to.0), window(&take, &skip));
        let (departures, total) = departure::list(&state.platform, office.company_id, days, route, page).await?;
        let shown = departures.into_iter().map(|found| Departure::new(found, language.0));
        Ok(Reply::new(DepartureList {
            departures: shown.collect(),
            total,
        }))
    }

    /// Get a departure
    ///
    /// Returns the departure with its stops, its seats and the tickets that hold them, and the history of its sale.
    #[oai(path = "/:id", method = "get", operation_id = "getDeparture")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Id of the departure.
        id: Path<DepartureId>,
        /// Language of names.
        language: Query<NamesIn>,
    ) -> Answer<OneDeparture, Read> {
        let (language,) = valid((language,))?;
        let found = departure::get(&state.platform, office.company_id, id.0).await?;
        Ok(Reply::new(OneDeparture::new(found, language.0)))
    }

    /// Get the passengers of a departure
    ///
    /// Returns the passengers by boarding stop: names, phone numbers, seats, notes, and the amounts due on board.
    /// Orders that hold no seat are not included.
    #[oai(path = "/:id/manifest", method = "get", operation_id = "getDepartureManifest")]
    pub(crate) async fn manifest(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Id of the departure.
        id: Path<DepartureId>,
        /// Language of names.
        language: Query<NamesIn>,
    ) -> Answer<DepartureManifest, Read> {
        let (language,) = valid((language,))?;
        let found = departure::get(&state.platform, office.company_id, id.0).await?;
        Ok(Reply::new(DepartureManifest::new(found, language.0)))
    }

    /// Close a departure for sale
    ///
    /// Stops the sale immediately: searches no longer find the departure, and offers for it are refused. Tickets
    /// that were sold stay valid and can still be paid. If the sale is already closed, nothing changes.
    #[oai(path = "/:id/close", method = "post", operation_id = "closeDeparture")]
    pub(crate) async fn close(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        /// Id of the departure.
        id: Path<DepartureId>,
        body: Optional<DepartureSale>,
    ) -> Answer<OneDeparture, Sale> {
        let actor = actor(&office, &context, body.0.reason);
        Ok(set(&state, &work, &actor, office, id.0, true).await?)
    }

    /// Reopen a departure for sale
    ///
    /// Puts the departure on sale again. If the sale is not closed, nothing changes. A departure that a timetable took
    /// off sale (`Withdrawn`) stays off sale.
    #[oai(path = "/:id/reopen", method = "post", operation_id = "reopenDeparture")]
    pub(crate) async fn reopen(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        /// Id of the departure.
        id: Path<DepartureId>,
        body: Optional<DepartureSale>,
    ) -> Answer<OneDeparture, Sale> {
        let actor = actor(&office, &context, body.0.reason);
        Ok(set(&state, &work, &actor, office, id.0, false).await?)
    }
}

fn actor(office: &AtCompany, context: &RequestContext, reason: Option<String>) -> Actor {
    Actor::new(office.person.user_id, context.cause()).because(reason)
}

async fn set(
    state: &State,
    work: &Work,
    actor: &Actor,
    office: AtCompany,
    id: DepartureId,
    is_closed: bool,
) -> AppResult<Reply<OneDeparture>> {
    let found = departure::set_closed(&state.platform, work, office.company_id, actor, id, is_closed).await?;
    Ok(Reply::new(OneDeparture::new(found, Language::Uk)))
}
