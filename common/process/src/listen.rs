//! Serves endpoints for operation beside the work of a process.

use std::net::SocketAddr;

use poem::Server;
use poem::listener::{Acceptor, Listener, TcpListener};

/// Serves `routes` until the process ends. Port 0 takes any free port; the log line `what` states the address.
pub(super) async fn listen_on(
    listen: SocketAddr,
    what: &'static str,
    routes: impl poem::Endpoint + 'static,
) -> std::io::Result<()> {
    let acceptor = TcpListener::bind(listen).into_acceptor().await?;
    let address = acceptor
        .local_addr()
        .into_iter()
        .next()
        .map(|a| a.to_string())
        .unwrap_or_default();
    tracing::info!(address, "{what}");
    tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
    Ok(())
}
