//! Times how soon sales work again once the faults of a round have ended. The other clients do not show this: they
//! repeat for up to 90 seconds what they began during the faults.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Days;
use futures::future::join_all;
use secrecy::SecretString;

use super::partner::Partner;
use super::{LoadContext, Round, Sold};
use crate::rng::Rng;
use crate::settings::Settings;

/// Day after today whose departures it sells. No other client sells these, nor those of the days around it: it has free
/// seats, and the sale closes no expired ticket that a sweep is to close. The demo is always on sale for 60 days.
const DAY: u64 = 45;

/// First of the parts of the seed, per round, from which it draws; there is one for each API.
const PART: u64 = 90;

/// Pause between two attempts.
const PAUSE: Duration = Duration::from_millis(100);

/// No attempt begins after this time. The last attempt may go on for longer, as its requests are repeated: if it were
/// cut off, its booking would not be recorded.
const LIMIT: Duration = Duration::from_secs(90);

/// How soon an API sold again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstSale {
    /// Number of the API, from 1.
    pub api: u64,
    /// Milliseconds until a search had found offers; `None` when none did.
    pub search: Option<u64>,
    /// Milliseconds until a booking had been created; `None` when none was.
    pub booking: Option<u64>,
}

impl FirstSale {
    /// Both times, each with the name of what it is about.
    pub const fn times(&self) -> [(&'static str, Option<u64>); 2] {
        [("search", self.search), ("booking", self.booking)]
    }
}

/// Searches and books at each API, concurrently, until a booking is created there; no attempt begins after 90 seconds.
/// All requests are sent now or later; the times count from `healed`. The bookings are recorded like those of other
/// clients, and canceled, so that the day never sells out.
pub async fn first_sales(context: &LoadContext, settings: &Settings, of: Round, healed: Instant) -> Vec<FirstSale> {
    let day = of.today.checked_add_days(Days::new(DAY)).unwrap_or(of.today);
    let sales = context.api.each().into_iter().zip(1..).map(|(api, number)| {
        let partner = Partner {
            context: LoadContext {
                api: Arc::new(api),
                ..context.clone()
            },
            api_key: SecretString::clone(&settings.api_key_2),
            rng: Rng::part(of.seed, of.number * 100 + PART + number),
            day,
            name: format!("r{}f{number}", of.number),
        };
        first_sale(partner, number, healed)
    });
    join_all(sales).await
}

async fn first_sale(mut partner: Partner, api: u64, healed: Instant) -> FirstSale {
    let mut sale = FirstSale {
        api,
        search: None,
        booking: None,
    };
    let mut number = 0;
    while sale.booking.is_none() && healed.elapsed() < LIMIT {
        number += 1;
        if let Some(offer) = partner.search(1).await {
            sale.search = sale.search.or(Some(millis_since(healed)));
            let key = format!("{}n{number}", partner.name);
            let mut journey = partner.create_from(&offer, 1, key).await;
            if journey.state == Sold::Created {
                sale.booking = Some(millis_since(healed));
                partner.cancel(&mut journey).await;
            }
            partner.context.records.add(journey);
        }
        tokio::time::sleep(PAUSE).await;
    }
    sale
}

fn millis_since(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}
