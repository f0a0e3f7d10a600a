//! The file of `--runtime-config-file`: how the host runs an application, apart from what the application is.

use std::path::Path;

use serde::Deserialize;
use wasmtime::Result;
use wasmtime::error::Context;

use crate::manifest::parse_toml;

/// What this host reads of Spin's runtime configuration (3.4 or newer); every other key is an error.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuntimeConfig {
    pub outbound_http: Option<OutboundHttp>,
}

/// `[outbound_http]`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboundHttp {
    /// Whether outbound connections are kept for the next request. Required here: Spin 3.6 takes a table without this
    /// key for `false`, though it pools where the table itself is missing.
    pub connection_pooling: bool,
}

impl RuntimeConfig {
    /// Reads the file; the errors name it and the key.
    pub fn load(path: &Path) -> Result<RuntimeConfig> {
        let what = || format!("runtime configuration {}", path.display());
        let text = std::fs::read_to_string(path).with_context(what)?;
        parse_toml(&text).with_context(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_connection_pooling() {
        let config: RuntimeConfig =
            parse_toml("[outbound_http]\nconnection_pooling = false").unwrap();
        assert_eq!(
            config.outbound_http,
            Some(OutboundHttp {
                connection_pooling: false
            })
        );
        assert_eq!(
            parse_toml::<RuntimeConfig>("").unwrap(),
            RuntimeConfig::default()
        );
    }

    #[test]
    fn names_an_unknown_key() {
        let error = parse_toml::<RuntimeConfig>("[key_value_store.default]\ntype = \"spin\"");
        assert!(error.unwrap_err().to_string().contains("key_value_store"));
        let error = parse_toml::<RuntimeConfig>(
            "[outbound_http]\nconnection_pooling = true\nmax_concurrent_requests = 1",
        );
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("outbound_http.max_concurrent_requests"),
            "{error}"
        );
    }
}
