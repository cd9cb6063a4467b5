use proptest::prelude::*;
use rstest::rstest;

use super::{Class, Limit, Limits, MAX_QUOTA, MAX_WINDOW, NotALimit, ParseLimitsError, PartnerTier, decide};

#[rstest]
#[case("100/60", true)]
#[case("1/1", true)]
#[case("1000000/86400", true)]
#[case("0/60", false)]
#[case("60/0", false)]
#[case("1000001/60", false)]
#[case("1/86401", false)]
#[case("-1/60", false)]
#[case("+1/60", false)]
#[case("1.5/60", false)]
#[case("100", false)]
#[case("100/", false)]
#[case("/60", false)]
#[case("100/60/1", false)]
#[case("99999999999999999999/60", false)]
fn a_limit_is_two_numbers(#[case] text: &str, #[case] good: bool) {
    let limit = text.parse::<Limit>();
    assert_eq!(
        limit.map(|limit| limit.to_string()),
        good.then(|| text.to_owned()).ok_or(NotALimit)
    );
}

#[test]
fn unlisted_limits_stay() {
    let before = Limits::of_tier(PartnerTier::Standard);
    let limits = before.with_text(" search=100/60,write=20/30  ").unwrap();
    assert_eq!(limits.of(Class::Search).to_string(), "100/60");
    assert_eq!(limits.of(Class::Write).to_string(), "20/30");
    assert_eq!(limits.of(Class::Read), before.of(Class::Read));
    assert_eq!(before.with_text(""), Ok(before));
}

#[rstest]
#[case("search")]
#[case("find=1/1")]
#[case("Search=1/1")]
#[case("search=")]
#[case("search=1/1 search=1/1")]
#[case("search = 1/1")]
fn a_malformed_list_of_limits_is_named(#[case] text: &str) {
    let error: ParseLimitsError = Limits::of_addresses().with_text(text).unwrap_err();
    assert!(error.to_string().len() > 10);
}

fn limits() -> impl Strategy<Value = Limit> {
    (1..=MAX_QUOTA, 1..=MAX_WINDOW).prop_map(|(quota, window)| Limit::new(quota, window).unwrap())
}

proptest! {
    #[test]
    fn a_rested_client_may_send_its_quota_at_once_and_no_more(quota in 1_u32..500, window in 1..=MAX_WINDOW) {
        let limit = Limit::new(quota, window).unwrap();
        let mut debt = None;
        for left in (0..u64::from(quota)).rev() {
            let (verdict, after) = decide(limit, debt, 1_000);
            prop_assert!(verdict.allowed);
            prop_assert_eq!(verdict.remaining, left);
            debt = after;
        }
        let (verdict, after) = decide(limit, debt, 1_000);
        prop_assert!(!verdict.allowed && verdict.remaining == 0 && after.is_none());
    }

    #[test]
    fn waiting_as_long_as_stated_helps_and_a_microsecond_less_does_not(
        limit in limits(), debt in 0_u64..90_000_000_000, now in 0_u64..90_000_000_000
    ) {
        let (verdict, after) = decide(limit, Some(debt), now);
        let debt = after.unwrap_or(debt.min(now + limit.burst()));
        let later = |wait: u64| {
            let (next, _) = decide(limit, Some(debt), now + wait);
            next.remaining + u64::from(next.allowed)
        };
        prop_assert!(verdict.wait >= 1);
        prop_assert_eq!(later(verdict.wait), verdict.remaining + 1);
        prop_assert_eq!(later(verdict.wait - 1), verdict.remaining);
    }

    #[test]
    fn no_caller_is_shut_out_for_longer_than_a_window(limit in limits(), debt in any::<u64>(), now in 0_u64..1 << 52) {
        let (verdict, _) = decide(limit, Some(debt), now);
        prop_assert!(verdict.wait <= u64::from(limit.window()) * 1_000_000);
    }
}
