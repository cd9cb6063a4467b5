//! Scheduled reports: which are due and when, and that each is requested once.

use app::report::schedule::{self, Planner, ReportSchedule, WantedReport};
use app::work::Work;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::access::Workplace;
use domain::id::{CompanyId, UserId};
use domain::language::Language;
use domain::report::DateField;
use domain::report::dialect::Dialect;
use domain::report::schedule::{Days, Period, Timing, Weekday, Weekdays};
use domain::role::Role;
use futures::future::join_all;
use kernel::clock::Clock;
use ledger::scheduler::{enter, fire};
use scheduler::report_schedule::REPORT_SCHEDULES;
use testing::database::TestDb;
use testing::world::World;

/// A Saturday, 10:00 in Kyiv.
const START: &str = "2027-03-20T08:00:00Z";

struct Stage {
    db: TestDb,
    clock: Clock,
    company: CompanyId,
    user: UserId,
}

impl Stage {
    async fn new() -> Self {
        let (db, clock) = (TestDb::new().await, Clock::manual(START.parse().unwrap()));
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, clock.now()).await;
        let company = world.company("karpaty").await.id;
        let place = Workplace::Company(company);
        let user = world.person("olena@example.com", &[(place, Role::Manager)]).await;
        drop(conn);
        enter(&db.pool, &clock, &[REPORT_SCHEDULES]).await.unwrap();
        Self {
            db,
            clock,
            company,
            user,
        }
    }

    fn planner(&self) -> Planner {
        Planner {
            company_id: self.company,
            user_id: self.user,
            request_id: None,
        }
    }

    async fn plan(&self, days: &[Weekday], time: &str) -> ReportSchedule {
        let work = Work::Own(self.db.pool.clone());
        let wanted = wanted(days, time);
        schedule::create(&work, &self.planner(), wanted, self.clock.now())
            .await
            .unwrap()
    }

    /// Moves the clock to an instant.
    fn at(&self, instant: &str) {
        let instant: DateTime<Utc> = instant.parse().unwrap();
        self.clock.advance(instant - self.clock.now());
    }

    /// The company moves to another time zone.
    async fn move_to(&self, zone: &str) {
        let sql = "update companies set time_zone = $1";
        sqlx::query(sql).bind(zone).execute(&self.db.pool).await.unwrap();
    }

    /// Eight schedulers look at once.
    async fn all_look(&self) {
        let looks = join_all((0..8).map(|_| fire(&self.db.pool, &self.clock, &REPORT_SCHEDULES))).await;
        for look in looks {
            look.unwrap();
        }
    }

    /// The due times for which a job was written, oldest first.
    async fn runs(&self) -> Vec<String> {
        let sql = "select run.due_at from report_runs run
                   join jobs j on j.kind = 'report_start'
                       and j.payload ->> 'run_id' = 'rpr_' || replace(run.id::text, '-', '')
                   order by run.due_at, run.id";
        let due: Vec<DateTime<Utc>> = sqlx::query_scalar(sql).fetch_all(&self.db.pool).await.unwrap();
        due.iter().map(|at| at.format("%d %b %H:%M").to_string()).collect()
    }

    async fn next(&self) -> Option<String> {
        let (schedules, ..) = schedule::list(&self.db.pool, self.company, 10, 0).await.unwrap();
        let next = schedules[0].next_at;
        next.map(|at| at.format("%d %b %H:%M").to_string())
    }
}

fn wanted(days: &[Weekday], time: &str) -> WantedReport {
    WantedReport {
        period: Period::LastWeek,
        date_field: DateField::CreatedAt,
        dialect: Dialect::STANDARD,
        timing: Timing {
            days: Days::OfWeek(Weekdays::of(days).unwrap()),
            time: NaiveTime::parse_from_str(time, "%H:%M").unwrap(),
        },
        language: Language::Uk,
        recipients: vec!["olena@example.com".to_owned()],
        enabled: true,
    }
}

