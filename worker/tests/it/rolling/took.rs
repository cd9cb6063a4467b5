//! How long requests take during an upgrade.

use std::sync::Mutex;
use std::time::Duration;

/// How long each request took, until all of its response had arrived.
#[derive(Default)]
pub struct Took(Mutex<Vec<Duration>>);

impl Took {
    /// Notes one.
    pub fn note(&self, took: Duration) {
        self.0.lock().unwrap().push(took);
    }

    /// The figures since they were last taken.
    pub fn take(&self) -> String {
        let mut took = std::mem::take(&mut *self.0.lock().unwrap());
        took.sort_unstable();
        let rank = |percent: usize| (took.len() * percent).div_ceil(100).saturating_sub(1);
        let at = |percent| took.get(rank(percent)).copied().unwrap_or_default().as_millis();
        let (p50, p99, slowest) = (at(50), at(99), at(100));
        format!(
            "{} requests, p50 {p50} ms, p99 {p99} ms, slowest {slowest} ms",
            took.len()
        )
    }
}

#[test]
fn the_figures_are_those_since_they_were_last_taken() {
    let took = Took::default();
    for millis in (1..=200).rev() {
        took.note(Duration::from_millis(millis));
    }
    assert_eq!(took.take(), "200 requests, p50 100 ms, p99 198 ms, slowest 200 ms");
    assert_eq!(took.take(), "0 requests, p50 0 ms, p99 0 ms, slowest 0 ms");
}
