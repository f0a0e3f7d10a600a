//! How long instances of a component take by themselves: to be made for a request, and to be given back after it.

use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;
use wasmtime::Result;

use crate::app::{App, Component};
use crate::guest::Guest;
use crate::outbound::HttpClient;
use crate::settings::Settings;

/// One instance, in which nothing was called.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceTime {
    pub made_us: f64,
    pub given_back_us: f64,
}

/// Makes so many instances, one after the other, each in a store of its own as for a request.
pub async fn measure(
    app: &App,
    component: &Arc<Component>,
    settings: &Settings,
    count: u32,
) -> Result<Vec<InstanceTime>> {
    let client = HttpClient::new(settings);
    let mut times = Vec::new();
    for _ in 0..count {
        let begin = Instant::now();
        let mut store = Guest::store(
            &app.engine,
            component,
            &client,
            settings.max_instance_memory_bytes,
        );
        component.pre.instantiate_async(&mut store).await?;
        let made = Instant::now();
        drop(store);
        times.push(InstanceTime {
            made_us: (made - begin).as_secs_f64() * 1e6,
            given_back_us: made.elapsed().as_secs_f64() * 1e6,
        });
    }
    Ok(times)
}
