//! One of the three roles on warp, as a process: `APP_ID` says which.
#![forbid(unsafe_code)]

mod app;
mod configuration;
mod dapr;
mod gate;

use std::io::{Write, stdout};
use std::process::{ExitCode, exit};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use crate::app::{App, routes};
use crate::configuration::Configuration;
use crate::dapr::Dapr;

/// More than the 10 s that an order in flight may wait for Dapr.
const STOP_LIMIT: Duration = Duration::from_secs(12);

/// Time for answers already given to leave, once nothing is in flight.
const LAST_ANSWERS_LIMIT: Duration = Duration::from_millis(500);

/// Exit code 0 once everything in flight is answered, 1 where that took too long or the process could not start.
#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            log(&fault);
            ExitCode::FAILURE
        }
    }
}

/// A line of the log. A full disk or a closed pipe holds up no order: what can't be written is dropped.
pub(crate) fn log(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}

/// Listens until SIGTERM or SIGINT; whether everything in flight then was answered in time.
async fn run() -> Result<bool, String> {
    let Configuration { app_id, host, port, dapr_url, dapr_api_token, app_api_token, publishes } =
        Configuration::read()?;
    let listener = TcpListener::bind((host.as_str(), port))
        .await
        .map_err(|error| format!("{host}:{port} can't be listened on: {error}"))?;
    let dapr = Dapr::new(dapr_url.clone(), dapr_api_token)?;
    let app = Arc::new(App::new(app_id, dapr, app_api_token, publishes));
    let mut stop = Stop::new().map_err(|error| format!("signals can't be waited for: {error}"))?;
    log(&format!("{app_id} listens at http://{host}:{port}, Dapr is at {dapr_url}"));

    let (emptied, is_emptied) = tokio::sync::oneshot::channel();
    let gate = Arc::clone(&app);
    let server = warp::serve(routes(app)).incoming(listener).graceful(async move {
        stop.wait().await;
        log("The app finishes what is in flight and stops.");
        // Whoever asks a second time does not want to wait.
        tokio::spawn(async move {
            stop.wait().await;
            exit(1);
        });
        let _ = emptied.send(timeout(STOP_LIMIT, gate.close()).await.is_ok());
    });
    let mut running = tokio::spawn(server.run());
    let is_empty = tokio::select! {
        // Having stopped it also ends.
        biased;
        is_empty = is_emptied => is_empty.unwrap_or(false),
        ended = &mut running => return Err(format!("The server ended by itself: {ended:?}")),
    };
    if !is_empty {
        let limit_ms = STOP_LIMIT.as_millis();
        log(&format!("Some orders were still in flight after {limit_ms} ms; Dapr delivers them again."));
    }
    // What is left are connections that nothing is asked on.
    let _ = timeout(LAST_ANSWERS_LIMIT, running).await;
    Ok(is_empty)
}

/// The signals that stop a process.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn new() -> std::io::Result<Stop> {
        Ok(Stop { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
