//! Random events between searches.

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::AssertSqlSafe;

use super::question::{Asker, Question};
use crate::harness::feed::{self, Line};
use crate::harness::partner::{Partner, Sold, order};
use crate::sales::support::{Dice, Shop};

/// Calls that some of our buses may have instead of their own.
const COURSES: [(u16, [&str; 2]); 3] = [
    (
        2,
        [
            "kyiv@08:30 zhytomyr@10:10 rivne@13:00 lviv@16:00",
            "kyiv@09:00 zhytomyr@10:00 lviv@16:00",
        ],
    ),
    (
        3,
        [
            "kyiv@09:00 zhytomyr@11:00/on rivne@14:00/off lviv@17:00",
            "zhytomyr@11:00 rivne@14:00 lviv@17:00 przemysl@20:00",
        ],
    ),
    (
        20,
        [
            "kyiv@22:00 zhytomyr@23:30 rivne@27:00 lviv@30:00",
            "kyiv@23:00 rivne@28:00 lviv@31:00 kyiv@40:00",
        ],
    ),
];

/// Published together with the statement before it, as an import or `admin` does.
const PUBLISHED: &str = "; update publication set version = version + 1";

/// The events of a round: the bookings that were made, and the number of events of each kind.
pub struct Play<'s> {
    shop: &'s Shop,
    held: Vec<(Partner, Sold)>,
    happened: BTreeMap<&'static str, usize>,
}

impl<'s> Play<'s> {
    pub fn new(shop: &'s Shop) -> Self {
        Self {
            shop,
            held: Vec::new(),
            happened: BTreeMap::new(),
        }
    }

    /// Triggers a random event; returns a description.
    pub async fn event(&mut self, dice: &mut Dice) -> String {
        let (kind, what) = match dice.roll(20) {
            0..=8 => self.sale(dice).await,
            9..=12 => self.change(dice).await,
            13 | 14 => self.time(dice).await,
            15 => self.import(dice).await,
            16 => self.departure(dice).await,
            17 => self.permission(dice).await,
            _ => self.terms(dice).await,
        };
        *self.happened.entry(kind).or_default() += 1;
        format!("{kind} {what}")
    }

    /// Asserts that the round is meaningful: it contains a sale, a change, a time step and a change of terms.
    pub fn is_worth_it(&self) {
        for kind in ["sold", "change", "time", "terms"] {
            assert!(self.happened.contains_key(kind), "no {kind} in {:?}", self.happened);
        }
    }

    async fn sale(&mut self, dice: &mut Dice) -> (&'static str, String) {
        let mut question = Question::draw(dice);
        if question.asker == Asker::Visitor {
            question.asker = Asker::Website;
        }
        let offers = question.offers(self.shop).await;
        // Our own buses are the small ones, which can fill up.
        let ours = offers
            .iter()
            .filter(|o| o["slices"][0]["route"]["company"]["slug"] == feed::COMPANY);
        let ours: Vec<_> = ours.collect();
        let Some(offer) = ours.get(dice.roll(ours.len().max(1))).copied().or(offers.first()) else {
            return ("unserved", format!("{question:?}"));
        };
        let partner = question.program(self.shop).expect("partners buy");
        let mut body = order(offer["id"].as_str().unwrap(), question.passengers);
        body["currency"] = json!(question.currency);
        let seen = partner.post("/v2/bookings", &body).await;
        if seen.status != 201 {
            assert_eq!(seen.code(), "PERMISSION_DENIED", "{question:?} {}", seen.body);
            return ("refused", format!("{question:?}"));
        }
        self.held.push((partner, Sold::of(&seen)));
        ("sold", format!("{question:?}"))
    }

    async fn change(&mut self, dice: &mut Dice) -> (&'static str, String) {
        if self.held.is_empty() {
            return ("idle", String::new());
        }
        let (partner, sold) = &self.held[dice.roll(self.held.len())];
        let action = ["pay", "book", "cancel", "cancel"][dice.roll(4)];
        let seen = match dice.roll(2) {
            0 => partner.act(action, &sold.id).await,
            _ => partner.act_on(action, &sold.id, &[&sold.orders[0]]).await,
        };
        ("change", format!("{action} {}: {}", sold.id, seen.status))
    }

    async fn time(&self, dice: &mut Dice) -> (&'static str, String) {
        let minutes = [3, 11, 20, 45][dice.roll(4)];
        self.shop.wait(minutes);
        // Usually without a sweep: expired tickets free their seats all the same.
        let swept = if dice.roll(4) == 0 { self.shop.sweep().await } else { 0 };
        ("time", format!("{minutes} minutes, {swept} swept"))
    }

