//! Load: partners who sell tickets, and people of a bus company who ask for reports. Buses are polled by the platform.

mod governor;
mod http;
mod partner;
mod person;

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use secrecy::SecretString;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::figures::{Figures, locked};
use crate::finding::Finding;
use crate::rng::Rng;
use crate::settings::Settings;

pub use http::Api;
pub use person::Person;

/// Partners at a time, for each key.
const PARTNERS: u64 = 4;

/// What a partner was told about a booking, and so what must be true of it.
#[derive(Debug, Clone)]
pub struct Journey {
    /// In the addresses of its passengers, `key@` the domain of this harness.
    pub key: String,
    /// Its booking, once that was answered.
    pub booking: Option<String>,
    /// Its tickets.
    pub orders: Vec<String>,
    /// Passengers.
    pub passengers: usize,
    /// The last that was answered.
    pub state: Sold,
}

/// How far a booking got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sold {
    /// Refused, or no answer ever came: then nothing is known.
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

/// What all journeys of a run have left.
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

    /// What answers showed, once.
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

/// What all generators of load share.
#[derive(Debug, Clone)]
pub struct LoadContext {
    /// The APIs.
    pub api: Arc<Api>,
    /// What they were answered.
    pub records: Arc<Records>,
    /// What is counted.
    pub figures: Arc<Figures>,
}

/// The load of one round.
#[derive(Debug)]
pub struct Load {
    course: watch::Sender<Course>,
    people: JoinSet<()>,
    governor: JoinHandle<()>,
}

/// What those who make load do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// Go on.
    On,
    /// Begin nothing new for now.
    Pause,
    /// Begin nothing new.
    Stop,
}

/// The round that a load is of.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// The seed of the run.
    pub seed: u64,
    /// Its number.
    pub number: u64,
    /// Buses that leave on this day are sold.
    pub day: NaiveDate,
}

impl Load {
    /// Begins.
    pub fn begin(context: &LoadContext, settings: &Settings, person: Arc<Person>, of: Round, pool: PgPool) -> Self {
        let Round {
            seed,
            number: round,
            day,
        } = of;
        let course = watch::Sender::new(Course::On);
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
                people.spawn(partner.run(course.subscribe()));
            }
        }
        people.spawn(person::reports(
            context.clone(),
            person,
            Rng::part(seed, round * 100 + 99),
            course.subscribe(),
        ));
        let governor = tokio::spawn(governor::run(pool, course.clone()));
        Self {
            course,
            people,
            governor,
        }
    }

    /// Ends when everybody has an answer to what they asked last.
    pub async fn end(self) {
        self.governor.abort();
        self.course.send_replace(Course::Stop);
        self.people.join_all().await;
    }
}
