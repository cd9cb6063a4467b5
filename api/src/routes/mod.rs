//! The table of routes: it declares, once, what the layers, the extractors of [`crate::auth`] and the OpenAPI document
//! know about an operation. There is one row for each operation, and one file for each resource. Path, method,
//! operation id and handler of a row must be those of its handler: the compiler checks that the handler exists, and
//! [`crate::openapi`] checks that table and document contain the same operations. `docs/ROUTES.md` is generated from
//! the table.
//!
//! A request is looked up once ([`crate::middleware::trace`]); other code calls [`of`].

mod api_key;
mod auth;
mod booking;
mod city;
mod company;
mod configuration;
mod departure;
mod discount;
mod legacy;
mod lookup;
mod migration;
mod offer;
mod ops;
mod order;
mod people;
mod permission;
pub mod policy;
mod refund_rule;
mod report;
mod stop;
mod timetable;
mod today;
mod tracking;
mod usage;

pub use lookup::{Matched, allowed, find, of};
pub use ops::ROOT as OPS;

use policy::Policy;

/// The path of the OpenAPI document.
pub const DOCUMENT: &str = "/openapi.json";

/// The path of the probe whether the process is alive.
pub const ALIVE: &str = "/healthz";

/// The path of the probe whether the process can serve requests.
pub const READY: &str = "/readyz";

/// The operations below one path.
#[derive(Debug)]
pub struct Group {
    /// The path.
    root: &'static str,
    /// For reading requests below the path that match no operation: they are counted and answered like those that do.
    reads: Policy,
    /// The same for other requests.
    writes: Policy,
    /// The operations, in the order of their handlers.
    operations: &'static [Operation],
}

/// A row of the table.
#[derive(Debug)]
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: &'static str,
    /// Its id in the document.
    pub id: &'static str,
    /// Its handler.
    pub handler: Handler,
    /// How its requests are treated.
    pub policy: Policy,
    /// Links to operations that take a value from its response.
    pub links: &'static [Link],
}

/// A method that an operation can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET, and HEAD with it.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Method {
    /// Its name in requests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A handler. Only `handler!` makes one, for a function that exists.
#[derive(Debug, Clone, Copy)]
pub struct Handler {
    /// The type that it is a function of.
    pub api: &'static str,
    /// The name of the function.
    pub function: &'static str,
}

/// Names a function of a type that holds operations.
macro_rules! handler {
    ($api:ident::$function:ident) => {{
        // Does not compile without the function.
        let _ = $api::$function;
        $crate::routes::Handler {
            api: stringify!($api),
            function: stringify!($function),
        }
    }};
}

use handler;

/// A link from the response of an operation to an operation that takes a value from it.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// Id of the other operation.
    pub to: &'static str,
    /// Its path parameter, and the JSON pointer to the value in the response.
    pub parameter: Option<(&'static str, &'static str)>,
    /// Its body as JSON, with runtime expressions.
    pub body: Option<&'static str>,
}

impl Link {
    /// A link with a path parameter.
    const fn new(to: &'static str, parameter: &'static str, pointer: &'static str) -> Self {
        Self {
            to,
            parameter: Some((parameter, pointer)),
            body: None,
        }
    }

    /// The same with a body.
    const fn with_body(self, body: &'static str) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
}

impl Operation {
    const fn new(method: Method, path: &'static str, id: &'static str, handler: Handler, policy: Policy) -> Self {
        Self {
            method,
            path,
            id,
            handler,
            policy,
            links: &[],
        }
    }

    const fn get(path: &'static str, id: &'static str, handler: Handler, policy: Policy) -> Self {
        Self::new(Method::Get, path, id, handler, policy)
    }

    const fn post(path: &'static str, id: &'static str, handler: Handler, policy: Policy) -> Self {
        Self::new(Method::Post, path, id, handler, policy)
    }

    /// The same with links.
    const fn links(self, links: &'static [Link]) -> Self {
        Self { links, ..self }
    }

    /// Every operation.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        GROUPS.iter().flat_map(|group| group.operations)
    }

    /// Whether it is an operation for platform operators: these have their own document.
    #[must_use]
    pub fn is_ops(&self) -> bool {
        self.path
            .strip_prefix(ops::ROOT)
            .is_some_and(|rest| rest.starts_with('/'))
    }

    /// The operation with this id.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        Self::all().find(|operation| operation.id == id)
    }
}

/// All groups: a group inside another comes before it, and the most frequently called groups come first.
static GROUPS: [Group; 25] = [
    offer::SCHEDULE,
    offer::OFFERS,
    booking::GROUP,
    city::GROUP,
    stop::GROUP,
    discount::GROUP,
    usage::GROUP,
    migration::GROUP,
    auth::GROUP,
    configuration::GROUP,
    report::GROUP,
    tracking::GROUP,
    order::GROUP,
    departure::GROUP,
    today::GROUP,
    timetable::GROUP,
    refund_rule::GROUP,
    discount::OFFICE,
    company::GROUP,
    permission::GROUP,
    api_key::GROUP,
    people::GROUP,
    ops::GROUP,
    legacy::OFFERS,
    legacy::ORDERS,
];
