//! An application ready to serve: its manifest resolved, its components compiled and linked.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wasmtime::component::Component as CompiledComponent;
use wasmtime::error::Context;
use wasmtime::{Engine, Result, ensure};
use wasmtime_wasi_http::bindings::ProxyPre;

use crate::allowed_host::AllowedHost;
use crate::compiled::CompiledCache;
use crate::guest::Guest;
use crate::log;
use crate::manifest::{self, Manifest, Route};
use crate::route::Router;
use crate::variables::{NAME_RULE, Variables, is_name};

/// A component and what its manifest gives it.
pub struct Component {
    pub id: Arc<str>,
    pub variables: HashMap<String, String>,
    pub environment: Vec<(String, String)>,
    pub allowed_hosts: Vec<AllowedHost>,
    pub pre: ProxyPre<Guest>,
}

/// An application's parts.
pub struct App {
    pub name: String,
    pub engine: Engine,
    pub components: HashMap<String, Arc<Component>>,
    pub router: Router<Arc<Component>>,
}

impl App {
    /// Resolves, compiles (or reads from the cache) and links every component of the manifest.
    pub fn prepare(
        engine: Engine,
        manifest: &Manifest,
        variables: &Variables,
        sources: &Sources<'_>,
    ) -> Result<App> {
        let linker = Guest::linker(&engine)?;
        let compiled = sources.load(&engine, manifest)?;
        let mut components = HashMap::new();
        for (id, declared) in &manifest.components {
            let what = || format!("component.{id}");
            let pre = linker
                .instantiate_pre(&compiled[id])
                .and_then(ProxyPre::new)
                .with_context(|| {
                    format!(
                        "component.{id}: {} needs something that this host does not have",
                        declared.source.display()
                    )
                })?;
            let component = Component {
                id: id.as_str().into(),
                variables: component_variables(declared, variables).with_context(what)?,
                environment: declared.environment.clone().into_iter().collect(),
                allowed_hosts: allowed_hosts(declared, variables).with_context(what)?,
                pre,
            };
            components.insert(id.clone(), Arc::new(component));
        }
        let mut router = Router::new();
        for trigger in &manifest.triggers.http {
            if let Route::Path(path) = &trigger.route {
                router.add(path, components[&trigger.component].clone())?;
            }
        }
        Ok(App {
            name: manifest.application.name.clone(),
            engine,
            components,
            router,
        })
    }
}

/// Where the files of components are, and where their compiled forms are kept.
pub struct Sources<'a> {
    /// The manifest's folder.
    pub folder: &'a Path,
    pub cache: &'a CompiledCache,
}

impl Sources<'_> {
    /// Loads each component of the manifest, the same file once, and says what had to be compiled.
    pub fn load(
        &self,
        engine: &Engine,
        manifest: &Manifest,
    ) -> Result<BTreeMap<String, CompiledComponent>> {
        let mut by_path: HashMap<PathBuf, CompiledComponent> = HashMap::new();
        let mut by_id = BTreeMap::new();
        for (id, declared) in &manifest.components {
            let path = self.folder.join(&declared.source);
            let component = match by_path.get(&path) {
                Some(component) => component.clone(),
                None => {
                    let component = self.load_one(engine, id, declared, &path)?;
                    by_path.insert(path, component.clone());
                    component
                }
            };
            by_id.insert(id.clone(), component);
        }
        Ok(by_id)
    }

    fn load_one(
        &self,
        engine: &Engine,
        id: &str,
        declared: &manifest::Component,
        path: &Path,
    ) -> Result<CompiledComponent> {
        let build = declared.build.as_ref().map_or_else(
            || "build it first".to_string(),
            |build| format!("build it first: {}", build.command_line()),
        );
        ensure!(
            path.is_file(),
            "component.{id}.source: there is no file {}; {build}",
            path.display()
        );
        let loaded = self
            .cache
            .load(engine, path)
            .with_context(|| format!("component.{id}.source"))?;
        if let Some(duration) = loaded.compiled_in {
            log::warn(format_args!(
                "component {id:?}: compiled in {:.1} s, kept for the next start",
                duration.as_secs_f64()
            ));
        }
        Ok(loaded.component)
    }
}

fn component_variables(
    declared: &manifest::Component,
    variables: &Variables,
) -> Result<HashMap<String, String>> {
    declared
        .variables
        .iter()
        .map(|(name, template)| {
            ensure!(is_name(name), "variables.{name}: {NAME_RULE}");
            Ok((name.clone(), variables.expand(template)?))
        })
        .collect()
}

fn allowed_hosts(
    declared: &manifest::Component,
    variables: &Variables,
) -> Result<Vec<AllowedHost>> {
    declared
        .allowed_outbound_hosts
        .iter()
        .map(|entry| AllowedHost::parse(&variables.expand(entry)?))
        .collect()
}
