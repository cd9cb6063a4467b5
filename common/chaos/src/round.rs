//! Rounds: load, faults, waiting until nothing is left to do, check.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, Utc};
use futures::future::try_join_all;

use crate::check::{self, Finding, RECOVERY, RoundEnd, Sinks};
use crate::error::Result;
use crate::figures::{Figures, Spread};
use crate::line;
use crate::load::{Api, FirstSale, Load, LoadContext, Person, Records, Round, first_sales, read_timetable};
use crate::plan::{self, Planned};
use crate::settings::{self, Settings};
use crate::stage::Stage;

/// How long the load continues after the faults have ended.
const AFTER: Duration = Duration::from_secs(2);

/// Number of days whose departures are sold in turn, so that some sell out.
const DAYS: u64 = 10;

/// Duration of the load in the first round, which has no faults.
const ORDINARY: Duration = Duration::from_secs(6);

/// Number of findings per rule that are printed with everything known about their objects.
const TOLD: usize = 2;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunOutcome {
    /// Every rule held.
    Kept,
    /// Some did not.
    Broken,
}

/// A run.
#[derive(Debug)]
pub struct Run {
    seed: u64,
    rounds: Vec<Vec<Planned>>,
    today: NaiveDate,
    /// How long 99 of 100 jobs of a round, and the first search and booking at each API, may take once its faults have
    /// ended, in milliseconds.
    most: u64,
    settings: Settings,
    stage: Stage,
    context: LoadContext,
}

