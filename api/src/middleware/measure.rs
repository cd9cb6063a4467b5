//! Metrics of HTTP requests: how long they take, by operation, method and class of status, and how many there are at a
//! time. [`super::trace`] records them. A path is never a label: a request that calls no operation counts as a probe, a
//! page or something else.
//!
//! A request costs two atomic additions and one histogram, found by its index in a table: nothing is allocated or
//! hashed.

use std::ptr;
use std::sync::{LazyLock, OnceLock};
use std::time::Duration;

use metrics::prometheus_client::metrics::family::Family;
use metrics::prometheus_client::metrics::gauge::Gauge;
use metrics::prometheus_client::metrics::histogram::Histogram;
use metrics::prometheus_client::registry::Registry;
use metrics::{Name, fast_seconds, labels};
use poem::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;

use crate::route::policy::Cache;
use crate::route::{Matched, Operation, Table};

labels! {
    /// The method of a request.
    pub enum MethodName {
        /// GET.
        Get = "GET",
        /// HEAD.
        Head = "HEAD",
        /// POST.
        Post = "POST",
        /// PUT.
        Put = "PUT",
        /// PATCH.
        Patch = "PATCH",
        /// DELETE.
        Delete = "DELETE",
        /// OPTIONS.
        Options = "OPTIONS",
        /// Any other.
        Other = "other",
    }
}

labels! {
    /// The class of a status.
    pub enum StatusClass {
        /// 1xx and 2xx.
        Success = "2xx",
        /// 3xx.
        Redirection = "3xx",
        /// 4xx.
        ClientError = "4xx",
        /// 5xx.
        ServerError = "5xx",
    }
}

/// Calls other than those of operations, in the order of their rows.
const ELSEWHERE: [&str; 3] = ["probe", "page", "other"];

/// Number of cells in a row.
const COLUMNS: usize = MethodName::ALL.len() * StatusClass::ALL.len();

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRequest {
    route: Name,
    method: MethodName,
    class: StatusClass,
}

struct Measured {
    in_flight: Gauge,
    seconds: Family<OfRequest, Histogram>,
    /// Of the table of the first request: a process has one.
    rows: OnceLock<Rows>,
}

struct Rows {
    /// The histograms that are in use: a row for each operation, then the rows of `ELSEWHERE`.
    cells: Box<[OnceLock<Histogram>]>,
    operations: Box<[&'static Operation]>,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(|| Measured {
    in_flight: Gauge::default(),
    seconds: Family::new_with_constructor(fast_seconds),
    rows: OnceLock::new(),
});

/// Registers the metrics of HTTP requests.
pub fn register(registry: &mut Registry) {
    registry.register(
        "prexsell_http_request_seconds",
        "Request duration, by operation, method and status class",
        MEASURED.seconds.clone(),
    );
    registry.register(
        "prexsell_http_requests_in_flight",
        "Requests in progress",
        MEASURED.in_flight.clone(),
    );
}

/// A request, until it is answered or its client has disconnected.
#[derive(Debug)]
pub struct InFlight(());

impl InFlight {
    /// Counts one more request.
    #[must_use]
    pub fn begin() -> Self {
        MEASURED.in_flight.inc();
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        MEASURED.in_flight.dec();
    }
}

impl From<&Method> for MethodName {
    fn from(method: &Method) -> Self {
        match *method {
            Method::GET => Self::Get,
            Method::HEAD => Self::Head,
            Method::POST => Self::Post,
            Method::PUT => Self::Put,
            Method::PATCH => Self::Patch,
            Method::DELETE => Self::Delete,
            Method::OPTIONS => Self::Options,
            _ => Self::Other,
        }
    }
}

impl From<StatusCode> for StatusClass {
    fn from(status: StatusCode) -> Self {
        match status.as_u16() {
            0..300 => Self::Success,
            300..400 => Self::Redirection,
            400..500 => Self::ClientError,
            500.. => Self::ServerError,
        }
    }
}

/// Records a request that was answered by a server with these routes.
pub fn note(routes: Table, route: Matched, method: MethodName, status: StatusCode, took: Duration) {
    let measured = &*MEASURED;
    let rows = measured.rows.get_or_init(|| Rows::new(routes));
    let row = rows.row(route);
    let class = StatusClass::from(status);
    let Some(cell) = rows
        .cells
        .get(row * COLUMNS + method as usize * StatusClass::ALL.len() + class as usize)
    else {
        return;
    };
    let histogram = cell.get_or_init(|| {
        let route = Name::from(rows.name(row));
        measured
            .seconds
            .get_or_create_owned(&OfRequest { route, method, class })
    });
    histogram.observe(took.as_secs_f64());
}

impl Rows {
    fn new(routes: Table) -> Self {
        let operations: Box<[_]> = routes.operations().collect();
        let cells = (operations.len() + ELSEWHERE.len()) * COLUMNS;
        Self {
            cells: std::iter::repeat_with(OnceLock::new).take(cells).collect(),
            operations,
        }
    }

    fn row(&self, route: Matched) -> usize {
        let elsewhere = match route.policy {
            policy if policy.probe => 0,
            policy if policy.cache == Cache::Page => 1,
            _ => 2,
        };
        let operation = route
            .operation
            .and_then(|called| self.operations.iter().position(|operation| ptr::eq(*operation, called)));
        operation.unwrap_or(self.operations.len() + elsewhere)
    }

    fn name(&self, row: usize) -> &'static str {
        match self.operations.get(row) {
            Some(operation) => operation.id,
            None => ELSEWHERE[(row - self.operations.len()).min(ELSEWHERE.len() - 1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::http::Method;

    use super::{ELSEWHERE, Rows};
    use crate::routes::TABLE;

    #[test]
    fn every_operation_has_a_row_of_its_own_and_no_path_is_a_label() {
        let rows = Rows::new(TABLE);
        let name = |method: &Method, path: &str| rows.name(rows.row(TABLE.find(method, path)));
        for operation in TABLE.operations() {
            let method = Method::from_bytes(operation.method.name().as_bytes()).unwrap();
            assert_eq!(name(&method, &operation.path.replace('{', "x")), operation.id);
        }
        let elsewhere = ["/healthz", "/docs", "/v2/bookings/bkg_1/pay/now"].map(|path| name(&Method::GET, path));
        assert_eq!(elsewhere, ELSEWHERE);
    }
}
