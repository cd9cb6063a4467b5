//! Fares, tariffs and exchange rates.

use std::collections::HashMap;

use domain::exchange_rate::Rates;
use domain::id::RouteId;
use domain::money::{Currency, Money};
use domain::tariff::Tariff;
use domain::timetable::FareKey;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Indexed;
use crate::error::AppResult;

pub(super) async fn feeds_with_tariffs(conn: &mut PgConnection, feeds: &mut Indexed) -> AppResult<Vec<Option<Tariff>>> {
    let rows = sqlx::query!(
        r#"select id, tariff_currency as "currency: Currency", tariff_base as base, tariff_per_km as per_km from feeds"#
    )
    .fetch_all(conn)
    .await?;
    feeds.0 = rows.iter().map(|row| row.id).zip(0..).collect();
    let tariff = |(currency, base, per_km): (Option<Currency>, Option<Decimal>, Option<Decimal>)| {
        Some(Tariff {
            currency: currency?,
            base: base?,
            per_km: per_km?,
        })
    };
    Ok(rows
        .into_iter()
        .map(|row| tariff((row.currency, row.base, row.per_km)))
        .collect())
}

pub(super) async fn fares(
    conn: &mut PgConnection,
    feeds: &Indexed,
    zones: &HashMap<(u32, String), u32>,
) -> AppResult<HashMap<FareKey, Vec<Money>>> {
    let rows = sqlx::query!(
        r#"select feed_id, route_id, origin_zone, destination_zone, currency as "currency: Currency", amount
           from fares order by id"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut fares: HashMap<FareKey, Vec<Money>> = HashMap::new();
    for row in rows {
        let feed = feeds.get(row.feed_id)?;
        let scope = (row.route_id, row.origin_zone, row.destination_zone);
        if let Some(key) = key(feed, scope, zones) {
            fares.entry(key).or_default().push(Money::new(row.amount, row.currency));
        }
    }
    let rows = sqlx::query!("select feed_id, route_id, origin_zone, destination_zone from unpriced_scopes")
        .fetch_all(conn)
        .await?;
    for row in rows {
        let feed = feeds.get(row.feed_id)?;
        let scope = (row.route_id, row.origin_zone, row.destination_zone);
        if let Some(key) = key(feed, scope, zones) {
            fares.insert(key, Vec::new());
        }
    }
    Ok(fares)
}

/// The scope of a fare; `None` for one between zones without stops, which applies to no ride.
fn key(
    feed: u32,
    (route, origin, destination): (Option<Uuid>, Option<String>, Option<String>),
    zones: &HashMap<(u32, String), u32>,
) -> Option<FareKey> {
    let zone = |name: Option<String>| match name {
        Some(name) => zones.get(&(feed, name)).copied().map(Some),
        None => Some(None),
    };
    Some(FareKey {
        feed,
        route: route.map(RouteId),
        origin: zone(origin)?,
        destination: zone(destination)?,
    })
}

/// Exchange rates as stored.
///
/// # Errors
/// Database errors only.
pub async fn rates(conn: &mut PgConnection) -> AppResult<Rates> {
    let rows = sqlx::query!(r#"select base as "base: Currency", quote as "quote: Currency", rate from exchange_rates"#)
        .fetch_all(conn)
        .await?;
    Ok(Rates::new(rows.into_iter().map(|row| (row.base, row.quote, row.rate))))
}
