//! An experiment, off unless asked for: bodies that wait until their heads are sent.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame};
use wasmtime_wasi_http::body::HyperOutgoingBody;

/// Holds the bodies of a share of requests back, evenly spread, so that head and body leave in two writes. Without
/// TCP_NODELAY the second then waits until the peer has acknowledged the first.
pub struct ModelStall {
    share: f64,
    seen: AtomicU64,
}

impl ModelStall {
    /// Of the requests that have a body this share: 0 (none) to 1 (all).
    pub fn new(share: f64) -> ModelStall {
        let seen = AtomicU64::new(0);
        ModelStall { share, seen }
    }

    /// The body, held back if its turn has come.
    pub fn apply(&self, body: HyperOutgoingBody) -> HyperOutgoingBody {
        if body.is_end_stream() || !self.takes_turn() {
            return body;
        }
        HeadFirst { body, asked: false }.boxed_unsync()
    }

    fn takes_turn(&self) -> bool {
        let before = self.seen.fetch_add(1, Ordering::Relaxed) as f64;
        ((before + 1.0) * self.share).floor() > (before * self.share).floor()
    }
}

/// Says "not yet" the first time it is asked for data; hyper then sends the head by itself.
struct HeadFirst {
    body: HyperOutgoingBody,
    asked: bool,
}

impl Body for HeadFirst {
    type Data = Bytes;
    type Error = <HyperOutgoingBody as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if std::mem::replace(&mut self.asked, true) {
            return Pin::new(&mut self.body).poll_frame(context);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turns_are_the_share_and_evenly_spread() {
        let turns = |share| -> Vec<bool> {
            let stall = ModelStall::new(share);
            (0..6).map(|_| stall.takes_turn()).collect()
        };
        assert_eq!(turns(0.0), [false; 6]);
        assert_eq!(turns(0.5), [false, true, false, true, false, true]);
        assert_eq!(turns(1.0), [true; 6]);
    }
}
