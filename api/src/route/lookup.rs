//! Finds the row of a request in a table of routes, or the rules for a request without one.

use poem::Request;
use poem::http::{HeaderValue, Method};

use super::policy::{Cache, Cors, Idempotency, Policy};
use super::{ALIVE, DOCUMENT, Group, Operation, READY};
use crate::pages;

static NONE: Policy = Policy::NONE;

/// For paths below `/v2` without an operation. An `Idempotency-Key` is validated on every POST of the surface.
static V2: Policy = Policy {
    idempotency: Idempotency::Kept,
    ..Policy::NONE
};

/// For paths below `/rest` without an operation. Every response of the surface has the headers of deprecation.
static REST: Policy = Policy {
    deprecated: true,
    ..Policy::NONE
};

static PROBE: Policy = Policy {
    probe: true,
    ..Policy::NONE
};

static PAGE: Policy = Policy {
    cache: Cache::Page,
    ..Policy::NONE
};

static OPEN_PAGE: Policy = Policy {
    cors: Cors::Open,
    cache: Cache::Page,
    ..Policy::NONE
};

/// What the table knows about a request.
#[derive(Debug, Clone, Copy)]
pub struct Matched {
    /// How it is treated.
    pub policy: &'static Policy,
    /// The operation that it calls, if it calls one.
    pub operation: Option<&'static Operation>,
}

/// The operation and the policy of a request, as [`crate::middleware::trace`] found them. Without that layer, which no
/// server lacks, those of an unknown path: the extractors of people refuse it.
#[must_use]
pub fn of(request: &Request) -> Matched {
    request.data::<Matched>().copied().unwrap_or(Matched {
        policy: &NONE,
        operation: None,
    })
}

/// The rows of a server, in groups: a group inside another comes before it.
#[derive(Debug, Clone, Copy)]
pub struct Table(pub &'static [Group]);

impl Table {
    /// Every operation.
    pub fn operations(self) -> impl Iterator<Item = &'static Operation> {
        self.0.iter().flat_map(|group| group.operations)
    }

    /// The operation with this id.
    #[must_use]
    pub fn named(self, id: &str) -> Option<&'static Operation> {
        self.operations().find(|operation| operation.id == id)
    }

    /// The operation and the policy of a request with this method and path. Allocates nothing.
    #[must_use]
    pub fn find(self, method: &Method, path: &str) -> Matched {
        let Some(group) = self.0.iter().find(|group| group.holds(path)) else {
            return Matched {
                policy: elsewhere(path),
                operation: None,
            };
        };
        // HEAD is answered as GET.
        let name = if method == Method::HEAD { "GET" } else { method.as_str() };
        let called = |operation: &&Operation| operation.method.name() == name && fits(operation.path, path);
        let operation = group.operations.iter().find(called);
        let operation = operation.filter(|operation| operation.path == path || !has_own(group.operations.iter(), path));
        let policy = match operation {
            Some(operation) => &operation.policy,
            None if method.is_safe() => &group.reads,
            None => &group.writes,
        };
        Matched { policy, operation }
    }

    /// The methods of a path, for `Allow`. A path that is not an operation allows reading only.
    #[must_use]
    pub fn allowed(self, path: &str) -> HeaderValue {
        let is_own = has_own(self.operations(), path);
        let methods = self
            .operations()
            .filter(|operation| fits(operation.path, path) && (operation.path == path || !is_own));
        let mut names: Vec<&str> = methods.map(|operation| operation.method.name()).collect();
        if names.is_empty() {
            return HeaderValue::from_static("GET, HEAD, OPTIONS");
        }
        if names.contains(&"GET") {
            names.push("HEAD");
        }
        names.push("OPTIONS");
        HeaderValue::try_from(names.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
    }
}

impl Group {
    /// Whether a path is the group's or below it.
    pub(crate) fn holds(&self, path: &str) -> bool {
        is_below(path, self.root)
    }
}

/// Whether an operation has exactly this path: then no part of it is a parameter of another operation.
fn has_own<'a>(mut operations: impl Iterator<Item = &'a Operation>, path: &str) -> bool {
    operations.any(|operation| operation.path == path)
}

/// The policy of a path that is not below a group. Probes, the document and pages have no rows: a row is an operation of
/// the document, with an id and a handler of its API.
fn elsewhere(path: &str) -> &'static Policy {
    match path {
        ALIVE | READY => &PROBE,
        DOCUMENT => &OPEN_PAGE,
        _ if pages::is_page(path) => &PAGE,
        _ if path.starts_with("/v2/") => &V2,
        _ if is_below(path, "/rest") => &REST,
        _ => &NONE,
    }
}

fn is_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    pattern
        .split('/')
        .all(|wanted| parts.next().is_some_and(|part| fits_part(wanted, part)))
        && parts.next().is_none()
}

/// A parameter matches any part with the same ending as behind its brace (`{orderId}.pdf`).
fn fits_part(wanted: &str, part: &str) -> bool {
    match wanted.strip_prefix('{').and_then(|parameter| parameter.split_once('}')) {
        Some((_, ending)) => part.ends_with(ending),
        None => wanted == part,
    }
}
