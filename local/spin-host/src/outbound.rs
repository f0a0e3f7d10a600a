//! The requests that guests send: checked against `allowed_outbound_hosts`, then sent by one client for the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::uri::Scheme;
use http_body_util::BodyExt;
use hyper::body::Body;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::app::Component;
use crate::head_first::HeadFirst;
use crate::log;
use crate::profile::Settings;

/// The client of a process; clones share its connections.
#[derive(Clone)]
pub struct HttpClient {
    client: Client<HttpConnector, WasiBody>,
    head_first_every: Option<u32>,
    sent: Arc<AtomicU32>,
}

/// How long an answer may take where the guest does not say; Spin's value. The host's own limit is usually shorter.
const DEFAULT_FIRST_BYTE_TIMEOUT: Duration = Duration::from_secs(600);

impl HttpClient {
    /// A client without connections yet.
    pub fn new(settings: &Settings) -> HttpClient {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(settings.outbound_nodelay);
        let mut builder = Client::builder(TokioExecutor::new());
        if !settings.outbound_pooling {
            builder.pool_max_idle_per_host(0);
        }
        HttpClient {
            client: builder.build(connector),
            head_first_every: settings.outbound_head_first_every,
            sent: Arc::default(),
        }
    }

    async fn send(
        &self,
        request: http::Request<WasiBody>,
    ) -> Result<http::Response<WasiBody>, hyper_util::client::legacy::Error> {
        let sent = self.sent.fetch_add(1, Ordering::Relaxed);
        let head_first = self
            .head_first_every
            .is_some_and(|every| sent.is_multiple_of(every));
        let request = if head_first && !request.body().is_end_stream() {
            request.map(|body| HeadFirst::new(body).boxed_unsync())
        } else {
            request
        };
        let response = self.client.request(request).await?;
        Ok(response.map(|body| body.map_err(Error::from).boxed_unsync()))
    }
}

/// The way out for one guest.
pub struct Outbound {
    component: Arc<Component>,
    client: HttpClient,
}

impl Outbound {
    /// The way out for a guest of the component.
    pub fn new(component: Arc<Component>, client: HttpClient) -> Outbound {
        Outbound { component, client }
    }

    /// Whose way it is.
    pub fn component(&self) -> &Component {
        &self.component
    }
}

type Worker = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Answer = Result<(http::Response<WasiBody>, Worker), Error>;

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        mut request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _response_processing: Worker,
    ) -> Box<dyn Future<Output = Answer> + Send> {
        // The client sets it from the address, as Spin's does.
        request.headers_mut().remove(http::header::HOST);
        let component = self.component.clone();
        let client = self.client.clone();
        Box::new(async move {
            let target = target(&request);
            let failed = |reason: &str| {
                log::about(&component, format_args!("{target}: {reason}"));
            };
            if let Err((error, reason)) = check(&component, &request) {
                failed(&reason);
                return Err(error);
            }
            let limit = options
                .and_then(|options| options.first_byte_timeout)
                .unwrap_or(DEFAULT_FIRST_BYTE_TIMEOUT);
            let response = match tokio::time::timeout(limit, client.send(request)).await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => {
                    failed(&with_causes(&error));
                    return Err(if error.is_connect() {
                        Error::ConnectionRefused
                    } else {
                        Error::HttpProtocolError
                    });
                }
                Err(_) => {
                    failed("no answer in the time that the component set");
                    return Err(Error::ConnectionReadTimeout);
                }
            };
            let worker: Worker = Box::new(async { Ok(()) });
            Ok((response, worker))
        })
    }
}

/// Refuses what the manifest does not allow or this host cannot do, with what the log says of it.
fn check(component: &Component, request: &http::Request<WasiBody>) -> Result<(), (Error, String)> {
    let uri = request.uri();
    if !component.allowed_hosts.iter().any(|host| host.allows(uri)) {
        let scheme = uri.scheme_str().unwrap_or("http");
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        return Err((
            Error::HttpRequestDenied,
            format!(
                "denied; to allow it, add to [component.{}] in the manifest: allowed_outbound_hosts = [\"{scheme}://{authority}\"]",
                component.id
            ),
        ));
    }
    if uri.scheme() != Some(&Scheme::HTTP) {
        let reason = "this host sends plain http only";
        return Err((Error::TlsProtocolError, reason.into()));
    }
    Ok(())
}

fn target(request: &http::Request<WasiBody>) -> String {
    let authority = request.uri().authority().map_or("", |a| a.as_str());
    format!(
        "{} {}://{authority}{}",
        request.method(),
        request.uri().scheme_str().unwrap_or("http"),
        request.uri().path()
    )
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
