//! The three roles as one Spin component, a role a component of the manifest: the variable `app_id` says which.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use futures::future::{Either, select};
use orders::limits::{BINDING_TIME_LIMIT, MAX_ORDER_BYTES};
use orders::{API_TOKEN_HEADER, Answer, AppId, Call, Order, Outcome, PROBLEM_CONTENT_TYPE, Trace};
use spin_executor::{CancelOnDropToken, push_waker_and_get_token};
use spin_sdk::http::{IncomingRequest, Method, Request, Response, send};
use spin_sdk::{http_component, variables};
use wasi::clocks::monotonic_clock;

/// What the component's variables in the manifest say; a component has no environment.
struct Settings {
    app_id: AppId,
    /// Where Dapr's HTTP API is, as `http://host:port`.
    dapr_url: String,
    /// Sent to Dapr with every call; empty where there is none.
    dapr_api_token: String,
    /// What daprd must send with every order; empty lets everybody in.
    app_api_token: String,
    /// Whether receivers publish that an order is written.
    publishes: bool,
}

impl Settings {
    fn read() -> Result<Settings, String> {
        Ok(Settings {
            app_id: variable("app_id")?.parse().map_err(|error| format!("The variable app_id is {error}"))?,
            dapr_url: variable("dapr_url")?,
            dapr_api_token: variable("dapr_api_token")?,
            app_api_token: variable("app_api_token")?,
            publishes: variable("events")? == "on",
        })
    }
}

fn variable(name: &str) -> Result<String, String> {
    variables::get(name).map_err(|error| format!("{error}; see [component.<id>.variables] in spin.toml for {name}."))
}

/// Spin lets only the role's own route through to it.
#[http_component]
async fn handle(request: IncomingRequest) -> Response {
    match Settings::read() {
        Ok(settings) => respond(request, &settings).await,
        Err(fault) => {
            eprintln!("{fault}");
            empty(500)
        }
    }
}

async fn respond(request: IncomingRequest, settings: &Settings) -> Response {
    let trace = Trace::read(|name| header(&request, name));
    let is_let_in = settings.app_api_token.is_empty() || gave_token(&request, &settings.app_api_token);
    let outcome = match request.method() {
        _ if !is_let_in => Outcome::Unauthorized,
        Method::Options => return empty(200),
        Method::Post => match take_order(request, settings, trace.as_ref()).await {
            Ok(outcome) => outcome,
            Err(error) => {
                eprintln!("The order did not come whole: {error}");
                return empty(500);
            }
        },
        _ => return Response::builder().status(405).header("allow", "POST, OPTIONS").build(),
    };
    let Answer { status, problem } = outcome.answer();
    let Some(problem) = problem else { return empty(status) };
    eprintln!("{}", problem.log_line(trace.as_ref()));
    Response::builder().status(status).header("content-type", PROBLEM_CONTENT_TYPE).body(problem.json()).build()
}

fn empty(status: u16) -> Response {
    Response::builder().status(status).build()
}

fn gave_token(request: &IncomingRequest, expected: &str) -> bool {
    let given = request.headers().get(&API_TOKEN_HEADER.to_string());
    orders::is_api_token(given.first().map(Vec::as_slice), expected)
}

/// The value of a header that is there and is text.
fn header(request: &IncomingRequest, name: &str) -> Option<String> {
    let value = request.headers().get(&name.to_string()).into_iter().next()?;
    String::from_utf8(value).ok()
}

async fn take_order(
    request: IncomingRequest,
    settings: &Settings,
    trace: Option<&Trace>,
) -> Result<Outcome, wasi::io::streams::Error> {
    let announced_bytes = header(&request, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    if announced_bytes > MAX_ORDER_BYTES {
        return Ok(Outcome::Refused(orders::too_large(&format!("{announced_bytes} bytes"))));
    }
    if header(&request, "content-encoding").is_some_and(|encoding| encoding != "identity") {
        return Ok(Outcome::Refused(orders::compressed()));
    }
    let mut bytes = Vec::with_capacity(announced_bytes);
    let mut body = pin!(request.into_body_stream());
    while let Some(chunk) = body.next().await {
        bytes.extend(chunk?);
        if bytes.len() > MAX_ORDER_BYTES {
            return Ok(Outcome::Refused(orders::too_large("too many bytes")));
        }
    }
    Ok(match orders::parse_order(&bytes) {
        Ok(order) => take_on(&order, settings, trace).await,
        Err(refusal) => Outcome::Refused(refusal),
    })
}

/// Takes an order one step further, and where it is to, tells the topic that it is written: done once both are confirmed.
async fn take_on(order: &Order<'_>, settings: &Settings, trace: Option<&Trace>) -> Outcome {
    let outcome = confirm(&Call::new(settings.app_id, order, trace), settings, trace).await;
    if outcome != Outcome::Done || !settings.publishes || !settings.app_id.is_receiver() {
        return outcome;
    }
    confirm(&Call::written(order, SystemTime::now()), settings, trace).await
}

/// Calls Dapr, and is done once Dapr has confirmed it.
async fn confirm(call: &Call, settings: &Settings, trace: Option<&Trace>) -> Outcome {
    let sent = pin!(send::<Request, Response>(request(call, settings, trace)));
    let late = pin!(sleep(BINDING_TIME_LIMIT));
    match select(sent, late).await {
        Either::Right(_) => call.timed_out(BINDING_TIME_LIMIT),
        Either::Left((Err(error), _)) => call.failed(&error.to_string()),
        Either::Left((Ok(response), _)) => match *response.status() {
            200..300 => Outcome::Done,
            status => call.failed(&format!("{status} {}", String::from_utf8_lossy(response.body()))),
        },
    }
}

fn request(call: &Call, settings: &Settings, trace: Option<&Trace>) -> Request {
    let mut request = Request::post(format!("{}{}", settings.dapr_url, call.path), call.body.clone());
    request.header("content-type", call.content_type);
    if !settings.dapr_api_token.is_empty() {
        request.header(API_TOKEN_HEADER, &settings.dapr_api_token);
    }
    if let Some(Trace { traceparent, tracestate }) = trace {
        request.header("traceparent", traceparent);
        if let Some(tracestate) = tracestate {
            request.header("tracestate", tracestate);
        }
    }
    request.build()
}

/// Resolves after a time; the SDK has nothing that does.
async fn sleep(duration: Duration) {
    let deadline = monotonic_clock::now() + duration.as_nanos() as u64;
    let mut registered = None;
    poll_fn(|context| {
        if monotonic_clock::now() >= deadline {
            return Poll::Ready(());
        }
        registered.get_or_insert_with(|| {
            let pollable = monotonic_clock::subscribe_instant(deadline);
            CancelOnDropToken::from(push_waker_and_get_token(pollable, context.waker().clone()))
        });
        Poll::Pending
    })
    .await;
}
