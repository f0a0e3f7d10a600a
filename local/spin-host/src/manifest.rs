//! spin.toml, manifest version 2: the keys this host understands. Every other key is an error, never ignored, for a
//! setting that silently has no effect would make a measurement lie.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasmtime::error::Context;
use wasmtime::{Result, bail, ensure, format_err};

/// A manifest as it was written, checked for what can be known without its surroundings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    spin_manifest_version: u32,
    pub application: Application,
    #[serde(default)]
    pub variables: BTreeMap<String, Variable>,
    #[serde(rename = "trigger")]
    pub triggers: Triggers,
    #[serde(rename = "component", default)]
    pub components: BTreeMap<String, Component>,
}

/// `[application]`. Only the name is used.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    pub name: String,
    #[serde(default, rename = "version")]
    _version: Option<String>,
    #[serde(default, rename = "description")]
    _description: Option<String>,
    #[serde(default, rename = "authors")]
    _authors: Vec<String>,
}

/// One entry of `[variables]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    pub default: Option<String>,
    #[serde(default)]
    pub required: bool,
    /// A secret's value is never printed; this host prints no value at all.
    #[serde(default, rename = "secret")]
    _secret: bool,
    #[serde(default, rename = "description")]
    _description: Option<String>,
}

/// `[[trigger.*]]`: only HTTP.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    #[serde(default)]
    pub http: Vec<HttpTrigger>,
}

/// One `[[trigger.http]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTrigger {
    #[serde(default, rename = "id")]
    _id: Option<String>,
    pub route: Route,
    pub component: String,
}

/// Where a trigger listens.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a route is a path such as \"/orders\" or { private = true }"
)]
pub enum Route {
    Path(String),
    Private(PrivateRoute),
}

/// `{ private = true }`: no path leads to the component.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateRoute {
    private: bool,
}

/// One `[component.<id>]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// A path, relative to the manifest's folder.
    pub source: PathBuf,
    #[serde(default, rename = "description")]
    _description: Option<String>,
    #[serde(default)]
    pub allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    pub build: Option<Build>,
}

/// `[component.<id>.build]`: read, not run. The command is quoted where the source is missing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    pub command: Command,
    #[serde(default, rename = "workdir")]
    _workdir: Option<String>,
    #[serde(default, rename = "watch")]
    _watch: Vec<String>,
}

/// One build command or several.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a build command is a string or a list of strings"
)]
pub enum Command {
    One(String),
    Several(Vec<String>),
}

impl Manifest {
    /// Reads a manifest. The errors name the file, the key and what to do.
    pub fn load(path: &Path) -> Result<Manifest> {
        let text = std::fs::read_to_string(path).with_context(|| {
            format!(
                "cannot read the manifest {}: name it with --from",
                path.display()
            )
        })?;
        Manifest::parse(&text).with_context(|| format!("manifest {}", path.display()))
    }

    fn parse(text: &str) -> Result<Manifest> {
        let manifest: Manifest = parse_toml(text)?;
        ensure!(
            manifest.spin_manifest_version == 2,
            "spin_manifest_version: this host reads version 2, not {}",
            manifest.spin_manifest_version
        );
        for (index, trigger) in manifest.triggers.http.iter().enumerate() {
            ensure!(
                manifest.components.contains_key(&trigger.component),
                "trigger.http[{index}].component: there is no [component.{}]",
                trigger.component
            );
            if let Route::Private(PrivateRoute { private: false }) = trigger.route {
                bail!(
                    "trigger.http[{index}].route: {{ private = false }} means nothing: give a path"
                );
            }
        }
        for (name, variable) in &manifest.variables {
            ensure!(
                variable.required != variable.default.is_some(),
                "variables.{name}: say either required = true or a default"
            );
        }
        Ok(manifest)
    }