    async fn import(&self, dice: &mut Dice) -> (&'static str, String) {
        let mut lines = feed::lines();
        let (seats, courses) = COURSES[dice.roll(COURSES.len())];
        lines.retain(|line| line.seats != seats);
        let calls = courses.get(dice.roll(3)).copied();
        lines.extend(calls.map(|calls| Line { seats, calls }));
        self.shop.import(&lines).await;
        ("import", format!("of {seats} seats: {calls:?}"))
    }

    async fn departure(&self, dice: &mut Dice) -> (&'static str, String) {
        let sql = match dice.roll(3) {
            0 => "update departures set closed_at = null".to_owned(),
            _ => format!(
                "update departures set closed_at = '2027-02-08' where (trip_id, service_day) = (
                     select trip_id, service_day from departures order by 1, 2 offset {} limit 1)",
                dice.roll(6)
            ),
        };
        ("departure", self.run(sql).await)
    }

    async fn permission(&self, dice: &mut Dice) -> (&'static str, String) {
        let partner = ["website", "reseller"][dice.roll(2)];
        let accesses = ["SEARCH,BOOK", "BOOK,CANCEL", "", "SEARCH,BOOK,CANCEL"][dice.roll(4)];
        let company = ["trial-lines", "demo-karpaty"][dice.roll(2)];
        let sql = match dice.roll(3) {
            0 => "delete from partner_permissions".to_owned(),
            _ => format!(
                "insert into partner_permissions (id, company_id, partner_id, accesses, updated_at)
                 select gen_random_uuid(), c.id, p.id, '{{{accesses}}}', now() from companies c, partners p
                 where c.slug = '{company}' and p.slug = '{partner}'
                 on conflict (company_id, partner_id) do update set accesses = excluded.accesses"
            ),
        };
        ("permission", self.run(sql).await)
    }

    /// Changes what companies and their feeds require, and how many seats buses have.
    async fn terms(&self, dice: &mut Dice) -> (&'static str, String) {
        let number = 1 + dice.roll(40);
        let feed = "(select feed_id from routes r join companies c on c.id = r.company_id where c.slug = 'trial-lines' limit 1)";
        let zone = || ["kyiv", "zhytomyr", "rivne", "lviv"];
        let sql = match dice.roll(8) {
            0 => format!(
                "insert into exchange_rates (base, quote, rate, updated_at)
                 values ('EUR', 'UAH', {number}.37, now()), ('EUR', 'PLN', 4.2{number}, now())
                 on conflict (base, quote) do update set rate = excluded.rate"
            ),
            1 => "delete from exchange_rates where base = 'EUR'".to_owned(),
            2 => format!(
                "insert into exchange_rates (base, quote, rate, updated_at) values ('UAH', 'USD', 0.0{number}, now())
                 on conflict (base, quote) do update set rate = excluded.rate"
            ),
            3 => format!(
                "update companies set sales_cutoff_minutes = {} where slug in ('trial-lines', 'demo-wisla')",
                number * 5 * dice.roll(2)
            ),
            4 => format!(
                "insert into fares (id, feed_id, origin_zone, currency, amount)
                 values (gen_random_uuid(), {feed}, '{}', 'EUR', {number}.99) on conflict do nothing",
                zone()[dice.roll(4)]
            ),
            5 => format!(
                "insert into unpriced_scopes (id, feed_id, origin_zone, destination_zone)
                 values (gen_random_uuid(), {feed}, '{}', '{}') on conflict do nothing;
                 delete from fares where destination_zone = '{}'",
                zone()[dice.roll(4)],
                zone()[dice.roll(4)],
                ["lviv", "krakow", "rivne"][dice.roll(3)],
            ),
            6 => format!(
                "update feeds set tariff_currency = 'UAH', tariff_base = {number}, tariff_per_km = 1.2345 where id = {feed};
                 delete from unpriced_scopes"
            ),
            _ => format!(
                "update buses set seats = {} where key = 'b{}'",
                1 + dice.roll(6),
                [3, 4, 5][dice.roll(3)]
            ),
        };
        ("terms", self.run(sql + PUBLISHED).await)
    }

    async fn run(&self, sql: String) -> String {
        sqlx::raw_sql(AssertSqlSafe(sql.clone()))
            .execute(self.shop.pool())
            .await
            .unwrap();
        sql
    }
}
