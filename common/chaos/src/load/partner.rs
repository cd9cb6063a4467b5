//! A partner: searches, creates bookings, then pays, books or abandons them, and sometimes cancels. Bookings are created
//! with an Idempotency-Key; half of the actions have none, so that they can share a transaction with others.

use std::time::Duration;

use chrono::NaiveDate;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::governor::may_begin;
use super::http::Answer;
use super::{Journey, LoadContext, LoadPhase, MAIL_DOMAIN, Sold};
use crate::rng::Rng;

/// Pairs of cities of the demo data.
const ROUTES: [(&str, &str); 3] = [("kyiv", "lviv"), ("kyiv", "wroclaw"), ("lviv", "wroclaw")];

/// Refusals that are expected.
const HONEST: [&str; 4] = [
    "SEATS_UNAVAILABLE",
    "DEPARTURE_CLOSED",
    "OFFER_EXPIRED",
    "OFFER_NOT_FOUND",
];

/// The refusal of an action that was carried out before.
const CONFLICT: &str = "ORDER_CONFLICT";

/// Status of refusals that are not stored for an idempotency key.
const NOT_STORED: u16 = 409;

/// One client of a partner.
pub struct Partner {
    /// What all load generators share.
    pub context: LoadContext,
    /// API key of the partner.
    pub api_key: SecretString,
    /// The source of its decisions.
    pub rng: Rng,
    /// The day of the departures that it sells.
    pub day: NaiveDate,
    /// A name that is unique in a run.
    pub name: String,
}

impl Partner {
    /// Sells until the load is to end, and finishes what it has begun.
    pub(super) async fn run(mut self, mut phase: watch::Receiver<LoadPhase>) {
        let mut number = 0;
        while may_begin(&mut phase).await {
            number += 1;
            let key = format!("{}n{number}", self.name);
            self.sell(key).await;
            tokio::time::sleep(Duration::from_millis(20 + self.rng.below(120))).await;
        }
    }

    async fn sell(&mut self, key: String) {
        let Some(mut journey) = self.create(key).await else {
            return;
        };
        if journey.state == Sold::Created {
            self.decide(&mut journey).await;
        }
        self.context.records.add(journey);
    }

    /// Creates a booking, which is neither paid nor recorded yet; `None` when there is nothing to book.
    pub(super) async fn create(&mut self, key: String) -> Option<Journey> {
        let passengers = usize::try_from(1 + self.rng.below(3)).unwrap_or(1);
        let offer = self.search(passengers).await?;
        Some(self.create_from(&offer, passengers, key).await)
    }

    /// Creates a booking of an offer, which is neither paid nor recorded yet.
    pub(super) async fn create_from(&mut self, offer: &str, passengers: usize, key: String) -> Journey {
        let mut journey = Journey {
            key,
            booking: None,
            orders: Vec::new(),
            passengers,
            state: Sold::Nothing,
        };
        let body = self.booking(offer, &journey);
        let created = self.post(&journey, "create", "/v2/bookings", Some(&body), true).await;
        if let Some(answer) = created {
            self.note_created(&mut journey, &answer);
        }
        journey
    }

    /// The id of an offer, of any of the routes; `None` when there is none.
    pub(super) async fn search(&mut self, passengers: usize) -> Option<String> {
        let (from, to) = *self.rng.pick(&ROUTES)?;
        let path = format!(
            "/v2/offers?departureCity={from}&arrivalCity={to}&departureDate={}&passengers={passengers}&currency=UAH&language=EN",
            self.day
        );
        let key = self.api_key.expose_secret();
        let asked = |http: &reqwest::Client, url: &str| http.get(format!("{url}{path}")).header("x-api-key", key);
        let answer = self.context.api.ask(asked).await?;
        if !answer.is_success() {
            let detail = format!("{path}: {} {}", answer.status, answer.code());
            self.context.records.find("a search is answered", detail);
        }
        let offers = answer.body["data"]["offers"].as_array()?;
        let offer = self.rng.pick(offers)?;
        Some(offer["id"].as_str()?.to_owned())
    }

    fn booking(&mut self, offer: &str, journey: &Journey) -> Value {
        let passengers: Vec<Value> = (0..journey.passengers)
            .map(|number| {
                let messengers = if self.rng.chance(40) {
                    json!(["Viber"])
                } else {
                    json!([])
                };
                json!({
                    "firstName": "Olena", "lastName": "Koval",
                    "email": format!("{}@{MAIL_DOMAIN}", journey.key),
                    "phones": [{ "phone": format!("+38067{:07}", number + 1), "messengers": messengers }],
                })
            })
            .collect();
        json!({ "offerId": offer, "currency": "UAH", "passengers": passengers })
    }

