//! Decides which traces that start with a request are exported. The decision is made before there is a span: creating
//! one that is not exported costs as much as creating one that is, and most requests cost little more than that.

use std::cell::Cell;
use std::sync::OnceLock;

use opentelemetry::Context;
use opentelemetry::context::{FutureExt, WithContext};
use opentelemetry::trace::TraceContextExt;

use crate::TraceParent;

/// The share of traces that are exported; not set unless there is a collector.
static SHARE: OnceLock<f64> = OnceLock::new();

thread_local! {
    static IS_DECIDED: Cell<bool> = const { Cell::new(false) };
}

/// The decision about the spans of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// There is no collector.
    Off,
    /// They are exported: see [`decided`].
    Exported,
    /// They are not. This is the request's place in its trace, which continues in other processes: see [`in_place`].
    NotExported(TraceParent),
}

/// From now on this share of the traces that begin here is exported, 0 to 1. Later calls change nothing.
pub fn export(share: f64) {
    // Tests start several processes in one.
    let _ = SHARE.set(share);
}

/// Decides about a request. If the caller began the trace, the caller has decided; `random` gives the ids of a trace
/// and a span.
pub fn decide(caller: Option<TraceParent>, random: impl FnOnce() -> (u128, u64)) -> Decision {
    let Some(share) = SHARE.get() else {
        return Decision::Off;
    };
    decide_with(*share, caller, random)
}

fn decide_with(share: f64, caller: Option<TraceParent>, random: impl FnOnce() -> (u128, u64)) -> Decision {
    match caller {
        Some(caller) if caller.is_sampled() => Decision::Exported,
        Some(caller) => Decision::NotExported(caller),
        None => {
            let (trace_id, span_id) = random();
            // Of the 53 bits that fit into a float.
            let drawn = (span_id >> 11) as f64 / (1_u64 << 53) as f64;
            match TraceParent::not_sampled(trace_id, span_id) {
                Some(place) if drawn >= share => Decision::NotExported(place),
                _ => Decision::Exported,
            }
        }
    }
}

/// Opens a span of a trace that [`decide`] chose for export: the sampler does not decide again, whether the trace
/// begins here or not.
pub fn decided<T>(open: impl FnOnce() -> T) -> T {
    IS_DECIDED.set(true);
    let opened = open();
    IS_DECIDED.set(false);
    opened
}

/// Whether this code runs in [`decided`]; asked by the sampler.
#[must_use]
pub fn is_decided() -> bool {
    IS_DECIDED.get()
}

/// The place of this code in a trace, if that is not exported ([`in_place`]). A span that is made there costs nearly as
/// much as one that is exported, so code of requests asks before it makes one.
#[must_use]
pub fn place_not_exported() -> Option<TraceParent> {
    let place = Context::map_current(|context| TraceParent::of(context.span().span_context()));
    place.filter(|place| !place.is_sampled())
}

/// Runs work of a request whose spans are not exported: spans that it opens belong to the same trace, and are not
/// exported either. Without a place, the work runs as it is.
pub fn in_place<F: Future>(place: Option<TraceParent>, work: F) -> WithContext<F> {
    let context = match place {
        Some(place) => Context::new().with_remote_span_context(place.into()),
        None => Context::new(),
    };
    work.with_context(context)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Decision, decide_with, in_place, place_not_exported};
    use crate::TraceParent;

    const IDS: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

    #[rstest]
    #[case("01", Decision::Exported)]
    #[case("00", Decision::NotExported(format!("{IDS}-00").parse().unwrap()))]
    fn a_caller_that_began_the_trace_has_decided(#[case] flags: &str, #[case] decision: Decision) {
        let caller: TraceParent = format!("{IDS}-{flags}").parse().unwrap();
        for share in [0.0, 1.0] {
            assert_eq!(decide_with(share, Some(caller), || unreachable!()), decision);
        }
    }

    #[rstest]
    #[case(0.0, 0)]
    #[case(0.25, 250)]
    #[case(1.0, 1000)]
    fn the_share_of_traces_is_exported(#[case] share: f64, #[case] exported: usize) {
        let step = u64::MAX / 1000;
        let decisions = (0..1000_u64).map(|number| decide_with(share, None, || (1, number * step + step / 2)));
        assert_eq!(
            decisions.filter(|decision| *decision == Decision::Exported).count(),
            exported
        );
    }

    #[test]
    fn a_trace_that_is_not_exported_has_a_place_that_says_so() {
        let Decision::NotExported(place) = decide_with(0.0, None, || (0x4bf9, 0xb7)) else {
            panic!("nothing is exported");
        };
        assert_eq!(
            place.to_string(),
            "00-00000000000000000000000000004bf9-00000000000000b7-00"
        );
    }

    #[tokio::test]
    async fn code_knows_its_place_in_a_trace_that_is_not_exported() {
        let asked = || async { place_not_exported() };
        let place = |flags| format!("{IDS}-{flags}").parse().ok();
        assert_eq!(asked().await, None);
        assert_eq!(in_place(None, asked()).await, None);
        assert_eq!(in_place(place("00"), asked()).await, place("00"));
        assert_eq!(in_place(place("01"), asked()).await, None);
        assert_eq!(asked().await, None, "it ends with the work");
    }
}
