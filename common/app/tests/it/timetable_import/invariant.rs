//! With any versions of a feed imported in any order, and sales in between: no coach carries more people than it has
//! seats, and no run is offered twice.
//!
//! The model knows the identity of each run, independent of its ids in the feed; the importer sees the feed only. After
//! every import all that is offered is bought, on one day wholly and on others in part.

use std::collections::BTreeMap;

use app::timetable::{MatchDecision, matches, resolve};
use db::error::AppError;
use rstest::rstest;
use testing::world::operator;
use uuid::Uuid;

use super::model::{EVERY_DAY, Model, Run, WEEKEND, WORKING_DAYS};
use super::now;
use super::shop::Shop;

const DAYS: [&str; 3] = ["2026-12-02", "2026-12-05", "2026-12-08"];
const SEATS: u16 = 12;

/// Numbers that look random and are the same in every run (splitmix64).
struct Dice {
    state: u64,
    names: usize,
}

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    /// An id or a name that was never there.
    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn of<'a, T>(&mut self, list: &'a mut [T]) -> &'a mut T {
        let at = self.roll(list.len());
        &mut list[at]
    }
}

fn base() -> Model {
    let mut model = Model::base();
    model.services.push(("W".to_owned(), WORKING_DAYS));
    model.services.push(("E".to_owned(), WEEKEND));
    model.run("T2", "10:30");
    model.run("T3", "13:00").service = 1;
    model.run("T4", "15:30");
    model
}

/// Changes the feed as publishers do; returns what it did, for the message of a failure.
fn bend(model: &mut Model, dice: &mut Dice) -> &'static str {
    match dice.roll(13) {
        0 => {
            for run in &mut model.runs {
                run.trip_id = dice.name("X");
            }
            "all trips renamed"
        }
        1 => {
            let trip_id = dice.name("Y");
            dice.of(&mut model.runs).trip_id = trip_id;
            "a trip renamed"
        }
        2 => {
            let ids: Vec<String> = model.runs.iter().map(|run| run.trip_id.clone()).collect();
            let steps = 1 + dice.roll(ids.len());
            for (at, run) in model.runs.iter_mut().enumerate() {
                run.trip_id.clone_from(&ids[(at + steps) % ids.len()]);
            }
            "ids of trips handed round"
        }
        3 => {
            let run = dice.of(&mut model.runs);
            run.leaves = (run.leaves + 10).min(usual(run) + 30);
            "a trip leaves ten minutes later"
        }
        4 => {
            let trip_id = dice.name("L");
            let run = dice.of(&mut model.runs);
            run.leaves = (run.leaves - 15).max(usual(run) - 30);
            run.trip_id = trip_id;
            "a trip renamed and a quarter of an hour sooner"
        }
        5 => {
            let run = dice.of(&mut model.runs);
            run.withdrawn = !run.withdrawn;
            if model.runs.iter().all(|run| run.withdrawn) {
                model.runs[0].withdrawn = false;
            }
            "a trip gone or back"
        }
        6 => {
            let (at, trip_id) = (dice.roll(model.runs.len()), dice.name("S"));
            if model.services[model.runs[at].service].1 == EVERY_DAY {
                let other = Run {
                    trip_id,
                    service: 2,
                    ..model.runs[at].clone()
                };
                model.runs[at].service = 1;
                model.runs.push(other);
            }
            "a trip split"
        }
        7 => {
            let halves = (0..model.runs.len()).find_map(|a| {
                let alike = |b: &usize| {
                    let (one, other) = (&model.runs[a], &model.runs[*b]);
                    (one.truth, one.leaves, one.withdrawn) == (other.truth, other.leaves, other.withdrawn)
                        && one.service != other.service
                };
                Some((a, (a + 1..model.runs.len()).find(alike)?))
            });
            if let Some((a, b)) = halves {
                model.runs.remove(b);
                model.runs[a].service = 0;
            }
            "two trips merged"
        }
        8 => {
            let id = dice.name("s");
            dice.of(&mut model.stops).0 = id;
            "a stop has another id"
        }
        9 => {
            dice.of(&mut model.stops).1.push('+');
            "a stop has another name"
        }
        10 => {
            model.routes[0] = (dice.name("R"), dice.name("Line "), 0);
            "the route has another id and name"
        }
        11 => {
            model.agencies[0] = (dice.name("A"), dice.name("Agency "));
            "the agency has another id and name"
        }
        _ => {
            let id = dice.name("D");
            dice.of(&mut model.services).0 = id;
            "a service has another id"
        }
    }
}

