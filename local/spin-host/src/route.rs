//! Which component answers a path. The matching is routefinder's, the library that Spin itself uses, so that exact
//! paths, `:name` segments and a trailing `...` take precedence over each other as they do there.

use std::collections::HashSet;

use wasmtime::{Result, ensure, format_err};

/// The paths that belong to the host.
pub const WELL_KNOWN_PREFIX: &str = "/.well-known/spin/";

/// The routes of an application; `T` is what a route leads to.
pub struct Router<T> {
    routes: routefinder::Router<Entry<T>>,
    known: HashSet<String>,
}

struct Entry<T> {
    raw: String,
    target: T,
}

/// A path that has a route.
pub struct RouteMatch<'a, T> {
    pub target: &'a T,
    /// The route as the manifest writes it.
    pub raw: &'a str,
    /// What stands in the place of a trailing `...`: empty or beginning with a slash.
    pub path_info: String,
    /// The `:name` segments and what stands in their place.
    pub parameters: Vec<(String, String)>,
}

impl<T> Router<T> {
    /// A router without routes.
    pub fn new() -> Router<T> {
        Router {
            routes: routefinder::Router::new(),
            known: HashSet::new(),
        }
    }

    /// Adds a route. A second one for the same path is an error, as is a path of the host's own.
    pub fn add(&mut self, raw: &str, target: T) -> Result<()> {
        let absolute = format!("/{}", raw.trim_matches('/'));
        ensure!(
            !absolute.starts_with(WELL_KNOWN_PREFIX),
            "route {raw:?}: the paths under {WELL_KNOWN_PREFIX} belong to the host"
        );
        let pattern = match absolute.strip_suffix("/...") {
            Some(prefix) => format!("{prefix}/*"),
            None => absolute,
        };
        ensure!(
            self.known.insert(pattern.clone()),
            "route {raw:?}: another trigger has it already"
        );
        let entry = Entry {
            raw: raw.into(),
            target,
        };
        self.routes
            .add(pattern, entry)
            .map_err(|error| format_err!("route {raw:?}: {error}"))
    }

    /// The best route for a path (without its query), if there is one.
    pub fn find(&self, path: &str) -> Option<RouteMatch<'_, T>> {
        let found = self.routes.best_match(path)?;
        let entry = found.handler();
        let captures = found.captures();
        Some(RouteMatch {
            target: &entry.target,
            raw: &entry.raw,
            path_info: captures
                .wildcard()
                .map_or_else(String::new, |rest| path_info(rest, path)),
            parameters: captures
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
        })
    }

    /// Whether no path has a route.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }
}

impl<T> RouteMatch<'_, T> {
    /// The route without its trailing `...`.
    pub fn prefix(&self) -> &str {
        self.raw.strip_suffix("/...").unwrap_or(self.raw)
    }
}

/// Gives the rest of a path its slashes back: routefinder takes them away on both sides, Spin does not.
fn path_info(rest: &str, path: &str) -> String {
    let start = if rest.is_empty() { "" } else { "/" };
    let end = if path.ends_with('/') { "/" } else { "" };
    format!("{start}{rest}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(routes: &[&'static str]) -> Router<&'static str> {
        let mut router = Router::new();
        for route in routes {
            router.add(route, *route).unwrap();
        }
        router
    }

    #[test]
    fn an_exact_path_wins_over_a_wildcard_and_a_longer_one_over_a_shorter() {
        let router = router(&["/...", "/orders/...", "/orders/new", "/orders/:id"]);
        let target = |path| *router.find(path).unwrap().target;
        assert_eq!(target("/orders/new"), "/orders/new");
        assert_eq!(target("/orders/7"), "/orders/:id");
        assert_eq!(target("/orders/7/items"), "/orders/...");
        assert_eq!(target("/other"), "/...");
    }

    #[test]
    fn a_path_without_a_route_has_no_match() {
        let router = router(&["/orders"]);
        assert!(router.find("/").is_none());
        assert!(router.find("/orders/7").is_none());
        assert!(router.find("/orderss").is_none());
        assert!(router.find("/orders/").is_some());
    }

    #[test]
    fn the_rest_of_a_wildcard_keeps_its_slashes() {
        let router = router(&["/a/..."]);
        let rest = |path| router.find(path).unwrap().path_info;
        assert_eq!(rest("/a"), "");
        assert_eq!(rest("/a/"), "/");
        assert_eq!(rest("/a/b/c"), "/b/c");
        assert_eq!(rest("/a/b/"), "/b/");
        assert_eq!(router.find("/a/b").unwrap().prefix(), "/a");
    }

    #[test]
    fn named_segments_are_captured() {
        let router = router(&["/orders/:order_id/items/:item"]);
        let found = router.find("/orders/7/items/x").unwrap();
        assert_eq!(
            found.parameters,
            [("order_id".into(), "7".into()), ("item".into(), "x".into())]
        );
        assert_eq!(found.path_info, "");
    }

    #[test]
    fn a_route_twice_or_of_the_host_is_an_error() {
        let mut router = router(&["/a"]);
        assert!(router.add("/a/", "again").is_err());
        assert!(router.add("/.well-known/spin/health", "mine").is_err());
        assert!(!router.is_empty());
    }
}
