//! The demo's bookings of the last week. The use cases of partners sell them, with a clock that is set to the past: the
//! API uses the clock of the database, so it cannot sell for yesterday.

use std::sync::Arc;

use app::booking::{self, Filter, NewBooking, NewPassenger};
use app::cache::{Cache, MAX_AGE};
use app::offer::{MAX_OFFERS, Market, Search};
use app::published::{Publication, Published};
use app::work::Work;
use app::{Platform, ticket};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use clap::Args;
use domain::booking::Booking;
use domain::id::{CityId, PartnerId};
use domain::language::Language;
use domain::money::Currency;
use domain::offer::OfferKey;
use domain::ticket::Action;
use kernel::clock::Clock;
use ledger::Cause;
use uuid::Uuid;

use super::super::World;
use super::super::error::{CliError, CliResult};
use super::super::output::line;
use super::{COMPANY, PARTNER};

/// For how many days before today there are bookings.
const DAYS: u64 = 7;

/// How many bookings are made in a day.
const PER_DAY: usize = 6;

/// The time of day of the first booking; `BETWEEN` is the time between two bookings.
const FIRST: TimeDelta = TimeDelta::hours(4);
const BETWEEN: TimeDelta = TimeDelta::minutes(97);

/// Routes of the company, as slugs of cities.
const ROUTES: [(&str, &str); 3] = [("kyiv", "lviv"), ("kyiv", "odesa"), ("lviv", "budapest")];

/// Invented passengers: given name, family name, e-mail address.
const PASSENGERS: [(&str, &str, &str); 5] = [
    ("Марія", "Ткаченко (SYNTHETIC)", "maria@example.com"),
    ("Jan", "Kowalski (SYNTHETIC)", "jan@example.com"),
    ("Богдан", "Мельник (SYNTHETIC)", "bohdan@example.com"),
    ("Elena", "Ionescu (SYNTHETIC)", "elena@example.com"),
    ("Софія", "Лисенко (SYNTHETIC)", "sofia@example.com"),
];

/// What the partner does with its bookings, in turn: the time until each action, and the action. A booking without an
/// action expires.
const COURSES: [&[(TimeDelta, Action)]; 6] = [
    &[(TimeDelta::minutes(3), Action::Pay)],
    &[(TimeDelta::minutes(5), Action::Pay)],
    &[(TimeDelta::minutes(2), Action::Book)],
    &[
        (TimeDelta::minutes(4), Action::Pay),
        (TimeDelta::minutes(50), Action::Cancel),
    ],
    &[(TimeDelta::minutes(6), Action::Pay)],
    &[],
];

/// The time from the last action on a booking to the sweep; by then, a booking without an action has expired.
const EXPIRED: TimeDelta = TimeDelta::minutes(25);

/// Arguments of `seed-demo-sales`.
#[derive(Args)]
pub struct SeedDemoSales {}

/// A clock set to the time of the first booking. Everything that this command creates has its time, ids included.
pub fn clock(now: DateTime<Utc>) -> Clock {
    let first = now.date_naive() - Days::new(DAYS);
    Clock::manual(first.and_time(NaiveTime::MIN).and_utc() + FIRST)
}

impl SeedDemoSales {
    /// Runs the command. Changes nothing when the partner has bookings already.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let partner_id = app::partner::named(&world.pool, PARTNER).await?;
        let seller = Seller::new(world, partner_id).await?;
        let filter = Filter {
            departure_day: None,
            take: 1,
            skip: 0,
        };
        let (_, total) = booking::list(&seller.platform, partner_id, filter).await?;
        if total > 0 {
            line("the demo partner has bookings already");
            return Ok(());
        }
        let mut sold = 0;
        for _ in 0..DAYS {
            let began = world.clock.now();
            for number in 0..PER_DAY {
                sold += usize::from(seller.sell(sold, number).await?);
                let next = began + BETWEEN * i32::try_from(number + 1).unwrap_or(i32::MAX);
                world.clock.advance(next - world.clock.now());
            }
            world.clock.advance(began + TimeDelta::days(1) - world.clock.now());
        }
        seller.platform.usage.flush(&world.pool).await?;
        line(format_args!("{sold} bookings of the last {DAYS} days (SYNTHETIC)"));
        Ok(())
    }
}

