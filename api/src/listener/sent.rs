//! The body of a response, which reports when it has been passed to the connection.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame, SizeHint};

use super::pace::Pace;

/// A body; once it is dropped, its connection is between two requests.
pub(super) struct Sent {
    body: BoxBody<Bytes, io::Error>,
    pace: Arc<Pace>,
}

impl Sent {
    pub(super) fn new(body: BoxBody<Bytes, io::Error>, pace: Arc<Pace>) -> Self {
        Self { body, pace }
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.pace.answered();
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
