//! Runs Spin components (manifest version 2) on Wasmtime where there is no `spin`. The command line is the part of
//! Spin's that this repository uses; what is supported and what is not stands in the README.

mod allowed_host;
mod app;
mod compiled;
mod engine;
mod guest;
mod instance_time;
mod log;
mod manifest;
mod model_stall;
mod outbound;
mod request_body;
mod route;
mod run;
mod runtime_config;
mod server;
mod settings;
mod spin_headers;
#[cfg(test)]
mod test_folder;
mod variables;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use wasmtime::error::Context;
use wasmtime::{Result, ensure};

use app::{App, Sources};
use compiled::CompiledCache;
use engine::{Allocator, WASMTIME_VERSION};
use manifest::Manifest;
use runtime_config::RuntimeConfig;
use server::{Limits, Server};
use settings::Settings;
use variables::Variables;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs Spin components on Wasmtime. A stand-in for `spin up`, and never called Spin in a result.
#[derive(Parser)]
#[command(name = "spin-host", version = version_line())]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve an application
    Up(Up),
    /// Compile an application's components into the cache, so that the next start is quick
    Compile(Application),
    /// Make instances of a component, one after the other, and print as JSON how long each took
    Instantiate(Instantiate),
    /// Say which host this is, what is set here and where guests get their memory from
    Info(Info),
}

#[derive(Args)]
struct Application {
    /// The manifest, or the folder of a spin.toml
    #[arg(short, long, default_value = "spin.toml")]
    from: PathBuf,
    /// Folder of compiled components [default: order-bench/components in the user's cache folder]
    #[arg(long, env = "SPIN_HOST_CACHE")]
    cache: Option<PathBuf>,
}

#[derive(Args)]
struct Up {
    #[command(flatten)]
    application: Application,
    /// Serve only this component; may be given several times
    #[arg(short, long = "component-id")]
    component_id: Vec<String>,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Give an application variable a value: name=value
    #[arg(long)]
    variable: Vec<String>,
    /// Spin's runtime configuration
    #[arg(long)]
    runtime_config_file: Option<PathBuf>,
    /// Threads that run guests [default: TOKIO_WORKER_THREADS, else one a core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// The largest request body, in bytes; a larger one is answered with 413. The default is that of the rig's
    /// daprds, and above what any app here takes
    #[arg(long, default_value_t = 16 << 20)]
    max_body_bytes: u64,
    /// How long a request may take before it is answered with 504. The default leaves an application its 10 s for
    /// Dapr and ends before Dapr's own 15 s for a delivery do
    #[arg(long, default_value_t = 12_000, value_parser = clap::value_parser!(u64).range(1..))]
    request_timeout_ms: u64,
    /// Experiment, not Spin: hold the bodies of this share of guests' requests back until their heads are sent, 0 to 1
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    model_stall: f64,
}

#[derive(Args)]
struct Instantiate {
    #[command(flatten)]
    application: Application,
    /// The component
    #[arg(short, long = "component-id")]
    component_id: String,
    /// How many instances
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
}

#[derive(Args)]
struct Info {
    /// Print JSON, the only form there is
    #[arg(long, required = true)]
    json: bool,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Up(up) => up.run(),
        Command::Compile(application) => application.compile(),
        Command::Instantiate(instantiate) => instantiate.run(),
        Command::Info(_) => info(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::warn(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn version_line() -> &'static str {
    format!("{VERSION} (wasmtime {WASMTIME_VERSION})").leak()
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("not a number from 0 to 1".into()),
    }
}

/// What is set before any flag: Spin's defaults and what the environment changes of them.
fn settings() -> Result<Settings> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Settings::default().with_environment(environment)
}

fn info() -> Result<()> {
    let settings = settings()?;
    let (_, allocator) = engine::build(&settings)?;
    let info = json!({
        "host": "spin-host",
        "version": VERSION,
        "wasmtimeVersion": WASMTIME_VERSION,
        "allocator": allocator.to_string(),
        "settings": settings,
    });
    println!("{}", serde_json::to_string_pretty(&info)?);
    Ok(())
}