#[tokio::test]
async fn of_many_schedulers_one_asks_for_a_report_at_its_time() {
    let stage = Stage::new().await;
    stage.plan(&[Weekday::Monday], "07:00").await;
    assert_eq!(stage.next().await.as_deref(), Some("22 Mar 05:00"));
    stage.at("2027-03-22T04:59:59Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, Vec::<String>::new());
    for instant in ["2027-03-22T05:00:00Z", "2027-03-22T05:00:01Z", "2027-03-28T23:59:00Z"] {
        stage.at(instant);
        stage.all_look().await;
        assert_eq!(stage.runs().await, ["22 Mar 05:00"], "{instant}");
    }
    // The clocks went forward: seven in the morning is an hour earlier in UTC.
    stage.at("2027-03-29T04:00:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["22 Mar 05:00", "29 Mar 04:00"]);
    assert_eq!(stage.next().await.as_deref(), Some("05 Apr 04:00"));
}

#[tokio::test]
async fn a_time_that_the_clocks_skip_is_due_when_the_gap_ends() {
    let stage = Stage::new().await;
    stage.plan(&[Weekday::Sunday], "03:30").await;
    stage.at("2027-03-21T01:30:00Z");
    stage.all_look().await;
    stage.at("2027-03-28T00:59:59Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["21 Mar 01:30"]);
    stage.at("2027-03-28T01:00:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["21 Mar 01:30", "28 Mar 01:00"]);
    assert_eq!(stage.next().await.as_deref(), Some("04 Apr 00:30"));
}

#[tokio::test]
async fn a_time_that_comes_twice_is_due_once() {
    let stage = Stage::new().await;
    stage.at("2027-10-30T12:00:00Z");
    stage.plan(&[Weekday::Sunday], "03:30").await;
    for instant in ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z", "2027-10-31T02:30:00Z"] {
        stage.at(instant);
        stage.all_look().await;
        assert_eq!(stage.runs().await, ["31 Oct 00:30"], "{instant}");
    }
    assert_eq!(stage.next().await.as_deref(), Some("07 Nov 01:30"));
}

#[tokio::test]
async fn a_change_of_the_zone_makes_no_report_twice_and_skips_none() {
    let stage = Stage::new().await;
    stage.plan(Weekday::ALL, "07:00").await;
    stage.at("2027-03-21T05:00:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["21 Mar 05:00"]);
    // An hour later than the time that is stored.
    stage.move_to("Europe/Warsaw").await;
    stage.at("2027-03-22T05:00:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["21 Mar 05:00"], "not for the 21st again");
    assert_eq!(stage.next().await.as_deref(), Some("22 Mar 06:00"));
    stage.at("2027-03-22T06:00:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["21 Mar 05:00", "22 Mar 06:00"]);
    // An hour earlier: it has passed when the stored time comes, and is made up for.
    stage.move_to("Europe/Kyiv").await;
    stage.at("2027-03-23T06:00:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["21 Mar 05:00", "22 Mar 06:00", "23 Mar 05:00"]);
    assert_eq!(stage.next().await.as_deref(), Some("24 Mar 05:00"));
}

#[tokio::test]
async fn of_the_missed_times_the_latest_is_made_up_for() {
    let stage = Stage::new().await;
    stage.plan(Weekday::ALL, "07:00").await;
    // No scheduler ran for four days.
    stage.at("2027-03-24T12:00:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["24 Mar 05:00"]);
    assert_eq!(stage.next().await.as_deref(), Some("25 Mar 05:00"));
}

#[tokio::test]
async fn a_schedule_that_is_off_deleted_or_set_to_another_time_is_not_due() {
    let stage = Stage::new().await;
    let (off, gone, moved) = (
        stage.plan(&[Weekday::Monday], "07:00").await,
        stage.plan(&[Weekday::Monday], "07:00").await,
        stage.plan(&[Weekday::Monday], "07:00").await,
    );
    let (pool, planner, now) = (&stage.db.pool, stage.planner(), stage.clock.now());
    let disabled = WantedReport {
        enabled: false,
        ..off.wanted
    };
    schedule::replace(pool, &planner, off.id, disabled, now).await.unwrap();
    schedule::delete(pool, &planner, gone.id, now).await.unwrap();
    let later = wanted(&[Weekday::Monday], "08:00");
    schedule::replace(pool, &planner, moved.id, later, now).await.unwrap();
    assert_eq!(stage.next().await, None);
    stage.at("2027-03-22T05:30:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, Vec::<String>::new());
    stage.at("2027-03-22T06:00:00Z");
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["22 Mar 06:00"]);
}

#[tokio::test]
async fn a_change_of_the_recipients_does_not_skip_a_time_that_is_due() {
    let stage = Stage::new().await;
    let plan = stage.plan(&[Weekday::Monday], "07:00").await;
    stage.at("2027-03-22T05:00:00Z");
    let more = WantedReport {
        recipients: vec!["taras@example.com".to_owned()],
        ..plan.wanted
    };
    let (planner, now) = (stage.planner(), stage.clock.now());
    schedule::replace(&stage.db.pool, &planner, plan.id, more, now)
        .await
        .unwrap();
    stage.all_look().await;
    assert_eq!(stage.runs().await, ["22 Mar 05:00"]);
}

#[tokio::test]
async fn a_tick_takes_a_bounded_number_and_the_next_ones_take_the_rest() {
    let stage = Stage::new().await;
    let plan = stage.plan(&[Weekday::Monday], "07:00").await;
    sqlx::query(
        "insert into report_schedules (id, company_id, period, date_field, delimiter, decimal_mark, weekdays, local_time,
                                       language, recipients, enabled, next_at, created_at)
         select gen_random_uuid(), company_id, period, date_field, delimiter, decimal_mark, weekdays, local_time, language,
                recipients, enabled, next_at, created_at
         from report_schedules, generate_series(1, 249) where id = $1",
    )
    .bind(plan.id.0)
    .execute(&stage.db.pool)
    .await
    .unwrap();
    stage.at("2027-03-22T05:00:00Z");
    for expected in [200, 250, 250] {
        stage.all_look().await;
        assert_eq!(stage.runs().await.len(), expected);
        stage.clock.advance(TimeDelta::seconds(1));
    }
}