    /// Keeps only the named components and their triggers, as `--component-id` asks; none named: all stay.
    pub fn retain(&mut self, ids: &[String]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            ensure!(
                self.components.contains_key(id),
                "--component-id {id}: the manifest has {}",
                self.components
                    .keys()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        self.components.retain(|id, _| ids.contains(id));
        self.triggers
            .http
            .retain(|trigger| ids.contains(&trigger.component));
        Ok(())
    }
}

impl Build {
    /// The command as one line, for a message.
    pub fn command_line(&self) -> String {
        match &self.command {
            Command::One(command) => command.clone(),
            Command::Several(commands) => commands.join(" && "),
        }
    }
}

/// Parses TOML into a type that denies unknown keys; the error says at which key, in which line.
pub fn parse_toml<T: DeserializeOwned>(text: &str) -> Result<T> {
    let deserializer = toml::Deserializer::parse(text).map_err(|error| format_err!("{error}"))?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let line = error
            .inner()
            .span()
            .map(|span| 1 + text[..span.start].matches('\n').count());
        let at = line.map_or(String::new(), |line| format!(" (line {line})"));
        format_err!(
            "{path}{at}: {}; this host reads a part of Spin's keys, its README lists them",
            error.inner().message()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        spin_manifest_version = 2
        [application]
        name = "orders"
        version = "1.0.0"
        description = "d"
        authors = ["a"]
        [variables]
        url = { default = "http://127.0.0.1:1" }
        token = { required = true, secret = true }
        [[trigger.http]]
        id = "in"
        route = "/in/..."
        component = "inner"
        [[trigger.http]]
        route = { private = true }
        component = "hidden"
        [component.inner]
        source = "dist/inner.wasm"
        description = "d"
        allowed_outbound_hosts = ["{{ url }}"]
        variables = { url = "{{ url }}" }
        environment = { LEVEL = "1" }
        [component.inner.build]
        command = ["npm install", "npm run build"]
        workdir = "."
        watch = ["src/**"]
        [component.hidden]
        source = "dist/hidden.wasm"
    "#;

    fn error_of(text: &str) -> String {
        format!("{:#}", Manifest::parse(text).unwrap_err())
    }

    #[test]
    fn reads_every_key_it_states() {
        let manifest = Manifest::parse(WHOLE).unwrap();
        assert_eq!(manifest.application.name, "orders");
        assert_eq!(manifest.triggers.http.len(), 2);
        assert_eq!(
            manifest.components["inner"]
                .build
                .as_ref()
                .unwrap()
                .command_line(),
            "npm install && npm run build"
        );
    }

    #[test]
    fn names_an_unknown_key_and_its_place() {
        for (place, key) in [
            ("[component.hidden]", "files = []"),
            ("[component.hidden]", "key_value_stores = []"),
            ("[application]", "targets = []"),
            ("[component.inner.build]", "shell = 1"),
        ] {
            let text = WHOLE.replace(place, &format!("{place}\n{key}"));
            let error = error_of(&text);
            let name = key.split(' ').next().unwrap();
            let path = place.trim_matches(['[', ']']);
            assert!(error.contains(&format!("{path}.{name}")), "{error}");
            assert!(error.contains("line "), "{error}");
        }
    }

    #[test]
    fn names_an_unknown_trigger_and_an_executor() {
        let redis = WHOLE.replace(
            "[component.hidden]",
            "[[trigger.redis]]\ncomponent = \"hidden\"\n[component.hidden]",
        );
        assert!(error_of(&redis).contains("trigger.redis"));
        let wagi = WHOLE.replace("id = \"in\"", "executor = { type = \"wagi\" }");
        assert!(error_of(&wagi).contains("trigger.http[0].executor"));
    }

    #[test]
    fn refuses_a_source_that_is_not_a_path() {
        let text = WHOLE.replace(
            "\"dist/hidden.wasm\"",
            "{ url = \"http://x\", digest = \"y\" }",
        );
        assert!(error_of(&text).contains("component.hidden.source"));
    }

    #[test]
    fn refuses_another_version() {
        assert!(error_of(&WHOLE.replace("version = 2", "version = 1")).contains("version 2"));
    }

    #[test]
    fn refuses_a_trigger_without_its_component() {
        assert!(
            error_of(&WHOLE.replace("component = \"hidden\"", "component = \"gone\""))
                .contains("[component.gone]")
        );
    }

    #[test]
    fn refuses_a_route_that_is_neither_a_path_nor_private() {
        assert!(
            error_of(&WHOLE.replace("private = true", "private = false"))
                .contains("trigger.http[1].route")
        );
        assert!(
            error_of(&WHOLE.replace("{ private = true }", "7")).contains("trigger.http[1].route")
        );
    }

    #[test]
    fn a_variable_is_required_or_has_a_default() {
        assert!(
            error_of(&WHOLE.replace("required = true, secret", "secret"))
                .contains("variables.token")
        );
    }

    #[test]
    fn retains_the_components_asked_for() {
        let mut manifest = Manifest::parse(WHOLE).unwrap();
        manifest.retain(&["hidden".into()]).unwrap();
        assert_eq!(manifest.components.len(), 1);
        assert_eq!(manifest.triggers.http.len(), 1);
        let error = manifest.retain(&["inner".into()]).unwrap_err();
        assert!(error.to_string().contains("hidden"));
    }
}