impl Application {
    fn compile(&self) -> Result<()> {
        let path = self.manifest_path();
        let manifest = Manifest::load(&path)?;
        let (engine, _) = engine::build(&settings()?)?;
        let start = Instant::now();
        let components = self
            .sources(&path, &self.cache()?)
            .load(&engine, &manifest)?;
        println!(
            "{} components of {} are compiled ({:.1} s)",
            components.len(),
            manifest.application.name,
            start.elapsed().as_secs_f64()
        );
        Ok(())
    }

    /// The application with only these components, all of them where none is named, ready to run.
    fn prepare(
        &self,
        settings: &Settings,
        component_ids: &[String],
        variables: &[String],
    ) -> Result<(App, Allocator)> {
        let path = self.manifest_path();
        let mut manifest = Manifest::load(&path)?;
        manifest.retain(component_ids)?;
        let values = variables::Sources::collect(variables, Path::new(""))?;
        let values = Variables::resolve(&manifest.variables, &values)?;
        let (engine, allocator) = engine::build(settings)?;
        let cache = self.cache()?;
        let app = App::prepare(engine, &manifest, &values, &self.sources(&path, &cache))?;
        Ok((app, allocator))
    }

    fn manifest_path(&self) -> PathBuf {
        if self.from.is_dir() {
            self.from.join("spin.toml")
        } else {
            self.from.clone()
        }
    }

    fn cache(&self) -> Result<CompiledCache> {
        Ok(CompiledCache::new(match &self.cache {
            Some(folder) => folder.clone(),
            None => CompiledCache::default_folder()?,
        }))
    }

    fn sources<'a>(&self, manifest: &'a Path, cache: &'a CompiledCache) -> Sources<'a> {
        Sources {
            folder: manifest.parent().unwrap_or(Path::new("")),
            cache,
        }
    }
}

impl Up {
    fn run(&self) -> Result<()> {
        let settings = self.settings()?;
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        if let Some(threads) = settings.worker_threads {
            runtime.worker_threads(threads);
        }
        runtime
            .enable_all()
            .build()
            .context("cannot start the worker threads")?
            .block_on(self.serve(&settings))
    }

    fn settings(&self) -> Result<Settings> {
        let mut settings = settings()?;
        if let Some(threads) = self.threads {
            settings.worker_threads = Some(threads.into());
        }
        settings.model_stall = self.model_stall;
        if let Some(path) = &self.runtime_config_file
            && let Some(outbound) = RuntimeConfig::load(path)?.outbound_http
        {
            settings.outbound_pooling = outbound.connection_pooling;
        }
        Ok(settings)
    }

    async fn serve(&self, settings: &Settings) -> Result<()> {
        let (app, allocator) =
            self.application
                .prepare(settings, &self.component_id, &self.variable)?;
        ensure!(
            !app.router.is_empty(),
            "{}: no trigger has a path, so there is nothing to serve",
            self.application.manifest_path().display()
        );
        engine::start_epoch_clock(&app.engine)?;

        // Not earlier: what stands above blocks, and a signal shall end it as it ends any program.
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {}", self.listen))?;
        log::tell(format_args!(
            "spin-host {VERSION} (wasmtime {WASMTIME_VERSION}) serves {} on http://{}: threads={} \
             allocator={} max-instance-memory={} memory-keep-resident={} table-keep-resident={} outbound-pooling={} \
             model-stall={}",
            app.name,
            listener.local_addr()?,
            Handle::current().metrics().num_workers(),
            allocator,
            settings
                .max_instance_memory_bytes
                .map_or("none".to_string(), |bytes| bytes.to_string()),
            settings.memory_keep_resident_bytes,
            settings.table_keep_resident_bytes,
            settings.outbound_pooling,
            settings.model_stall,
        ));
        let limits = Limits {
            body_bytes: self.max_body_bytes,
            duration: Duration::from_millis(self.request_timeout_ms),
        };
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        Server::new(app, settings, limits)
            .serve(listener, stop)
            .await;
        Ok(())
    }
}

impl Instantiate {
    fn run(&self) -> Result<()> {
        let settings = settings()?;
        let ids = std::slice::from_ref(&self.component_id);
        let (app, _) = self.application.prepare(&settings, ids, &[])?;
        let times = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the worker thread")?
            .block_on(instance_time::measure(
                &app,
                &app.components[&self.component_id],
                &settings,
                self.count,
            ))?;
        println!("{}", serde_json::to_string(&times)?);
        Ok(())
    }
}