impl Run {
    /// Starts the platform. Recovery may take `allowance` milliseconds longer than guaranteed.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn begin(seed: u64, rounds: u32, allowance: u64, today: NaiveDate) -> Result<Self> {
        let settings = settings::from_env()?;
        let stage = Stage::start(&settings).await?;
        check::prepare(&stage.pool).await?;
        let figures = Arc::new(Figures::default());
        let context = LoadContext {
            api: Arc::new(Api::new(stage.apis.clone(), Arc::clone(&figures))?),
            records: Arc::new(Records::default()),
            figures,
            timetable: Arc::new(read_timetable(&settings.chaos_feed, today).await?),
        };
        let person = Person::sign_in(&context.api, &settings, today).await?;
        let buses = person.track_buses(&context.api).await?;
        line(format_args!("ready: {buses} buses are tracked"));
        Ok(Self {
            seed,
            rounds: plan::draw(seed, rounds),
            today,
            most: RECOVERY + allowance,
            settings,
            stage,
            context,
        })
    }

    /// Runs the rounds; ends after the first one with findings.
    ///
    /// # Errors
    /// When the harness itself cannot continue.
    pub async fn all(self) -> Result<RunOutcome> {
        // The first round shows how long jobs take on this machine.
        for (number, faults) in (0..).zip(std::iter::once(&Vec::new()).chain(&self.rounds)) {
            let findings = self.round(number, faults).await?;
            if !findings.is_empty() {
                self.tell(&findings).await?;
                self.sum_up();
                return Ok(RunOutcome::Broken);
            }
        }
        self.sum_up();
        Ok(RunOutcome::Kept)
    }

    async fn round(&self, number: u64, faults: &[Planned]) -> Result<Vec<Finding>> {
        self.stage.notes.begin_round(number);
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        line(match told.as_slice() {
            [] => format!("round {number}: no faults"),
            [fault] => format!("round {number}, 1 fault: {fault}"),
            faults => format!("round {number}, {} faults: {}", faults.len(), faults.join("; ")),
        });
        let (start, began) = (Instant::now(), self.stage.database_time().await?);
        let person = Person::sign_in(&self.context.api, &self.settings, self.today).await?;
        let day = self
            .today
            .checked_add_days(Days::new(1 + number % DAYS))
            .unwrap_or(self.today);
        let of = Round {
            seed: self.seed,
            number,
            today: self.today,
            day,
        };
        let load = Load::begin(
            &self.context,
            &self.settings,
            Arc::new(person),
            of,
            self.stage.pool.clone(),
        );
        if faults.is_empty() {
            tokio::time::sleep(ORDINARY).await;
        }
        try_join_all(faults.iter().map(|fault| self.stage.inject(*fault))).await?;
        self.stage.heal().await?;
        let healed = self.stage.database_time().await?;
        let sales = first_sales(&self.context, &self.settings, of, Instant::now());
        let (sales, ()) = tokio::join!(sales, async {
            tokio::time::sleep(AFTER).await;
            load.end().await;
        });
        let loaded = start.elapsed();
        let mut findings = check::until_quiet(&self.stage.pool, healed).await?;
        if faults.is_empty() {
            check::ordinary(&self.stage.pool, &self.context.figures, began).await?;
        } else {
            findings.extend(self.recovery(faults, began, healed).await?);
            findings.extend(self.sales(&sales));
        }
        let admin = self.settings.chaos_programs.join("admin");
        findings.extend(check::worked(&self.stage.pool, began).await?);
        findings.extend(check::check(&self.stage, &self.context.records, &admin).await?);
        findings.extend(check::try_story(&self.stage.pool, &self.context.records, &admin, number).await?);
        line(format_args!(
            "         {:.1} s of load, quiet after {:.1} s more; {} bookings and {} paid so far",
            loaded.as_secs_f64(),
            (start.elapsed() - loaded).as_secs_f64(),
            self.context.figures.bookings.get(),
            self.context.figures.paid.get(),
        ));
        Ok(findings)
    }

    /// Reports how long jobs took from the end of the faults; returns a finding if that is too long.
    async fn recovery(
        &self,
        faults: &[Planned],
        began: DateTime<Utc>,
        healed: DateTime<Utc>,
    ) -> Result<Option<Finding>> {
        let held: Vec<&str> = faults.iter().filter_map(|planned| planned.fault.held_queue()).collect();
        let round = RoundEnd {
            began,
            healed,
            held: &held,
            most: self.most,
        };
        let (spread, finding) = check::recovery(&self.stage.pool, &self.context.figures, round).await?;
        line(format_args!("         recovery: {spread}"));
        self.warn("99 of 100 jobs", spread.p99);
        Ok(finding)
    }

    /// Reports how soon the APIs sold again; returns a finding for each time that is too long.
    fn sales(&self, first: &[FirstSale]) -> Vec<Finding> {
        line(format_args!("         sales: {}", check::describe_sales(first)));
        for sale in first {
            for (what, took) in check::times_of(sale) {
                self.warn(&what, took);
            }
        }
        check::sales(&self.context.figures, first, self.most)
    }

    /// Warns of a time that passes only thanks to the allowance.
    fn warn(&self, what: &str, took: u64) {
        if let Some(warning) = check::warning(what, took, self.most) {
            self.stage.notes.add(&warning);
        }
    }

    async fn tell(&self, findings: &[Finding]) -> Result<()> {
        let admin = self.settings.chaos_programs.join("admin");
        let rules: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).collect();
        for rule in rules {
            let of_rule: Vec<_> = findings.iter().filter(|finding| finding.rule == rule).collect();
            line(format_args!("VIOLATED: {rule} ({} times)", of_rule.len()));
            for finding in of_rule.into_iter().take(TOLD) {
                line(format_args!("  {}", finding.detail));
                for told in check::tell(&self.stage.pool, &admin, &finding.detail).await? {
                    line(format_args!("    {told}"));
                }
            }
        }
        Ok(())
    }

    fn sum_up(&self) {
        let figures = &self.context.figures;
        let (messages, repeats) = Sinks::of(&self.stage).figures();
        let starts: u32 = self.stage.programs().map(|program| program.starts() - 1).sum();
        line(format_args!(
            "seed {}: {} requests ({} repeated), {} bookings ({} refused), {} paid, {} canceled, {} not paid in time, \
             {} reports, {} timetables",
            self.seed,
            figures.requests.get(),
            figures.unanswered.get(),
            figures.bookings.get(),
            figures.refused.get(),
            figures.paid.get(),
            figures.canceled.get(),
            figures.abandoned.get(),
            figures.reports.get(),
            figures.timetables.get(),
        ));
        line(format_args!(
            "{messages} messages arrived, {repeats} arrivals were repeats; {starts} starts of programs that had ended"
        ));
        line(format_args!("without faults: {}", Spread::of(&figures.ordinary)));
        line(format_args!("recovery: {}", Spread::of(&figures.recovery)));
        line(format_args!(
            "jobs that waited for a provider: {}",
            Spread::of(&figures.held)
        ));
        line(format_args!(
            "sales after faults: the first search took up to {} ms, the first booking up to {} ms",
            Spread::of(&figures.searches).longest,
            Spread::of(&figures.sales).longest,
        ));
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        line(format_args!("load of the machine: {}", load.trim()));
        for note in self.stage.notes.all() {
            line(note);
        }
    }
}
