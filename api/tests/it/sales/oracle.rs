//! Search compared with an oracle: one SQL query that computes from the tables alone what a search must return
//! (`oracle/search.sql`), compared with the API after each of many random events.
//!
//! Events are drawn from a seed, which a failure prints. `ORACLE_ROUNDS` and `ORACLE_SEED` run more rounds than the
//! suite does, or repeat one.

mod compare;
mod event;
mod question;

use crate::sales::support::{Dice, Shop};
use event::Play;
use question::Question;

/// Four in the morning in Kyiv, on a day on which all trips run.
const DAWN: &str = "2027-02-08T02:00:00Z";

/// Events of one round, and searches after each.
const EVENTS: usize = 60;
const SEARCHES: usize = 4;

/// A number from the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "how much is tried is not a setting of the product"
)]
fn asked(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Rounds, each with its own shop and its own seed.
fn rounds(first: usize) -> impl Iterator<Item = usize> {
    let first = asked("ORACLE_SEED", first);
    first..first + asked("ORACLE_ROUNDS", 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_search_answers_what_the_tables_say() {
    for seed in rounds(8) {
        let shop = Shop::open_at(DAWN).await;
        let (mut dice, mut play) = (Dice::new(seed), Play::new(&shop));
        for number in 0..EVENTS {
            let event = play.event(&mut dice).await;
            for _ in 0..SEARCHES {
                let question = Question::draw(&mut dice);
                let (said, due) = (question.ask(&shop).await, question.due(&shop).await);
                assert_eq!(said, due, "seed {seed}, event {number} ({event}): {question:?}");
                // A response that was stored.
                assert_eq!(
                    question.ask(&shop).await,
                    due,
                    "seed {seed}, event {number} ({event}): {question:?}"
                );
            }
        }
        play.is_worth_it();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_answers_what_the_tables_said_a_second_ago() {
    for seed in rounds(80) {
        let shop = Shop::open_at(DAWN).await;
        let other = shop.replica(compare::as_in_production).await;
        let (mut dice, mut play) = (Dice::new(seed), Play::new(&shop));
        for number in 0..EVENTS / 2 {
            let event = play.event(&mut dice).await;
            let questions: Vec<Question> = (0..SEARCHES).map(|_| Question::draw(&mut dice)).collect();
            if let Some((question, due)) = compare::late(&shop, &other, &questions).await {
                panic!("seed {seed}, event {number} ({event}): {question:?}: {due}");
            }
        }
        play.is_worth_it();
    }
}
