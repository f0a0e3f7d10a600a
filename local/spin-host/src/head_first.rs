//! A request body that lets its head go first.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use wasmtime_wasi_http::{Error, WasiBody};

/// Says "not yet" the first time it is asked for data. HTTP clients send the head by itself then.
///
/// Why anybody wants that: Spin 3.6 was measured to answer every third to second POST about 40 ms late while it is not
/// busy, for head and body leave in two writes, and on a kept connection without TCP_NODELAY the second one waits until
/// the peer acknowledges the first. Here the body is always complete before the client first looks at it, so leaving
/// TCP_NODELAY out has no effect by itself, and the profile `spin` would have a speed that Spin does not have.
pub struct HeadFirst {
    body: WasiBody,
    asked: bool,
}

impl HeadFirst {
    /// Holds a body back until its head is sent.
    pub fn new(body: WasiBody) -> HeadFirst {
        HeadFirst { body, asked: false }
    }
}

impl Body for HeadFirst {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if !self.asked {
            self.asked = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
