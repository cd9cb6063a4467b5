//! Which limit an operation counts against: the one table of it. A test compares it with the document.

use domain::rate_limit::Class;
use poem::http::Method;

/// A part of the surface: its path, the class of reading requests, the class of writing requests.
type Row = (&'static str, Class, Class);

/// Everything that partners call with their keys. Every path below one of these counts too, whether it exists or not.
const PARTNERS: [Row; 9] = [
    ("/v2/cities", Class::Catalogue, Class::Catalogue),
    ("/v2/stops", Class::Catalogue, Class::Catalogue),
    ("/v2/offers", Class::Search, Class::Search),
    ("/v2/bookings", Class::Read, Class::Write),
    ("/v2/discounts", Class::Read, Class::Read),
    ("/v2/partner/usage", Class::Read, Class::Read),
    ("/v2/partner/migration", Class::Read, Class::Read),
    ("/rest/offers", Class::Search, Class::Search),
    ("/rest/orders", Class::Read, Class::Write),
];

/// What users of the backoffice call. A key is ignored here.
const PEOPLE: [&str; 6] = [
    "/v2/auth",
    "/v2/reports",
    "/v2/geolocation",
    "/v2/orders",
    "/v2/company",
    "/v2/partner/api-keys",
];

/// What a request counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The limit.
    pub class: Class,
    /// Whether a live key is counted; otherwise the client's address is.
    pub by_key: bool,
}

/// What a request counts against; `None` if no limit applies.
#[must_use]
pub fn of(method: &Method, path: &str) -> Option<Counted> {
    let below = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (reads, writes, by_key) = match PARTNERS.iter().find(|(root, ..)| below(root)) {
        Some((_, reads, writes)) => (*reads, *writes, true),
        None if PEOPLE.iter().any(|root| below(root)) => (Class::Read, Class::Write, false),
        None => return None,
    };
    Some(Counted {
        class: if method.is_safe() { reads } else { writes },
        by_key,
    })
}

#[cfg(test)]
mod tests {
    use domain::rate_limit::Class;
    use poem::http::Method;
    use rstest::rstest;

    use super::{Counted, of};

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
    fn a_request_has_the_class_of_its_part_of_the_surface(
        #[case] method: &str,
        #[case] path: &str,
        #[case] class: Option<(Class, bool)>,
    ) {
        let expected = class.map(|(class, by_key)| Counted { class, by_key });
        assert_eq!(of(&Method::from_bytes(method.as_bytes()).unwrap(), path), expected);
    }
}
