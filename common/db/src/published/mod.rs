//! Reads the published state that the API keeps in memory: timetable, catalogue, companies, fares, rates.

use std::collections::HashMap;

use domain::timetable::Parts;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::{AppError, AppResult};

mod fare;
pub(super) mod place;
pub(super) mod route;
pub(super) mod trip;

pub use fare::rates;

/// Everything that is published. Call it in a `repeatable read` transaction: all of one version, never a mix.
///
/// # Errors
/// Database errors, and stored values that no release of this project writes.
pub async fn load(conn: &mut PgConnection) -> AppResult<Parts> {
    let version = super::publication::version(conn).await?;
    let cities = place::cities(conn).await?;
    let mut feeds = Indexed::default();
    let tariffs = fare::feeds_with_tariffs(conn, &mut feeds).await?;
    let mut zones = HashMap::new();
    let mut stop_index = HashMap::new();
    let stops = place::feed_stops(conn, &feeds, &cities, &mut zones, &mut stop_index).await?;
    let (trips, stop_times) = trip::trips(conn, &feeds, &stop_index).await?;
    let fares = fare::fares(conn, &feeds, &zones).await?;
    Ok(Parts {
        version,
        feeds: tariffs,
        stops,
        trips,
        stop_times,
        fares,
        rates: rates(conn).await?,
    })
}

/// Ids and the index each has in its list.
#[derive(Default)]
struct Indexed(HashMap<Uuid, u32>);

impl Indexed {
    fn get(&self, id: Uuid) -> AppResult<u32> {
        self.0
            .get(&id)
            .copied()
            .ok_or_else(|| corrupt("a row refers to one that is not there", &id))
    }
}

fn corrupt(what: &str, value: &dyn std::fmt::Debug) -> AppError {
    AppError::Internal(format!("published state: {what}: {value:?}"))
}
