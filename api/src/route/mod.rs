//! What a row of the table of routes says, and how the row of a request is found. The rows themselves, which name
//! handlers, are in [`crate::routes`]: this module is below the layers and extractors, and that one is above the
//! handlers.
//!
//! A request is looked up once ([`crate::middleware::trace`]); other code calls [`of`].

mod lookup;
pub mod policy;

pub use lookup::{Matched, Table, of};

use crate::error::ApiError;
use policy::Policy;

/// The path of the OpenAPI document.
pub const DOCUMENT: &str = "/openapi.json";

/// The path of the probe whether the process is alive.
pub const ALIVE: &str = "/healthz";

/// The path of the probe whether the process can serve requests.
pub const READY: &str = "/readyz";

/// The path above the operations for platform operators.
pub const OPS: &str = "/v2/ops";

/// The operations below one path.
#[derive(Debug)]
pub struct Group {
    /// The path.
    pub root: &'static str,
    /// For reading requests below the path that match no operation: they are counted and answered like those that do.
    pub reads: Policy,
    /// The same for other requests.
    pub writes: Policy,
    /// The operations, in the order of their handlers.
    pub operations: &'static [Operation],
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
    /// Its refusals whose code has another message at other operations, as examples for the document.
    pub refusals: &'static [fn() -> ApiError],
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
        $crate::route::Handler {
            api: stringify!($api),
            function: stringify!($function),
        }
    }};
}

pub(crate) use handler;

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
    pub(crate) const fn new(to: &'static str, parameter: &'static str, pointer: &'static str) -> Self {
        Self {
            to,
            parameter: Some((parameter, pointer)),
            body: None,
        }
    }

    /// The same with a body.
    pub(crate) const fn with_body(self, body: &'static str) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
}

impl Operation {
    pub(crate) const fn new(
        method: Method,
        path: &'static str,
        id: &'static str,
        handler: Handler,
        policy: Policy,
    ) -> Self {
        Self {
            method,
            path,
            id,
            handler,
            policy,
            links: &[],
            refusals: &[],
        }
    }

    pub(crate) const fn get(path: &'static str, id: &'static str, handler: Handler, policy: Policy) -> Self {
        Self::new(Method::Get, path, id, handler, policy)
    }

    pub(crate) const fn post(path: &'static str, id: &'static str, handler: Handler, policy: Policy) -> Self {
        Self::new(Method::Post, path, id, handler, policy)
    }

    /// The same with links.
    pub(crate) const fn links(self, links: &'static [Link]) -> Self {
        Self { links, ..self }
    }

    /// The same with examples of refusals.
    pub(crate) const fn refusals(self, refusals: &'static [fn() -> ApiError]) -> Self {
        Self { refusals, ..self }
    }

    /// Whether it is an operation for platform operators: these have their own document.
    #[must_use]
    pub fn is_ops(&self) -> bool {
        self.path.strip_prefix(OPS).is_some_and(|rest| rest.starts_with('/'))
    }
}
