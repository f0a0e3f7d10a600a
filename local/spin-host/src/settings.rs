//! The settings that change how fast a component runs. The README says which are Spin's own.

use serde::Serialize;
use wasmtime::{Result, bail, format_err};

/// What a start settles. The default is what Spin 3.6 does; what a user of Spin can change is changed as in Spin, see
/// `with_environment`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Threads that run guests; `None`: Tokio's choice, `TOKIO_WORKER_THREADS` or else the cores (CPU quota counted).
    pub worker_threads: Option<usize>,
    /// How many guests may be alive at once; more requests wait.
    pub max_instances: u32,
    /// How large each linear memory of a guest may grow; `None`: as large as WebAssembly allows.
    pub max_instance_memory_bytes: Option<usize>,
    /// Bytes of a linear memory that are cleared by writing, not given back to the system, when its guest is done.
    pub memory_keep_resident_bytes: usize,
    /// The same for tables.
    pub table_keep_resident_bytes: usize,
    /// Whether connections of guests are kept for the next request.
    pub outbound_pooling: bool,
    /// The share of guests' requests whose bodies are held back as an experiment, 0 to 1; see `ModelStall`.
    pub model_stall: f64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            worker_threads: None,
            max_instances: 1_000,
            max_instance_memory_bytes: None,
            memory_keep_resident_bytes: 2 << 20,
            table_keep_resident_bytes: 512 << 10,
            outbound_pooling: true,
            model_stall: 0.0,
        }
    }
}

impl Settings {
    /// Applies the environment variables with which a user of Spin tunes its engine. One of that family that is not
    /// supported is an error, for it would silently have no effect here.
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
                "SPIN_MAX_INSTANCE_MEMORY" => self.max_instance_memory_bytes = Some(bytes()?),
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

    fn with(name: &str, value: &str) -> Result<Settings> {
        let variable = (name.to_string(), value.to_string());
        Settings::default().with_environment(std::iter::once(variable))
    }

    #[test]
    fn spins_own_variables_change_what_is_set() {
        let keep = with("SPIN_WASMTIME_LINEAR_MEMORY_KEEP_RESIDENT", "16777216").unwrap();
        assert_eq!(keep.memory_keep_resident_bytes, 16 << 20);
        let limit = with("SPIN_MAX_INSTANCE_MEMORY", "67108864").unwrap();
        assert_eq!(limit.max_instance_memory_bytes, Some(64 << 20));
        assert_eq!(with("PATH", "x").unwrap(), Settings::default());
    }

    #[test]
    fn a_variable_that_would_have_no_effect_is_an_error() {
        for (name, value) in [
            ("SPIN_WASMTIME_POOLING", "0"),
            ("SPIN_MAX_INSTANCE_COUNT", "10"),
            ("SPIN_MAX_INSTANCE_MEMORY", "64Mi"),
            ("SPIN_WASMTIME_TABLE_KEEP_RESIDENT", "much"),
        ] {
            assert!(with(name, value).unwrap_err().to_string().contains(name));
        }
    }
}
