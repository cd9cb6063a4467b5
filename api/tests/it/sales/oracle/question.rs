//! A search, the response of the API, and the response that follows from the tables.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::harness::partner::Partner;
use crate::sales::support::{Dice, Shop};

/// The pairs of cities that searches are drawn from.
const PAIRS: [(&str, &str); 16] = [
    ("kyiv", "lviv"),
    ("kyiv", "zhytomyr"),
    ("zhytomyr", "lviv"),
    ("zhytomyr", "rivne"),
    ("rivne", "lviv"),
    ("kyiv", "rivne"),
    ("kyiv", "krakow"),
    ("lviv", "krakow"),
    ("przemysl", "krakow"),
    ("zhytomyr", "przemysl"),
    ("lviv", "kyiv"),
    ("lviv", "warsaw"),
    ("odesa", "chisinau"),
    ("chisinau", "bucharest"),
    ("bucharest", "vienna"),
    ("kyiv", "vienna"),
];

const DAYS: [&str; 4] = ["2027-02-08", "2027-02-08", "2027-02-09", "2027-02-07"];
const CURRENCIES: [&str; 5] = ["UAH", "UAH", "EUR", "PLN", "USD"];

/// The caller of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    Website,
    Reseller,
    Visitor,
}

/// A search.
#[derive(Debug, Clone)]
pub struct Question {
    pub from: &'static str,
    pub to: &'static str,
    pub day: &'static str,
    pub passengers: usize,
    pub currency: &'static str,
    pub asker: Asker,
    /// Take and skip of the schedule; offers are requested without them.
    pub page: Option<(usize, usize)>,
}

/// A departure of a response: everything that both operations return, and what the token contains.
type Line = String;

impl Question {
    pub fn draw(dice: &mut Dice) -> Self {
        let (from, to) = PAIRS[dice.roll(PAIRS.len())];
        let asker = [Asker::Website, Asker::Reseller, Asker::Visitor][dice.roll(3)];
        let page = (asker == Asker::Visitor || dice.roll(3) == 0).then(|| match dice.roll(2) {
            0 => (100, 0),
            _ => (1 + dice.roll(4), dice.roll(5)),
        });
        Self {
            from,
            to,
            day: DAYS[dice.roll(DAYS.len())],
            passengers: 1 + dice.roll(4) * dice.roll(2),
            currency: CURRENCIES[dice.roll(CURRENCIES.len())],
            asker,
            page,
        }
    }

    /// The program of the partner that searches, at a process; visitors have none.
    pub fn program(&self, shop: &Shop) -> Option<Partner> {
        match self.asker {
            Asker::Website => Some(shop.website()),
            Asker::Reseller => Some(shop.reseller()),
            Asker::Visitor => None,
        }
    }

    /// The partner that searches.
    async fn partner(&self, shop: &Shop) -> Option<Uuid> {
        match self.asker {
            Asker::Website => Some(shop.partner_id("website").await.0),
            Asker::Reseller => Some(shop.partner_id("reseller").await.0),
            Asker::Visitor => None,
        }
    }

    /// The response of the API: the total, and the departures.
    pub async fn ask(&self, shop: &Shop) -> (usize, Vec<Line>) {
        let partner = self.partner(shop).await;
        if self.page.is_some() {
            let data = self.schedule(shop).await;
            let departures = data["departures"].as_array().unwrap();
            let lines = departures.iter().map(|departure| {
                let price = &departure["price"];
                let price = format!("{} {}", price["amount"], text(&price["currency"]));
                let local = [&departure["departureDateTime"], &departure["arrivalDateTime"]];
                let id = named(shop, partner, text(&departure["id"]));
                line(&id, &departure["company"], local, departure, &price)
            });
            return (data["total"].as_u64().unwrap().try_into().unwrap(), lines.collect());
        }
        let offers = self.offers(shop).await;
        let lines = offers.iter().map(|offer| {
            let slice = &offer["slices"][0];
            let mut prices = offer["prices"].as_array().unwrap().iter().map(|price| {
                let currency = text(&price["currency"]);
                (currency, format!("{} {currency}", price["amount"]))
            });
            let (_, first) = prices.next().unwrap();
            let mut others: Vec<_> = prices.collect();
            others.sort_unstable();
            let others: Vec<String> = others.into_iter().map(|(_, price)| price).collect();
            let mut accesses: Vec<_> = slice["route"]["permissions"][0]["accesses"]
                .as_array()
                .unwrap()
                .iter()
                .map(|access| text(access).to_uppercase())
                .collect();
            accesses.sort_unstable();
            let id = named(shop, partner, text(&offer["id"]));
            let local = [&slice["departureAt"], &slice["arrivalAt"]];
            let line = line(&id, &slice["route"]["company"], local, offer, &first);
            format!("{line} {others:?} {accesses:?}")
        });
        (offers.len(), lines.collect())
    }

