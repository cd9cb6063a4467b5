//! Which limit an operation counts against: the one table of it. A test compares it with the document.

use common::domain::rate_limit::Class;
use poem::http::Method;

/// A part of the surface: its path, the class of what reads, the class of what changes something.
type Row = (&'static str, Class, Class);

/// Everything that partners call. What is below such a path counts too, whether it exists or not.
const TABLE: [Row; 8] = [
    ("/v2/cities", Class::Catalogue, Class::Catalogue),
    ("/v2/stops", Class::Catalogue, Class::Catalogue),
    ("/v2/offers", Class::Search, Class::Search),
    ("/v2/bookings", Class::Read, Class::Write),
    ("/v2/partner/usage", Class::Read, Class::Read),
    ("/v2/partner/migration", Class::Read, Class::Read),
    ("/rest/offers", Class::Search, Class::Search),
    ("/rest/orders", Class::Read, Class::Write),
];

/// The class of a request; `None` when it is not for partners.
#[must_use]
pub fn of(method: &Method, path: &str) -> Option<Class> {
    let below = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (_, reads, writes) = TABLE.iter().find(|(root, ..)| below(root))?;
    Some(if method.is_safe() { *reads } else { *writes })
}

#[cfg(test)]
mod tests {
    use common::domain::rate_limit::Class;
    use poem::http::Method;
    use rstest::rstest;

    use super::of;

    #[rstest]
    #[case("GET", "/v2/cities", Some(Class::Catalogue))]
    #[case("HEAD", "/v2/cities/kyiv/stops/1", Some(Class::Catalogue))]
    #[case("GET", "/v2/offers/schedule", Some(Class::Search))]
    #[case("GET", "/v2/bookings", Some(Class::Read))]
    #[case("POST", "/v2/bookings/x/pay", Some(Class::Write))]
    #[case("BREW", "/v2/bookings", Some(Class::Write))]
    #[case("PATCH", "/rest/orders", Some(Class::Write))]
    #[case("GET", "/v2/citiesx", None)]
    #[case("GET", "/v2/partner/api-keys", None)]
    #[case("GET", "/v2/orders", None)]
    #[case("GET", "/healthz", None)]
    #[case("GET", "/", None)]
    fn a_request_has_the_class_of_its_part_of_the_surface(
        #[case] method: &str,
        #[case] path: &str,
        #[case] class: Option<Class>,
    ) {
        assert_eq!(of(&Method::from_bytes(method.as_bytes()).unwrap(), path), class);
    }
}
