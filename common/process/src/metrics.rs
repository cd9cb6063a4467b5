//! `/metrics`: the answer to a scrape, in the format that it asks for.

use std::net::SocketAddr;
use std::sync::Arc;

use ::metrics::{Exporter, Format};
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{EndpointExt, Request, Response, Route, get, handler};

use super::listen::listen_on;

/// Path of the metrics.
pub const PATH: &str = "/metrics";

#[handler]
pub(super) fn scrape(Data(exporter): Data<&Arc<Exporter>>, request: &Request) -> Response {
    let format = Format::accepted(request.header(header::ACCEPT));
    match exporter.text(format) {
        Ok(text) => Response::builder().content_type(format.content_type()).body(text),
        Err(_) => Response::builder().status(StatusCode::INTERNAL_SERVER_ERROR).finish(),
    }
}

/// Serves metrics and nothing else until the process ends, for a process whose other address is public. Port 0 takes
/// any free port; the log names it.
///
/// # Errors
/// When the address is taken.
pub async fn serve(listen: SocketAddr, exporter: Exporter) -> std::io::Result<()> {
    let routes = Route::new().at(PATH, get(scrape)).data(Arc::new(exporter));
    listen_on(listen, "serving metrics", routes).await
}