/// When a run leaves in the first version: it stays near that, so that a person could distinguish the runs.
fn usual(run: &Run) -> u32 {
    480 + 150 * u32::try_from(run.truth).unwrap()
}

/// The model as it is exported: with buses, and sometimes with a trip that is there twice.
fn export(model: &Model, dice: &mut Dice) -> Model {
    model.with(|m| {
        if dice.roll(4) == 0 {
            let double = dice.of(&mut m.runs).clone();
            let trip_id = dice.name("DOUBLE");
            m.runs.insert(dice.roll(m.runs.len()), Run { trip_id, ..double });
        }
        m.buses = vec![("coach".to_owned(), SEATS.into())];
        m.runs.iter_mut().for_each(|run| run.block = Some("coach".to_owned()));
    })
}

/// Which run of the model an offered trip is on a day.
fn truth(model: &Model, trip_id: &str, day: &str) -> usize {
    let run = model.runs.iter().find(|run| run.trip_id == trip_id && !run.withdrawn);
    run.unwrap_or_else(|| panic!("{trip_id} on {day} is in the feed")).truth
}

/// A person who knows the runs decides what is doubtful, as far as the seats allow.
async fn decide(shop: &Shop, feed: &Model, sold: &BTreeMap<Uuid, usize>) {
    let (open, _) = matches(&shop.pool, now(), None, 1_000).await.unwrap();
    for one in open {
        let ticket: Option<Uuid> = sqlx::query_scalar(
            "select h.ticket_id from departure_matches m
             join seat_holds h on (h.trip_id, h.service_day) = (m.sold_trip_id, m.sold_day) where m.id = $1 limit 1",
        )
        .bind(one.id)
        .fetch_optional(&shop.pool)
        .await
        .unwrap();
        let Some(ticket) = ticket else { continue };
        let is_same = sold[&ticket] == truth(feed, &one.candidate.trip, "a day in doubt");
        let verdict = if is_same {
            MatchDecision::SameRun
        } else {
            MatchDecision::AnotherRun
        };
        match resolve(&shop.pool, now(), &operator(), one.id, verdict, false).await {
            Ok(_) | Err(AppError::Validation(_) | AppError::NotFound(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[rstest]
#[tokio::test]
async fn no_coach_is_sold_beyond_its_seats(#[values(1, 2, 3, 4, 5, 6, 7, 8)] seed: u64) {
    let mut dice = Dice { state: seed, names: 0 };
    let mut model = base();
    let mut feed = export(&model, &mut dice);
    let shop = Shop::open(&feed).await;
    let mut versions = vec![model.clone()];
    let mut aboard: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    let mut sold: BTreeMap<Uuid, usize> = BTreeMap::new();
    let mut log: Vec<&str> = Vec::new();
    for _ in 0..12 {
        for day in DAYS {
            let mut seen = Vec::new();
            for offer in shop.offers(day).await {
                let truth = truth(&feed, &offer.trip_id, day);
                assert!(
                    !seen.contains(&truth),
                    "seed {seed}: run {truth} is offered twice on {day}: {log:?}"
                );
                seen.push(truth);
                let count = match usize::from(offer.seats_left) {
                    left if day == DAYS[0] => left,
                    left => dice.roll(left + 1),
                };
                for ticket in shop.sell(&offer, count).await {
                    sold.insert(ticket.0, truth);
                }
                let sum = aboard.entry((truth, day)).or_default();
                *sum += count;
                assert!(
                    *sum <= SEATS.into(),
                    "seed {seed}: {sum} people on the {SEATS} seats of run {truth} on {day}: {log:?}"
                );
            }
        }
        // Any version may follow any other: sometimes one that was there before.
        if dice.roll(5) == 0 {
            model = dice.of(&mut versions).clone();
            log.push("an earlier version");
        } else {
            for _ in 0..=dice.roll(3) {
                log.push(bend(&mut model, &mut dice));
            }
        }
        log.push("import");
        versions.push(model.clone());
        feed = export(&model, &mut dice);
        shop.import(&feed).await;
        if dice.roll(2) == 0 {
            decide(&shop, &feed, &sold).await;
            log.push("decisions");
        }
    }
    let held: i64 = sqlx::query_scalar("select count(*) from seat_holds")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(
        usize::try_from(held).unwrap(),
        aboard.values().sum::<usize>(),
        "nobody lost a seat"
    );
}
