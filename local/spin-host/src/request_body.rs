//! The limit on a request's body.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use wasmtime_wasi_http::bindings::http::types::ErrorCode;

/// How much of a refused body is still read, and for how long, so that a client that writes first and reads later gets
/// to see its answer instead of a broken connection.
const DISCARD_LIMIT_BYTES: usize = 16 << 20;
const DISCARD_TIMEOUT: Duration = Duration::from_secs(5);

/// A request's body as its guest reads it. It fails once more than the limit has come, where no Content-Length had said
/// so beforehand.
pub struct LimitedBody {
    inner: Option<Incoming>,
    remaining: u64,
    limit: u64,
    exceeded: Exceeded,
}

/// Tells, once the guest has answered, whether its body was cut off.
#[derive(Clone, Default)]
pub struct Exceeded(Arc<AtomicBool>);

impl Exceeded {
    /// Whether the body was larger than the limit.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl LimitedBody {
    /// Limits a body to so many bytes. A body whose stated length is larger is discarded and not returned.
    pub fn new(body: Incoming, limit: u64) -> Option<LimitedBody> {
        if body.size_hint().lower() > limit {
            discard(body);
            return None;
        }
        Some(LimitedBody {
            inner: Some(body),
            remaining: limit,
            limit,
            exceeded: Exceeded::default(),
        })
    }

    /// A handle that outlives the body.
    pub fn exceeded(&self) -> Exceeded {
        self.exceeded.clone()
    }
}

impl Body for LimitedBody {
    type Data = Bytes;
    type Error = ErrorCode;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ErrorCode>>> {
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(None);
        };
        let frame = match ready!(Pin::new(inner).poll_frame(context)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
            None => return Poll::Ready(None),
        };
        let length = frame.data_ref().map_or(0, Bytes::len) as u64;
        match self.remaining.checked_sub(length) {
            Some(remaining) => {
                self.remaining = remaining;
                Poll::Ready(Some(Ok(frame)))
            }
            None => {
                self.exceeded.0.store(true, Ordering::Release);
                if let Some(rest) = self.inner.take() {
                    discard(rest);
                }
                Poll::Ready(Some(Err(ErrorCode::HttpRequestBodySize(Some(self.limit)))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(SizeHint::default, Body::size_hint)
    }
}

fn discard(mut body: Incoming) {
    tokio::spawn(tokio::time::timeout(DISCARD_TIMEOUT, async move {
        let mut read_bytes = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read_bytes += frame.data_ref().map_or(0, Bytes::len);
            if read_bytes > DISCARD_LIMIT_BYTES {
                break;
            }
        }
    }));
}