    /// The offers that the API returns.
    pub async fn offers(&self, shop: &Shop) -> Vec<Value> {
        let more = format!("&passengers={}&currency={}", self.passengers, self.currency);
        let partner = self.program(shop).expect("visitors see the schedule only");
        partner.offers(self.from, self.to, self.day, &more).await
    }

    async fn schedule(&self, shop: &Shop) -> Value {
        let (take, skip) = self.page.unwrap();
        let path = format!(
            "/v2/offers/schedule?departureCitySlug={}&arrivalCitySlug={}&date={}&passengers={}&currency={}&take={take}&skip={skip}",
            self.from, self.to, self.day, self.passengers, self.currency,
        );
        let seen = match self.program(shop) {
            Some(partner) => partner.get(&path).await,
            None => shop.visitor().get(&path).await,
        };
        seen.status(200);
        seen.body["data"].clone()
    }

    /// The response that follows from the tables.
    pub async fn due(&self, shop: &Shop) -> (usize, Vec<Line>) {
        let rows = sqlx::query(include_str!("search.sql"))
            .bind(self.from)
            .bind(self.to)
            .bind(self.day.parse::<NaiveDate>().unwrap())
            .bind(i32::try_from(self.passengers).unwrap())
            .bind(self.currency)
            .bind(self.partner(shop).await)
            .bind(shop.clock.now())
            .fetch_all(shop.pool())
            .await
            .unwrap();
        let total = rows.len();
        let (take, skip) = self.page.unwrap_or((usize::MAX, 0));
        let rows = rows.iter().skip(skip).take(take);
        (total, rows.map(|row| self.line(row)).collect())
    }

    /// The line of a row of the oracle.
    fn line(&self, row: &PgRow) -> Line {
        let (trip, day): (Uuid, NaiveDate) = (row.get("trip_id"), row.get("service_day"));
        let place = |stop: &str, position: &str| (row.get::<Uuid, _>(stop), row.get::<i16, _>(position));
        let id = match self.asker {
            Asker::Visitor => format!("dep_{}_{}", trip.simple(), day.format("%Y%m%d")),
            _ => format!(
                "{trip} {day} {:?} {:?}",
                place("from_stop", "boarding"),
                place("to_stop", "alighting")
            ),
        };
        let instant = |name: &str| row.get::<DateTime<Utc>, _>(name).timestamp();
        let line = format!(
            "{id} {} {} ({}) to {} ({}), {} seats, {}",
            row.get::<String, _>("company"),
            row.get::<String, _>("departs_local"),
            instant("departs_at"),
            row.get::<String, _>("arrives_local"),
            instant("arrives_at"),
            row.get::<i32, _>("seats_left"),
            row.get::<String, _>("price"),
        );
        if self.page.is_some() {
            return line;
        }
        let mut accesses: Vec<String> = row.get("accesses");
        accesses.sort_unstable();
        format!("{line} {:?} {accesses:?}", row.get::<Vec<String>, _>("others"))
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// What an id names: a departure, or what a genuine token of this partner contains.
fn named(shop: &Shop, partner: Option<Uuid>, id: &str) -> String {
    let Some(partner) = partner else { return id.to_owned() };
    let offer = shop
        .platform
        .offer_key
        .verify(id, partner.into(), shop.clock.now())
        .unwrap();
    let (from, to) = ((offer.from.0.0, offer.from.1), (offer.to.0.0, offer.to.1));
    format!("{} {} {from:?} {to:?}", offer.trip_id.0, offer.service_day)
}

fn line(id: &str, company: &Value, [departs, arrives]: [&Value; 2], found: &Value, price: &str) -> Line {
    let at = |value: &Value| {
        let (local, instant) = (text(value), text(value).parse::<DateTime<Utc>>().unwrap());
        format!("{} ({})", &local[..19], instant.timestamp())
    };
    format!(
        "{id} {} {} to {}, {} seats, {price}",
        text(&company["slug"]),
        at(departs),
        at(arrives),
        found["seatsLeft"],
    )
}
