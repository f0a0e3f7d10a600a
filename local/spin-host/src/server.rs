//! The HTTP server: takes requests, runs a guest for each, and stops without dropping what it has begun.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HOST, HeaderValue};
use http::uri::Authority;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::app::App;
use crate::log;
use crate::request_body::LimitedBody;
use crate::route::WELL_KNOWN_PREFIX;
use crate::run::{Answer, Guests};
use crate::settings::Settings;
use crate::spin_headers;

/// How long a stop waits for requests that are being answered.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// How long the server waits when the system grants it no further connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a single request may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub body_bytes: u64,
    pub duration: Duration,
}

/// A server for one application.
pub struct Server {
    app: App,
    guests: Guests,
    limits: Limits,
}

impl Server {
    /// A server that is not yet listening.
    pub fn new(app: App, settings: &Settings, limits: Limits) -> Server {
        Server {
            guests: Guests::new(app.engine.clone(), settings),
            app,
            limits,
        }
    }

    /// Serves until `stop` is done, then finishes what has begun, within `STOP_LIMIT`.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let server = Arc::new(self);
        let connections = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, client)) => server.clone().connect(stream, client, &connections),
                    Err(error) => {
                        log::warn(format_args!("cannot accept a connection: {error}"));
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                () = &mut stop => break,
            }
        }
        drop(listener);
        let finished = async {
            connections.shutdown().await;
            server.guests.finished().await;
        };
        if tokio::time::timeout(STOP_LIMIT, finished).await.is_err() {
            log::warn(format_args!(
                "stopped with requests unanswered after {} s",
                STOP_LIMIT.as_secs()
            ));
        }
    }

    fn connect(self: Arc<Self>, stream: TcpStream, client: SocketAddr, all: &GracefulShutdown) {
        let service = service_fn(move |request| {
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.answer(request, client).await) }
        });
        // Without a timer, as in Spin: an idle connection stays open, so that a client's next request never meets a close.
        let connection = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service);
        let connection = all.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                log::warn(format_args!("connection from {client}: {error}"));
            }
        });
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>, client: SocketAddr) -> Answer {
        if client.ip().is_loopback() && request.headers().get(HOST).is_some_and(is_elsewhere) {
            return whole(
                StatusCode::MISDIRECTED_REQUEST,
                "the Host header names another machine: call 127.0.0.1 or localhost",
            );
        }
        if let Some(name) = request.uri().path().strip_prefix(WELL_KNOWN_PREFIX) {
            return match name {
                "health" => whole(StatusCode::OK, "OK"),
                _ => empty(StatusCode::NOT_FOUND),
            };
        }
        let (mut head, body) = request.into_parts();
        let path = head.uri.path().to_string();
        let Some(route) = self.app.router.find(&path) else {
            return empty(StatusCode::NOT_FOUND);
        };
        let component = route.target;
        if let Err(error) = spin_headers::prepare(&mut head, &route, client) {
            log::about(component, format_args!("refused a request: {error:#}"));
            return empty(StatusCode::BAD_REQUEST);
        }
        let Some(body) = LimitedBody::new(body, self.limits.body_bytes) else {
            return empty(StatusCode::PAYLOAD_TOO_LARGE);
        };
        let exceeded = body.exceeded();
        let deadline = Instant::now() + self.limits.duration;
        let result = self
            .guests
            .answer(component, Request::from_parts(head, body), deadline)
            .await;
        if exceeded.get() {
            return empty(StatusCode::PAYLOAD_TOO_LARGE);
        }
        result.unwrap_or_else(empty)
    }
}

/// A page in a browser can make its own name resolve to this machine and then read what listens here (DNS rebinding); its
/// requests still carry its name. Spin itself does not look.
fn is_elsewhere(host: &HeaderValue) -> bool {
    let Ok(host) = Authority::try_from(host.as_bytes()) else {
        return true;
    };
    !["localhost", "127.0.0.1", "[::1]"].contains(&host.host().to_ascii_lowercase().as_str())
}

fn empty(status: StatusCode) -> Answer {
    whole(status, "")
}

fn whole(status: StatusCode, text: &'static str) -> Answer {
    let body = Full::new(Bytes::from_static(text.as_bytes()))
        .map_err(|never| match never {})
        .boxed_unsync();
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer
}
