//! The HTTP server as clients see it.

mod body;
mod bounds;
mod catalogue;
mod conditional;
mod contrast;
mod cors;
mod document;
mod document_body;
mod document_refusal;
mod envelope;
mod in_flight;
mod key;
mod memory;
mod method;
mod page;
mod probe;
mod security;
mod slow;
mod support;
mod test_server;
mod tls;