    fn note_created(&self, journey: &mut Journey, answer: &Answer) {
        if !answer.is_success() {
            self.context.figures.refused.add();
            if !HONEST.contains(&answer.code()) {
                let detail = format!("{}: {} {}", journey.key, answer.status, answer.code());
                self.context.records.find("a booking is refused for a reason", detail);
            }
            return;
        }
        let booking = &answer.body["data"]["booking"];
        journey.booking = booking["id"].as_str().map(ToOwned::to_owned);
        let tickets = booking["tickets"].as_array().into_iter().flatten();
        journey.orders = tickets
            .filter_map(|ticket| ticket["id"].as_str().map(ToOwned::to_owned))
            .collect();
        journey.state = Sold::Created;
        self.context.figures.bookings.add();
    }

    async fn decide(&mut self, journey: &mut Journey) {
        let course = self.rng.below(100);
        if course < 70 && self.act(journey, "pay", Sold::Paid).await {
            self.context.figures.paid.add();
            if self.rng.chance(15) && self.act(journey, "cancel", Sold::Refunded).await {
                self.context.figures.canceled.add();
            }
        } else if (70..80).contains(&course) {
            self.act(journey, "book", Sold::Booked).await;
        } else if (80..95).contains(&course) {
            self.cancel(journey).await;
        }
    }

    /// Cancels a booking that was not paid.
    pub(super) async fn cancel(&mut self, journey: &mut Journey) {
        if self.act(journey, "cancel", Sold::Canceled).await {
            self.context.figures.canceled.add();
        }
    }

    async fn act(&mut self, journey: &mut Journey, action: &str, then: Sold) -> bool {
        let Some(booking) = journey.booking.clone() else {
            return false;
        };
        let path = format!("/v2/bookings/{booking}/{action}");
        let is_keyed = self.rng.chance(50);
        match self.post(journey, action, &path, None, is_keyed).await {
            // No other client acts on this booking: a conflict is with the same action, whose response was lost. The check
            // of the database shows whether it took effect.
            Some(answer) if answer.is_success() || (!is_keyed && answer.code() == CONFLICT) => {
                journey.state = then;
                true
            }
            Some(answer) => {
                let detail = format!(
                    "{action} {booking} ({}): {} {}",
                    journey.key,
                    answer.status,
                    answer.code()
                );
                self.context
                    .records
                    .find("what was sold can be paid, booked and canceled", detail);
                false
            }
            None => false,
        }
    }

    /// One POST, with an idempotency key if `is_keyed`, or the same one twice concurrently, as an impatient client sends
    /// it.
    async fn post(
        &mut self,
        journey: &Journey,
        action: &str,
        path: &str,
        body: Option<&Value>,
        is_keyed: bool,
    ) -> Option<Answer> {
        let is_twice = self.rng.chance(15);
        let (api_key, key) = (self.api_key.expose_secret(), format!("{}-{action}", journey.key));
        let asked = |http: &reqwest::Client, url: &str| {
            let mut request = http.post(format!("{url}{path}")).header("x-api-key", api_key);
            if is_keyed {
                request = request.header("idempotency-key", &key);
            }
            match body {
                Some(body) => request.json(body),
                None => request,
            }
        };
        let api = &self.context.api;
        let (first, second) = if is_twice {
            tokio::join!(api.ask(asked), api.ask(asked))
        } else {
            (api.ask(asked).await, None)
        };
        let records = &self.context.records;
        if first.is_none() {
            records.find(
                "every request is answered in the end",
                format!("{action} of {}", journey.key),
            );
        }
        let (Some(first), Some(second)) = (&first, &second) else {
            return first;
        };
        // Two conflicts differ in the ids of their requests.
        let are_refused = [first, second].iter().all(|answer| answer.status == NOT_STORED);
        if !is_keyed || first.says(second) || are_refused {
            return Some(first.clone());
        }
        // A conflict is not stored: a request that a fault stopped before it began may succeed after its twin was
        // refused. From then on, the success is the one response.
        let last = api.ask(asked).await;
        let is_one = |last: &Answer| {
            let mut told = [first, second].into_iter();
            last.is_success() && told.all(|answer| answer.status == NOT_STORED || answer.says(last))
        };
        if !last.as_ref().is_some_and(is_one) {
            let told = [Some(first), Some(second), last.as_ref()];
            let told = told.map(|answer| answer.map_or_else(|| "none".to_owned(), Answer::to_string));
            records.find("one key has one answer", format!("{key}: {}", told.join(", ")));
        }
        last
    }
}
