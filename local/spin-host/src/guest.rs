//! One run of a component for one request: its state, and what it may call.

use std::sync::Arc;

use wasmtime::component::{HasSelf, Linker, ResourceTable};
use wasmtime::{Engine, ResourceLimiter, Result, Store, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::body::HyperOutgoingBody;
use wasmtime_wasi_http::types::{HostFutureIncomingResponse, OutgoingRequestConfig};
use wasmtime_wasi_http::{HttpResult, WasiHttpCtx, WasiHttpView};

use crate::app::Component;
use crate::log;
use crate::outbound::{HttpClient, Outbound};
use crate::variables::{NAME_RULE, is_name};
use fermyon::spin::variables::{Error, Host};

wasmtime::component::bindgen!({ path: "wit", world: "host" });

/// Epochs that a guest runs undisturbed: ten times what a request takes, so that only a stuck one is interrupted.
const UNDISTURBED_EPOCHS: u64 = 10;

/// What a guest's calls into the host work on.
pub struct Guest {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    outbound: Outbound,
    max_memory_bytes: Option<usize>,
}

impl Guest {
    /// A store for one run. From time to time a guest that computes without end yields to the thread's other work, so
    /// that its time limit can strike and the process stays answerable on a single thread.
    pub fn store(
        engine: &Engine,
        component: &Arc<Component>,
        client: &HttpClient,
        max_memory_bytes: Option<usize>,
    ) -> Store<Guest> {
        let mut wasi = WasiCtx::builder();
        // Its output is this process's own. What a full disk does not take is an error in the guest, which may go on.
        wasi.envs(&component.environment)
            .inherit_stdout()
            .inherit_stderr();
        let guest = Guest {
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            table: ResourceTable::new(),
            outbound: Outbound::new(component.clone(), client.clone()),
            max_memory_bytes,
        };
        let mut store = Store::new(engine, guest);
        store.limiter(|guest| guest);
        store.set_epoch_deadline(UNDISTURBED_EPOCHS);
        store.epoch_deadline_callback(|_| {
            let others_first = Box::pin(tokio::task::yield_now());
            Ok(UpdateDeadline::YieldCustom(1, others_first))
        });
        store
    }

    /// Everything that a component may import: WASI 0.2, its HTTP, and Spin's variables.
    pub fn linker(engine: &Engine) -> Result<Linker<Guest>> {
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        wasmtime_wasi_http::add_only_http_to_linker_async(&mut linker)?;
        fermyon::spin::variables::add_to_linker::<_, HasSelf<Guest>>(&mut linker, |guest| guest)?;
        Ok(linker)
    }
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for Guest {
    fn ctx(&mut self) -> &mut WasiHttpCtx {
        &mut self.http
    }

    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }

    fn send_request(
        &mut self,
        request: http::Request<HyperOutgoingBody>,
        config: OutgoingRequestConfig,
    ) -> HttpResult<HostFutureIncomingResponse> {
        Ok(self.outbound.send(request, config))
    }
}

/// Spin's rule: the limit holds for each memory by itself, and one that may not grow is the guest's to deal with.
impl ResourceLimiter for Guest {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool> {
        match self.max_memory_bytes {
            Some(limit) if desired > limit => {
                log::about(
                    self.outbound.component(),
                    format_args!("a memory may not grow to {desired} bytes: the limit is {limit}"),
                );
                Ok(false)
            }
            _ => Ok(true),
        }
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        Ok(true)
    }
}

impl Host for Guest {
    fn get(&mut self, name: String) -> Result<String, Error> {
        let component = self.outbound.component();
        match component.variables.get(&name) {
            Some(value) => Ok(value.clone()),
            None if is_name(&name) => Err(Error::Undefined(format!(
                "[component.{}] has no variable {name:?}",
                component.id
            ))),
            None => Err(Error::InvalidName(format!("{name:?}: {NAME_RULE}"))),
        }
    }
}
