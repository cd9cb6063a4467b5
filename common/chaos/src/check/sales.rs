//! That sales work soon after the faults of a round have ended, at each API.

use super::Finding;
use crate::figures::{Figures, locked};
use crate::load::FirstSale;

/// Records how soon each API sold again, and returns a finding for each search and booking that took longer than `most`
/// milliseconds.
pub fn sales(figures: &Figures, first: &[FirstSale], most: u64) -> Vec<Finding> {
    locked(&figures.searches).extend(first.iter().filter_map(|sale| sale.search));
    locked(&figures.sales).extend(first.iter().filter_map(|sale| sale.booking));
    let of_api = |sale: &FirstSale| sale.times().map(|(what, took)| too_late(sale.api, what, took, most));
    first.iter().flat_map(of_api).flatten().collect()
}

/// How soon each API sold again, in one line.
pub fn describe_sales(first: &[FirstSale]) -> String {
    let of_api = |sale: &FirstSale| {
        let times = sale.times().map(|(what, took)| format!("first {what} {}", after(took)));
        format!("api.{}: {}", sale.api, times.join(", "))
    };
    first.iter().map(of_api).collect::<Vec<_>>().join("; ")
}

/// The times of a first sale that are known, in milliseconds, each with the name of what took so long.
pub fn times_of(sale: &FirstSale) -> Vec<(String, u64)> {
    let times = sale.times().into_iter();
    times
        .filter_map(|(what, took)| took.map(|took| (format!("the first {what} at api.{}", sale.api), took)))
        .collect()
}

fn too_late(api: u64, what: &str, took: Option<u64>, most: u64) -> Option<Finding> {
    took.is_none_or(|took| took > most).then(|| Finding {
        rule: "each API finds offers and creates a booking in time once the faults of a round have ended",
        detail: format!("api.{api}: first {what} {}, where {most} ms are allowed", after(took)),
    })
}

fn after(took: Option<u64>) -> String {
    took.map_or_else(|| "never".to_owned(), |millis| format!("after {millis} ms"))
}

#[cfg(test)]
mod tests {
    use super::{describe_sales, sales, times_of};
    use crate::figures::{Figures, locked};
    use crate::load::FirstSale;

    fn sale(api: u64, search: Option<u64>, booking: Option<u64>) -> FirstSale {
        FirstSale { api, search, booking }
    }

    fn details(first: &[FirstSale]) -> Vec<String> {
        let findings = sales(&Figures::default(), first, 10_000);
        findings.into_iter().map(|finding| finding.detail).collect()
    }

    #[test]
    fn sales_that_work_within_ten_seconds_are_recorded() {
        let figures = Figures::default();
        let first = [sale(1, Some(20), Some(10_000)), sale(2, Some(30), Some(400))];
        assert_eq!(sales(&figures, &first, 10_000), []);
        assert_eq!(*locked(&figures.searches), [20, 30]);
        assert_eq!(*locked(&figures.sales), [10_000, 400]);
        assert_eq!(
            describe_sales(&first[1..]),
            "api.2: first search after 30 ms, first booking after 400 ms"
        );
    }

    #[test]
    fn each_time_has_the_name_of_what_took_so_long() {
        let named = |what: &str, took: u64| (format!("the first {what} at api.2"), took);
        let both = times_of(&sale(2, Some(30), Some(400)));
        assert_eq!(both, [named("search", 30), named("booking", 400)]);
        assert_eq!(times_of(&sale(2, Some(30), None)), [named("search", 30)]);
    }

    #[test]
    fn an_api_that_sells_late_or_never_is_found() {
        let late = details(&[sale(1, Some(20), Some(400)), sale(2, Some(9_000), Some(10_001))]);
        assert_eq!(
            late,
            ["api.2: first booking after 10001 ms, where 10000 ms are allowed"]
        );
        let never = details(&[sale(1, None, None)]);
        assert_eq!(never.len(), 2, "{never:?}");
        assert!(never[0].contains("first search never"), "{never:?}");
    }
}
