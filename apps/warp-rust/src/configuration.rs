use std::env;

use orders::AppId;

/// What the environment tells the app, the same as the Express app's (`apps/express/src/configuration.ts`).
pub(crate) struct Configuration {
    /// Which of the three roles this process plays: `APP_ID`.
    pub app_id: AppId,
    /// Address to listen on: `APP_HOST`, 127.0.0.1 unless set; a container needs 0.0.0.0.
    pub host: String,
    /// Port to listen on: `APP_PORT`, 3000 unless set.
    pub port: u16,
    /// From `DAPR_HTTP_HOST`, 127.0.0.1 unless set, and `DAPR_HTTP_PORT`, 3500 unless set.
    pub dapr_url: String,
    /// Sent to Dapr with every call: `DAPR_API_TOKEN`. Unless set, none is sent.
    pub dapr_api_token: Option<String>,
    /// What daprd must send with every order: `APP_API_TOKEN`. Unless set, nobody is asked.
    pub app_api_token: Option<String>,
    /// Whether receivers publish that an order is written: `EVENTS`, on or off. Unless set, off.
    pub publishes: bool,
}

impl Configuration {
    /// Reads the environment; the error names the variable and what it may be.
    pub fn read() -> Result<Configuration, String> {
        let app_id = given("APP_ID").unwrap_or_default();
        let dapr_host = given("DAPR_HTTP_HOST").unwrap_or_else(|| LOCALHOST.into());
        Ok(Configuration {
            app_id: app_id.parse().map_err(|fault| format!("APP_ID is {fault}"))?,
            host: given("APP_HOST").unwrap_or_else(|| LOCALHOST.into()),
            port: port("APP_PORT", 3000)?,
            dapr_url: format!("http://{dapr_host}:{}", port("DAPR_HTTP_PORT", 3500)?),
            dapr_api_token: given("DAPR_API_TOKEN"),
            app_api_token: given("APP_API_TOKEN"),
            publishes: publishes()?,
        })
    }
}

const LOCALHOST: &str = "127.0.0.1";

/// An empty variable counts as none.
fn given(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn publishes() -> Result<bool, String> {
    match given("EVENTS").as_deref() {
        Some("on") => Ok(true),
        None | Some("off") => Ok(false),
        Some(value) => Err(format!("EVENTS is \"{value}\"; set it to on or off.")),
    }
}

fn port(name: &str, otherwise: u16) -> Result<u16, String> {
    let Some(value) = given(name) else { return Ok(otherwise) };
    value.parse().map_err(|_| format!("{name} is \"{value}\"; set it to a port from 0 to 65535."))
}
