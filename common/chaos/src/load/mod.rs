//! Load: partners that sell tickets, one of them to passengers who never pay, and a user of a bus company who requests
//! reports and publishes a timetable. The platform polls buses by itself. A probe times sales when faults have ended.

mod abandoner;
mod governor;
mod http;
mod partner;
mod person;
mod probe;
mod timetable;

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use secrecy::SecretString;
use sqlx::PgPool;
use testing::feed::TestFeed;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::figures::{Figures, locked};
use crate::finding::Finding;
use crate::rng::Rng;
use crate::settings::Settings;

pub use http::Api;
pub use person::Person;
pub use probe::{FirstSale, first_sales};
pub use timetable::read as read_timetable;

/// Domain of the passengers' e-mail addresses, by which the sales of this harness are found.
pub const MAIL_DOMAIN: &str = "chaos.example";

/// Concurrent clients of each API key.
const PARTNERS: u64 = 4;

/// What responses confirmed to a partner about a booking; the database must agree.
#[derive(Debug, Clone)]
pub struct Journey {
    /// Local part of its passengers' e-mail addresses; the domain is that of this harness.
    pub key: String,
    /// Id of the booking, once a response named it.
    pub booking: Option<String>,
    /// Ids of its tickets.
    pub orders: Vec<String>,
    /// Number of passengers.
    pub passengers: usize,
    /// The state that the latest response reported.
    pub state: Sold,
}

/// How far a booking got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sold {
    /// Refused, or never answered: then its state is unknown.
    Nothing,
    /// Created.
    Created,
    /// Paid.
    Paid,
    /// Booked.
    Booked,
    /// Canceled, not paid.
    Canceled,
    /// Paid, then canceled.
    Refunded,
}

/// What all journeys of a run have recorded.
#[derive(Debug, Default)]
pub struct Records {
    journeys: Mutex<Vec<Journey>>,
    reports: Mutex<Vec<String>>,
    findings: Mutex<Vec<Finding>>,
}

impl Records {
    /// The journeys so far.
    pub fn journeys(&self) -> Vec<Journey> {
        locked(&self.journeys).clone()
    }

    /// Ids of the reports that were accepted.
    pub fn reports(&self) -> Vec<String> {
        locked(&self.reports).clone()
    }

    /// Takes the findings that responses showed; each is returned once.
    pub fn take_findings(&self) -> Vec<Finding> {
        std::mem::take(&mut *locked(&self.findings))
    }

    fn add(&self, journey: Journey) {
        locked(&self.journeys).push(journey);
    }

    fn find(&self, rule: &'static str, detail: String) {
        locked(&self.findings).push(Finding { rule, detail });
    }
}

/// What all load generators share.
#[derive(Debug, Clone)]
pub struct LoadContext {
    /// The APIs.
    pub api: Arc<Api>,
    /// What responses confirmed to them.
    pub records: Arc<Records>,
    /// The figures of the run.
    pub figures: Arc<Figures>,
    /// The timetable that the user of the bus company publishes.
    pub timetable: Arc<TestFeed>,
}

/// The load of one round.
#[derive(Debug)]
pub struct Load {
    phase: watch::Sender<LoadPhase>,
    people: JoinSet<()>,
    governor: JoinHandle<()>,
}

/// What load generators are to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LoadPhase {
    /// Begin new work.
    On,
    /// Begin nothing new for now.
    Pause,
    /// Begin nothing new any more.
    Stop,
}

/// The round that a load belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// The seed of the run.
    pub seed: u64,
    /// Its number.
    pub number: u64,
    /// The present day.
    pub today: NaiveDate,
    /// Departures of this day are sold.
    pub day: NaiveDate,
}

impl Load {
    /// Starts the load.
    pub fn begin(context: &LoadContext, settings: &Settings, person: Arc<Person>, of: Round, pool: PgPool) -> Self {
        let Round {
            seed,
            number: round,
            today,
            day,
        } = of;
        let phase = watch::Sender::new(LoadPhase::On);
        let mut people = JoinSet::new();
        for (number, key) in [&settings.api_key, &settings.api_key_2].into_iter().enumerate() {
            for place in 0..PARTNERS {
                let part = round * 100 + u64::try_from(number).unwrap_or_default() * PARTNERS + place;
                let partner = partner::Partner {
                    context: context.clone(),
                    api_key: SecretString::clone(key),
                    rng: Rng::part(seed, part),
                    day,
                    name: format!("r{round}k{number}p{place}"),
                };
                people.spawn(partner.run(phase.subscribe()));
            }
        }
        let abandoner = abandoner::Abandoner {
            partner: partner::Partner {
                context: context.clone(),
                api_key: SecretString::clone(&settings.api_key),
                rng: Rng::part(seed, round * 100 + 98),
                day,
                name: format!("r{round}a"),
            },
            pool: pool.clone(),
            today,
        };
        people.spawn(abandoner.run(phase.subscribe()));
        let version = format!("chaos-{seed}-{round}");
        people.spawn(timetable::publish(context.clone(), Arc::clone(&person), version));
        people.spawn(person::reports(
            context.clone(),
            person,
            Rng::part(seed, round * 100 + 99),
            phase.subscribe(),
        ));
        let governor = tokio::spawn(governor::run(pool, phase.clone()));
        Self {
            phase,
            people,
            governor,
        }
    }

    /// Ends the load, once every request that was begun has its response.
    pub async fn end(self) {
        self.governor.abort();
        self.phase.send_replace(LoadPhase::Stop);
        self.people.join_all().await;
    }
}
