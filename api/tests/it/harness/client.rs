//! HTTP clients of the tests: without a proxy, and trusting no certificate.

use reqwest::{Client, ClientBuilder};

/// A client that keeps its connections.
pub fn client() -> Client {
    builder().build().unwrap()
}

/// A client that opens a connection for each request.
pub fn fresh_client() -> Client {
    builder().pool_max_idle_per_host(0).build().unwrap()
}

fn builder() -> ClientBuilder {
    Client::builder().no_proxy().tls_certs_only([])
}
