//! The baseline of `./dev bench`: a server that answers every request with the same body. It has the listener and the
//! allocator of the API, but none of its layers; the difference between its figures and those of the API is the API's
//! own work.
//!
//! `hello LISTEN FILE TYPE plain|packed|live`: FILE is sent as it is; labelled as gzip, which it already is; or
//! compressed for each response by the API's own layer.

use std::net::SocketAddr;
use std::time::Duration;

use api::listener::{self, Listener};
use api::middleware::compression::Compression;
use api::server::ServerLimits;
use bytes::Bytes;
use poem::endpoint::make_sync;
use poem::http::header;
use poem::{Endpoint, EndpointExt, IntoResponse, Response};
use process::signal;
use tokio_util::sync::CancellationToken;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    signal::end_at_once()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [listen, file, content_type, coding] = arguments.as_slice() else {
        return Err("usage: hello LISTEN FILE TYPE plain|packed|live".into());
    };
    let (listen, body) = (listen.parse()?, std::fs::read(file)?);
    let answer = answer(body.into(), content_type.clone(), coding == "packed");
    match coding.as_str() {
        "plain" | "packed" => serve(listen, answer).await,
        "live" => serve(listen, answer.with(Compression)).await,
        _ => Err(format!("there is no coding '{coding}'").into()),
    }
}

/// An endpoint that gives every request the same body.
fn answer(body: Bytes, content_type: String, is_packed: bool) -> impl Endpoint<Output = Response> + 'static {
    make_sync(move |_| {
        let answer = Response::builder().header(header::CONTENT_TYPE, &content_type);
        let answer = if is_packed {
            answer.header(header::CONTENT_ENCODING, "gzip")
        } else {
            answer
        };
        answer.body(body.clone()).into_response()
    })
}

async fn serve(listen: SocketAddr, app: impl Endpoint + 'static) -> Result<(), Failure> {
    let listener = Listener::bind(listen, None).await?;
    // A signal ends the process; nothing cancels this.
    let forever = CancellationToken::new();
    listener::serve(app, listener, ServerLimits::default(), forever, Duration::ZERO).await?;
    Ok(())
}
