//! Running guests: one for each request, within the request's time.

use std::sync::Arc;

use http::{Request, Response, StatusCode};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::Instant;
use wasmtime::{Engine, Result};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::bindings::http::types::{ErrorCode, Scheme};
use wasmtime_wasi_http::body::HyperOutgoingBody;

use crate::app::Component;
use crate::guest::Guest;
use crate::log;
use crate::outbound::HttpClient;
use crate::request_body::LimitedBody;
use crate::settings::Settings;

/// A response, its body possibly still being written.
pub type Answer = Response<HyperOutgoingBody>;

/// What all runs share. Clones are the same.
#[derive(Clone)]
pub struct Guests {
    engine: Engine,
    client: HttpClient,
    max_memory_bytes: Option<usize>,
    instances: Arc<Semaphore>,
    max_instances: u32,
}

impl Guests {
    /// No guests yet.
    pub fn new(engine: Engine, settings: &Settings) -> Guests {
        Guests {
            engine,
            client: HttpClient::new(settings),
            max_memory_bytes: settings.max_instance_memory_bytes,
            instances: Arc::new(Semaphore::new(settings.max_instances as usize)),
            max_instances: settings.max_instances,
        }
    }

    /// Runs a guest until its answer begins; it then goes on by itself, for it may still be writing the body. Where
    /// there is no answer: 504 at the deadline, 500 for everything else, the reason in the log.
    pub async fn answer(
        &self,
        component: &Arc<Component>,
        request: Request<LimitedBody>,
        deadline: Instant,
    ) -> Result<Answer, StatusCode> {
        let (sender, answer) = oneshot::channel();
        let run = self
            .clone()
            .run(component.clone(), request, sender, deadline);
        let run = tokio::spawn(run);
        match answer.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(code)) => {
                log::about(component, format_args!("answered with an error: {code:?}"));
                Err(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Err(_) => Err(match run.await {
                Ok(Ok(())) => {
                    log::about(component, "ended without an answer");
                    StatusCode::INTERNAL_SERVER_ERROR
                }
                Ok(Err(status)) => status,
                Err(panic) => {
                    log::about(component, format_args!("the host failed: {panic}"));
                    StatusCode::INTERNAL_SERVER_ERROR
                }
            }),
        }
    }

    /// Waits until no guest runs.
    pub async fn finished(&self) {
        // An error says that the semaphore is closed, which nobody does.
        let _ = self.instances.acquire_many(self.max_instances).await;
    }

    async fn run(
        self,
        component: Arc<Component>,
        request: Request<LimitedBody>,
        sender: AnswerSender,
        deadline: Instant,
    ) -> Result<(), StatusCode> {
        let call = self.call(&component, request, sender);
        match tokio::time::timeout_at(deadline, call).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                log::about(&component, format_args!("{error:?}"));
                Err(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Err(_) => {
                log::about(
                    &component,
                    "ended, for it took longer than a request may take",
                );
                Err(StatusCode::GATEWAY_TIMEOUT)
            }
        }
    }

    async fn call(
        &self,
        component: &Arc<Component>,
        request: Request<LimitedBody>,
        sender: AnswerSender,
    ) -> Result<()> {
        // Declared before the store, so that it is given back after the store's memory is.
        let _instance = self.instances.acquire().await?;
        let mut store = Guest::store(&self.engine, component, &self.client, self.max_memory_bytes);
        let guest = store.data_mut();
        let request = guest.new_incoming_request(Scheme::Http, request)?;
        let answer = guest.new_response_outparam(sender)?;
        let proxy = component.pre.instantiate_async(&mut store).await?;
        proxy
            .wasi_http_incoming_handler()
            .call_handle(&mut store, request, answer)
            .await
    }
}

type AnswerSender = oneshot::Sender<Result<Answer, ErrorCode>>;
