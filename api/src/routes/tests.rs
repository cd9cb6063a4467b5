//! What the table says about requests.

use domain::rate_limit::Class;
use poem::http::Method;
use rstest::rstest;

use super::{GROUPS, TABLE};
use crate::route::policy::{Cache, Change, Cors, LargeBody, Policy};

fn policy(method: &str, path: &str) -> &'static Policy {
    TABLE.find(&Method::from_bytes(method.as_bytes()).unwrap(), path).policy
}

#[test]
fn every_operation_is_found_by_a_request_that_calls_it() {
    for operation in TABLE.operations() {
        let path = operation.path.replace('{', "x").replace('}', "y");
        let method = Method::from_bytes(operation.method.name().as_bytes()).unwrap();
        let found = TABLE.find(&method, &path).operation.map(|found| found.id);
        assert_eq!(found, Some(operation.id));
    }
    assert_eq!(
        TABLE.find(&Method::HEAD, "/v2/offers").operation.map(|found| found.id),
        Some("searchOffers")
    );
    assert!(TABLE.find(&Method::OPTIONS, "/v2/offers").operation.is_none());
}

#[test]
fn every_operation_is_below_the_root_of_its_group_and_of_no_earlier_one() {
    for (at, group) in GROUPS.iter().enumerate() {
        for operation in group.operations {
            let first = GROUPS.iter().position(|group| group.holds(operation.path));
            assert_eq!(first, Some(at), "{}", operation.path);
        }
    }
}

#[rstest]
#[case("GET", "/v2/cities", Some((Class::Catalogue, true)))]
#[case("HEAD", "/v2/cities/kyiv/stops/1", Some((Class::Catalogue, true)))]
#[case("GET", "/v2/offers/schedule", Some((Class::Search, true)))]
#[case("GET", "/v2/bookings", Some((Class::Read, true)))]
#[case("POST", "/v2/bookings/x/pay", Some((Class::Write, true)))]
#[case("BREW", "/v2/bookings", Some((Class::Write, true)))]
#[case("PATCH", "/rest/orders", Some((Class::Write, true)))]
#[case("GET", "/v2/citiesx", None)]
#[case("GET", "/v2/partner/api-keys", Some((Class::Read, false)))]
#[case("GET", "/v2/orders", Some((Class::Read, false)))]
#[case("POST", "/v2/auth/login", Some((Class::Write, false)))]
#[case("GET", "/healthz", None)]
#[case("GET", "/", None)]
fn a_request_counts_whether_it_calls_an_operation_or_not(
    #[case] method: &str,
    #[case] path: &str,
    #[case] counted: Option<(Class, bool)>,
) {
    let policy = policy(method, path);
    assert_eq!(policy.rate.map(|class| (class, policy.caller.has_key())), counted);
}

/// The notes for cache and relay and the places of the process depend on it.
#[test]
fn every_operation_that_may_change_something_counts_as_a_write_and_no_other() {
    for operation in TABLE.operations() {
        let may_write = operation.policy.may_write();
        assert_eq!(may_write, operation.method.name() != "GET", "{}", operation.id);
        assert!(
            may_write || operation.policy.change == Change::Nothing,
            "{}",
            operation.id
        );
    }
}

#[rstest]
#[case("/v2/cities", Cors::Open)]
#[case("/v2/cities/kyiv", Cors::Open)]
#[case("/v2/offers/schedule", Cors::Open)]
#[case("/v2/offers/schedule/x", Cors::Open)]
#[case("/openapi.json", Cors::Open)]
#[case("/v2/offers", Cors::Partners)]
#[case("/v2/bookings/bkg_1/pay", Cors::Partners)]
#[case("/v2/discounts", Cors::Partners)]
#[case("/v2/auth/login", Cors::Own)]
#[case("/v2/orders", Cors::Own)]
#[case("/v2/partner/api-keys", Cors::Own)]
#[case("/v2", Cors::Own)]
#[case("/x/v2/cities", Cors::Own)]
#[case("/rest/orders", Cors::Own)]
#[case("/docs", Cors::Own)]
fn the_back_office_is_for_pages_of_this_origin(#[case] path: &str, #[case] cors: Cors) {
    assert_eq!(policy("GET", path).cors, cors);
    assert_eq!(policy("OPTIONS", path).cors, cors);
    assert_eq!(policy("POST", path).cors, cors);
}

#[rstest]
#[case(Cache::Catalogue, &["/v2/cities", "/v2/cities/kyiv/stops", "/v2/stops/stp_1"])]
#[case(Cache::Timetable, &["/v2/offers/schedule"])]
#[case(Cache::Page, &["/", "/docs", "/pages.css", "/guides/rest-to-v2-migration", "/openapi.json"])]
#[case(Cache::Own, &["/v2/bookings/bkg_1/tickets/ord_1.pdf", "/v2/orders/ord_1/ticket.pdf"])]
#[case(Cache::Never, &["/v2/bookings/bkg_1/tickets/ord_1", "/v2/offers", "/v2/bookings", "/v2/citiesx", "/v2/orders", "/healthz"])]
fn only_public_responses_and_files_are_kept(#[case] cache: Cache, #[case] paths: &[&str]) {
    for path in paths {
        assert_eq!(policy("GET", path).cache, cache, "{path}");
    }
}

#[rstest]
#[case("POST", "/v2/bookings", LargeBody::NeedsKey)]
#[case("PATCH", "/rest/orders", LargeBody::NeedsKey)]
#[case("GET", "/v2/bookings", LargeBody::Refused)]
#[case("POST", "/v2/offers", LargeBody::Refused)]
#[case("POST", "/v2/auth/switch-company", LargeBody::Refused)]
#[case("POST", "/v2/reports/orders", LargeBody::NeedsSession)]
#[case("GET", "/v2/orders", LargeBody::NeedsSession)]
#[case("POST", "/nowhere", LargeBody::Refused)]
fn a_large_body_is_refused_or_asked_for_a_credential(
    #[case] method: &str,
    #[case] path: &str,
    #[case] answer: LargeBody,
) {
    assert_eq!(policy(method, path).large_body(), answer);
}

#[test]
fn everything_below_the_old_api_is_deprecated() {
    for (path, deprecated) in [
        ("/rest", true),
        ("/rest/x", true),
        ("/rest/orders/1", true),
        ("/restx", false),
    ] {
        assert_eq!(policy("GET", path).deprecated, deprecated, "{path}");
        assert_eq!(policy("POST", path).deprecated, deprecated, "{path}");
    }
}

#[test]
fn a_path_has_the_methods_of_its_operations() {
    assert_eq!(TABLE.allowed("/v2/bookings"), "POST, GET, HEAD, OPTIONS");
    assert_eq!(TABLE.allowed("/v2/bookings/bkg_1/pay"), "POST, OPTIONS");
    assert_eq!(TABLE.allowed("/rest/orders"), "POST, GET, PATCH, HEAD, OPTIONS");
    assert_eq!(TABLE.allowed("/docs"), "GET, HEAD, OPTIONS");
}
