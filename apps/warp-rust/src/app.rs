use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Buf;
use futures::{Stream, StreamExt};
use orders::limits::MAX_ORDER_BYTES;
use orders::{API_TOKEN_HEADER, Answer, AppId, Call, Order, Outcome, PROBLEM_CONTENT_TYPE, Trace};
use warp::http::header::{ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use warp::http::{HeaderMap, HeaderValue, Method, StatusCode};
use warp::reply::Response;
use warp::{Filter, Reply};

use crate::dapr::Dapr;
use crate::gate::Gate;
use crate::log;

/// What an app is made of.
pub(crate) struct App {
    app_id: AppId,
    dapr: Dapr,
    /// What a caller must send to reach the binding's route; without one everybody is let in.
    app_api_token: Option<String>,
    /// Whether receivers publish that an order is written.
    publishes: bool,
    /// Every order passes it; once it is closed the app answers 503.
    gate: Gate,
}

/// The routes of one role: its input binding's and the health check.
pub(crate) fn routes(app: Arc<App>) -> impl Filter<Extract = (impl Reply,), Error = Infallible> + Clone {
    let binding = app.app_id.input_binding();
    let checked = Arc::clone(&app);
    let health = warp::path("healthz").and(warp::path::end()).and(warp::get()).map(move || checked.health());
    let orders = warp::path(binding)
        .and(warp::path::end())
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(warp::body::stream())
        .then(move |method, headers, body| {
            let app = Arc::clone(&app);
            async move { app.respond(method, headers, body).await }
        });
    health.or(orders).recover(|_| async { Ok(StatusCode::NOT_FOUND) })
}

impl App {
    pub fn new(app_id: AppId, dapr: Dapr, app_api_token: Option<String>, publishes: bool) -> App {
        App { app_id, dapr, app_api_token, publishes, gate: Gate::new() }
    }

    /// Answers 503 to every new order; returns once those in flight are answered.
    pub async fn close(&self) {
        self.gate.close().await;
    }

    fn health(&self) -> StatusCode {
        if self.gate.is_closed() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
    }

    async fn respond(&self, method: Method, headers: HeaderMap, body: impl OrderBody) -> Response {
        let trace = Trace::read(|name| headers.get(name)?.to_str().ok().map(Into::into));
        let given = headers.get(API_TOKEN_HEADER).map(HeaderValue::as_bytes);
        let is_let_in = self.app_api_token.as_ref().is_none_or(|expected| orders::is_api_token(given, expected));
        if !is_let_in {
            return reply(Outcome::Unauthorized, trace.as_ref());
        }
        match method {
            Method::POST => {}
            Method::OPTIONS => return StatusCode::OK.into_response(),
            _ => {
                let allow = warp::reply::with_header(StatusCode::METHOD_NOT_ALLOWED, ALLOW, "POST, OPTIONS");
                return allow.into_response();
            }
        }
        let Some(_inside) = self.gate.enter() else {
            let refused = reply(Outcome::Stopping, trace.as_ref());
            return warp::reply::with_header(refused, CONNECTION, "close").into_response();
        };
        match self.take_order(&headers, body, trace.as_ref()).await {
            Ok(outcome) => reply(outcome, trace.as_ref()),
            Err(error) => {
                log(&format!("The caller left before its order had come whole: {error}"));
                StatusCode::BAD_REQUEST.into_response()
            }
        }
    }

    async fn take_order(
        &self,
        headers: &HeaderMap,
        body: impl OrderBody,
        trace: Option<&Trace>,
    ) -> Result<Outcome, warp::Error> {
        let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        let mut body = pin!(body);
        if let Some(announced_bytes) = announced.filter(|bytes| *bytes > MAX_ORDER_BYTES) {
            discard(body).await;
            return Ok(Outcome::Refused(orders::too_large(&format!("{announced_bytes} bytes"))));
        }
        if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Ok(Outcome::Refused(orders::compressed()));
        }
        let mut bytes = Vec::with_capacity(announced.unwrap_or(0));
        while let Some(chunk) = body.next().await {
            let mut chunk = chunk?;
            while chunk.has_remaining() {
                let part = chunk.chunk();
                bytes.extend_from_slice(part);
                let length = part.len();
                chunk.advance(length);
            }
            if bytes.len() > MAX_ORDER_BYTES {
                discard(body).await;
                return Ok(Outcome::Refused(orders::too_large("too many bytes")));
            }
        }
        Ok(match orders::parse_order(&bytes) {
            Ok(order) => self.take_on(&order, trace).await,
            Err(refusal) => Outcome::Refused(refusal),
        })
    }

    /// Takes an order one step further, and where it is to, tells the topic that it is written: done once both are confirmed.
    async fn take_on(&self, order: &Order<'_>, trace: Option<&Trace>) -> Outcome {
        let outcome = self.dapr.confirm(&Call::new(self.app_id, order, trace), trace).await;
        if outcome != Outcome::Done || !self.publishes || !self.app_id.is_receiver() {
            return outcome;
        }
        self.dapr.confirm(&Call::written(order, SystemTime::now()), trace).await
    }
}

/// Of an order that is too large so much is still read: more is not sent by anybody who means an order.
const MOST_DISCARDED_BYTES: usize = 4 * MAX_ORDER_BYTES;

/// Reads what is left of an order that is refused: a connection that is closed with bytes unread is reset, and its sender may
/// never see the answer.
async fn discard(mut body: Pin<&mut impl OrderBody>) {
    let mut bytes = 0;
    while bytes < MOST_DISCARDED_BYTES {
        let Some(Ok(chunk)) = body.next().await else { return };
        bytes += chunk.remaining();
    }
}

/// A request's body as warp hands it over.
trait OrderBody: Stream<Item = Result<Self::Part, warp::Error>> {
    type Part: Buf;
}

impl<S, P> OrderBody for S
where
    S: Stream<Item = Result<P, warp::Error>>,
    P: Buf,
{
    type Part = P;
}

fn reply(outcome: Outcome, trace: Option<&Trace>) -> Response {
    let Answer { status, problem } = outcome.answer();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Some(problem) = problem else { return status.into_response() };
    log(&problem.log_line(trace));
    let body = warp::reply::with_status(problem.json(), status);
    warp::reply::with_header(body, CONTENT_TYPE, PROBLEM_CONTENT_TYPE).into_response()
}
