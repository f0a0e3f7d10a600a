//! The requests that guests send: checked against `allowed_outbound_hosts`, then sent by one client for the process.

use std::sync::Arc;

use http::uri::Scheme;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use wasmtime_wasi_http::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::body::HyperOutgoingBody;
use wasmtime_wasi_http::hyper_request_error;
use wasmtime_wasi_http::types::{
    HostFutureIncomingResponse, IncomingResponse, OutgoingRequestConfig,
};

use crate::app::Component;
use crate::log;
use crate::model_stall::ModelStall;
use crate::settings::Settings;

/// The client of a process; clones share its connections.
#[derive(Clone)]
pub struct HttpClient {
    client: Client<HttpConnector, HyperOutgoingBody>,
    stall: Arc<ModelStall>,
}

impl HttpClient {
    /// A client without connections yet. As in Spin, none gets TCP_NODELAY.
    pub fn new(settings: &Settings) -> HttpClient {
        let mut builder = Client::builder(TokioExecutor::new());
        if !settings.outbound_pooling {
            builder.pool_max_idle_per_host(0);
        }
        HttpClient {
            client: builder.build(HttpConnector::new()),
            stall: Arc::new(ModelStall::new(settings.model_stall)),
        }
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

    /// Sends a request in a task of its own, as Spin does: whether the guest has written the body by the time that the
    /// head leaves is a race, here as there.
    pub fn send(
        &self,
        request: http::Request<HyperOutgoingBody>,
        config: OutgoingRequestConfig,
    ) -> HostFutureIncomingResponse {
        let exchange = exchange(self.component.clone(), self.client.clone(), request, config);
        HostFutureIncomingResponse::pending(wasmtime_wasi::runtime::spawn(async {
            Ok(exchange.await)
        }))
    }
}

async fn exchange(
    component: Arc<Component>,
    client: HttpClient,
    mut request: http::Request<HyperOutgoingBody>,
    config: OutgoingRequestConfig,
) -> Result<IncomingResponse, ErrorCode> {
    let target = target(&request);
    let failed = |reason: &str| log::about(&component, format_args!("{target}: {reason}"));
    if let Err((error, reason)) = check(&component, &request) {
        failed(&reason);
        return Err(error);
    }
    // The client sets it from the address, as Spin's does.
    request.headers_mut().remove(http::header::HOST);
    let request = request.map(|body| client.stall.apply(body));
    match tokio::time::timeout(config.first_byte_timeout, client.client.request(request)).await {
        Ok(Ok(response)) => Ok(IncomingResponse {
            resp: response.map(|body| body.map_err(hyper_request_error).boxed_unsync()),
            worker: None,
            between_bytes_timeout: config.between_bytes_timeout,
        }),
        Ok(Err(error)) => {
            failed(&with_causes(&error));
            Err(if error.is_connect() {
                ErrorCode::ConnectionRefused
            } else {
                ErrorCode::HttpProtocolError
            })
        }
        Err(_) => {
            failed("no answer in the time that the component set");
            Err(ErrorCode::ConnectionReadTimeout)
        }
    }
}

/// Refuses what the manifest does not allow or this host cannot do, with what the log says of it.
fn check(
    component: &Component,
    request: &http::Request<HyperOutgoingBody>,
) -> Result<(), (ErrorCode, String)> {
    let uri = request.uri();
    if !component.allowed_hosts.iter().any(|host| host.allows(uri)) {
        let scheme = uri.scheme_str().unwrap_or("http");
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        return Err((
            ErrorCode::HttpRequestDenied,
            format!(
                "denied; to allow it, add to [component.{}] in the manifest: allowed_outbound_hosts = [\"{scheme}://{authority}\"]",
                component.id
            ),
        ));
    }
    if uri.scheme() != Some(&Scheme::HTTP) {
        let reason = "this host sends plain http only";
        return Err((ErrorCode::TlsProtocolError, reason.into()));
    }
    Ok(())
}

fn target(request: &http::Request<HyperOutgoingBody>) -> String {
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