/// The demo's partner, which sells.
struct Seller {
    platform: Platform,
    published: Arc<Published>,
    partner_id: PartnerId,
    cause: Cause,
}

impl Seller {
    async fn new(world: &World, partner_id: PartnerId) -> CliResult<Self> {
        let (pool, clock) = (world.pool.clone(), world.clock.clone());
        let cache = Cache::new(clock.clone(), &world.settings.environment, MAX_AGE);
        // Offers are sold only by this process, which made them, so any secret will do.
        let secret = [Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat();
        let platform = Platform {
            pool,
            clock,
            published: Arc::new(Publication::default()),
            cache: Arc::new(cache),
            offer_key: Arc::new(OfferKey::new(&secret)),
            turns: Arc::default(),
            actions: Arc::default(),
            usage: Arc::default(),
        };
        let published = platform.published().await?;
        let cause = Cause::new(Some("seed-demo-sales".to_owned()), None);
        Ok(Self {
            platform,
            published,
            partner_id,
            cause,
        })
    }

    /// Creates a booking, if there is an offer, and performs the partner's actions on it. Returns whether there was an
    /// offer.
    async fn sell(&self, sold: usize, number: usize) -> CliResult<bool> {
        let today = self.platform.clock.now().date_naive();
        let route = ROUTES[number % ROUTES.len()];
        // Today, tomorrow or the day after.
        let day = today + Days::new(u64::try_from(number % 3).unwrap_or(0));
        let Some(offer) = self.offer(day, route, sold).await? else {
            return Ok(false);
        };
        let work = Work::Own(self.platform.pool.clone());
        let booking = self.book(&work, offer, sold).await?;
        for (after, action) in COURSES[sold % COURSES.len()] {
            self.platform.clock.advance(*after);
            ticket::act(
                &self.platform,
                &work,
                self.partner_id,
                booking.id,
                *action,
                None,
                &self.cause,
            )
            .await?;
        }
        self.platform.clock.advance(EXPIRED);
        ticket::sweep(&self.platform.pool, &self.platform.clock, &self.cause).await?;
        Ok(true)
    }

    /// The token of an offer of the company.
    async fn offer(&self, day: NaiveDate, (from, to): (&str, &str), number: usize) -> CliResult<Option<String>> {
        let market = Market::open(&self.platform, &self.published, Some(self.partner_id)).await?;
        let search = Search {
            from: self.city(from)?,
            to: self.city(to)?,
            day,
            passengers: 1,
            currency: Currency::Uah,
            language: Language::Uk,
        };
        let timetable = &self.published.timetable;
        let mut own = market.search(&search, (MAX_OFFERS, 0))?.found;
        own.retain(|offer| timetable.trip(&offer.connection).route.company.slug == COMPANY);
        market.note(own.len());
        let offer = (!own.is_empty()).then(|| own.swap_remove(number % own.len()));
        Ok(offer.and_then(|offer| offer.token).map(|token| token.text))
    }

    async fn book(&self, work: &Work, offer_id: String, number: usize) -> CliResult<Booking> {
        let (first_name, last_name, email) = PASSENGERS[number % PASSENGERS.len()];
        let passenger = NewPassenger {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            email: Some(email.to_owned()),
            phones: vec![(format!("+38067100{number:04}"), Vec::new())],
            discount_id: None,
            prepaid: None,
        };
        let new = NewBooking {
            offer_id,
            currency: Currency::Uah,
            passengers: vec![passenger],
            note: None,
        };
        Ok(booking::create(&self.platform, work, self.partner_id, new, &self.cause).await?)
    }

    fn city(&self, slug: &str) -> CliResult<CityId> {
        let city = self.published.catalogue.city_by_slug(slug);
        city.map(|city| city.id)
            .ok_or_else(|| CliError::Failed(format!("there is no city {slug:?}: run seed-demo first")))
    }
}
