//! The Wasmtime engine, and the clock that lets a guest be interrupted.

use std::fmt;
use std::time::Duration;

use wasmtime::error::Context;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result};

use crate::log;
use crate::settings::Settings;

/// The version of Wasmtime in this program: the one that Cargo.toml pins, for Spin 3.6.3 has it.
pub const WASMTIME_VERSION: &str = "42.0.2";

/// How often guests can be interrupted; Spin's interval.
pub const EPOCH_INTERVAL: Duration = Duration::from_millis(10);

/// Where guests get their memory from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocator {
    /// Slots that are reserved once and used again.
    Pooling,
    /// A mapping for each guest: slower, where the system does not grant the address space of a pool.
    OnDemand,
}

impl fmt::Display for Allocator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Allocator::Pooling => "pooling",
            Allocator::OnDemand => "on-demand",
        })
    }
}

/// Makes the engine. Where the system refuses the pool's terabytes of address space, each guest is mapped by itself, as
/// Spin does.
pub fn build(settings: &Settings) -> Result<(Engine, Allocator)> {
    match Engine::new(&config(Some(pool(settings)))) {
        Ok(engine) => Ok((engine, Allocator::Pooling)),
        Err(refusal) => {
            let engine = Engine::new(&config(None)).context("cannot make a Wasmtime engine")?;
            log::warn(format_args!(
                "guests are mapped one by one, for there is no pool: {refusal:#}"
            ));
            Ok((engine, Allocator::OnDemand))
        }
    }
}

/// Advances the engine's epoch for as long as the engine lives.
pub fn start_epoch_clock(engine: &Engine) -> Result<()> {
    let engine = engine.weak();
    std::thread::Builder::new()
        .name("epoch".into())
        .spawn(move || {
            while let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(EPOCH_INTERVAL);
            }
        })
        .context("cannot start the epoch clock")?;
    Ok(())
}

fn config(pool: Option<PoolingAllocationConfig>) -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    // Costs each call into a guest something, also where none of it is used; Spin has it on.
    config.wasm_component_model_async(true);
    if let Some(pool) = pool {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    config
}

/// The limits are Spin's defaults: counts in terms of the instances, sizes large enough to be out of the way.
fn pool(settings: &Settings) -> PoolingAllocationConfig {
    let instances = settings.max_instances;
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(instances)
        .total_memories(instances)
        .total_tables(2 * instances)
        .total_stacks(instances)
        .total_core_instances(4 * instances)
        .max_core_instances_per_component(200)
        .max_memories_per_component(32)
        .max_tables_per_component(64)
        .max_memories_per_module(2)
        .max_tables_per_module(2)
        .max_component_instance_size(10 << 20)
        .max_core_instance_size(10 << 20)
        .max_memory_size(4 << 30)
        .table_elements(100_000)
        .linear_memory_keep_resident(settings.memory_keep_resident_bytes)
        .table_keep_resident(settings.table_keep_resident_bytes);
    pool
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_one_that_was_built() {
        let lock: toml::Table = toml::from_str(include_str!("../Cargo.lock")).unwrap();
        let wasmtime = lock["package"]
            .as_array()
            .unwrap()
            .iter()
            .find(|package| package["name"].as_str() == Some("wasmtime"))
            .unwrap();
        assert_eq!(wasmtime["version"].as_str(), Some(WASMTIME_VERSION));
    }

    #[test]
    fn the_settings_make_an_engine() {
        build(&Settings::default()).unwrap();
    }
}
