//! The settings that change how fast a component runs, and the two sets of them. The README says why each is what it is.

use clap::ValueEnum;
use serde::Serialize;
use wasmtime::{Result, bail, format_err};

/// A set of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Spin 3.6's own choices, so that a figure does not flatter Spin.
    Spin,
    /// What a host could do better.
    Tuned,
}

/// What a profile settles. Some are settings of Spin too and can be changed as in Spin; see `with_environment`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Threads that run guests; `None`: Tokio's choice, `TOKIO_WORKER_THREADS` or else the cores (CPU quota counted).
    pub worker_threads: Option<usize>,
    /// How many guests may be alive at once; more requests wait.
    pub max_instances: u32,
    /// Bytes of a linear memory that are cleared by writing, not given back to the system, when its guest is done.
    pub memory_keep_resident_bytes: usize,
    /// The same for tables.
    pub table_keep_resident_bytes: usize,
    /// Whether Linux is asked which pages were touched (`PAGEMAP_SCAN`, 6.7 or newer; elsewhere no effect).
    pub pagemap_scan: bool,
    /// Whether a connection to a client sends small writes at once (TCP_NODELAY).
    pub inbound_nodelay: bool,
    /// Whether a connection of a guest sends small writes at once (TCP_NODELAY).
    pub outbound_nodelay: bool,
    /// Every so manieth request of guests sends its head before its body is looked at, so that they leave in two writes
    /// even where the body is there already; `None`: no request does.
    pub outbound_head_first_every: Option<u32>,
    /// Whether connections of guests are kept for the next request.
    pub outbound_pooling: bool,
}

impl Profile {
    /// The name as `--profile` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Spin => "spin",
            Profile::Tuned => "tuned",
        }
    }

    /// The settings before anything changes them.
    pub fn settings(self) -> Settings {
        match self {
            Profile::Spin => Settings {
                worker_threads: None,
                max_instances: 1_000,
                memory_keep_resident_bytes: 2 << 20,
                table_keep_resident_bytes: 512 << 10,
                pagemap_scan: false,
                inbound_nodelay: false,
                outbound_nodelay: false,
                outbound_head_first_every: Some(3),
                outbound_pooling: true,
            },
            Profile::Tuned => Settings {
                worker_threads: Some(1),
                max_instances: 1_000,
                memory_keep_resident_bytes: 16 << 20,
                table_keep_resident_bytes: 64 << 10,
                pagemap_scan: true,
                inbound_nodelay: true,
                outbound_nodelay: true,
                outbound_head_first_every: None,
                outbound_pooling: true,
            },
        }
    }
}

impl Settings {
    /// Applies the environment variables with which a user of Spin tunes its engine: the two that keep memory resident.
    /// Another variable of that family is an error, for it would silently have no effect here.
    pub fn with_environment(
        mut self,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Settings> {
        for (name, value) in environment {
            let bytes = || {
                value.parse().map_err(|_| {
                    format_err!("{name}={value} in the environment is not a number of bytes")
                })
            };
            match name.as_str() {
                "SPIN_WASMTIME_LINEAR_MEMORY_KEEP_RESIDENT" => {
                    self.memory_keep_resident_bytes = bytes()?;
                }
                "SPIN_WASMTIME_TABLE_KEEP_RESIDENT" => {
                    self.table_keep_resident_bytes = bytes()?;
                }
                other
                    if other.starts_with("SPIN_WASMTIME_")
                        || other == "SPIN_MAX_INSTANCE_COUNT" =>
                {
                    bail!("{name} in the environment: this host does not support it, unset it")
                }
                _ => {}
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str, value: &str) -> impl Iterator<Item = (String, String)> {
        std::iter::once((name.to_string(), value.to_string()))
    }

    #[test]
    fn spins_own_variables_change_a_profile() {
        let settings = Profile::Spin
            .settings()
            .with_environment(environment(
                "SPIN_WASMTIME_LINEAR_MEMORY_KEEP_RESIDENT",
                "16777216",
            ))
            .unwrap();
        assert_eq!(settings.memory_keep_resident_bytes, 16 << 20);
        let unchanged = Profile::Spin
            .settings()
            .with_environment(environment("PATH", "x"))
            .unwrap();
        assert_eq!(unchanged, Profile::Spin.settings());
    }

    #[test]
    fn a_variable_that_would_have_no_effect_is_an_error() {
        for (name, value) in [
            ("SPIN_WASMTIME_POOLING", "0"),
            ("SPIN_MAX_INSTANCE_COUNT", "10"),
            ("SPIN_WASMTIME_TABLE_KEEP_RESIDENT", "much"),
        ] {
            let result = Profile::Spin
                .settings()
                .with_environment(environment(name, value));
            assert!(result.unwrap_err().to_string().contains(name));
        }
    }
}
