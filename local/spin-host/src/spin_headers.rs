//! The headers in which Spin tells a component about its route.

use std::net::SocketAddr;

use http::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue};
use http::uri::{Parts, Scheme, Uri};
use wasmtime::{Result, format_err};

use crate::route::RouteMatch;

const PREFIX: &str = "spin-";

/// Prepares a request's head for its component: an absolute address, and Spin's headers. Any `spin-*` header that the
/// client sent is removed first, so that none can be forged; Spin 3.6 leaves them in.
pub fn prepare<T>(
    head: &mut http::request::Parts,
    route: &RouteMatch<'_, T>,
    client: SocketAddr,
) -> Result<()> {
    let host = match head.headers.get(HOST) {
        Some(host) => host.to_str()?.to_string(),
        None => "localhost".to_string(),
    };
    head.uri = absolute(&head.uri, &host)?;
    // It is about the connection to the host, and in a guest's way when it passes headers on.
    head.headers.remove(CONNECTION);
    remove_spin_headers(&mut head.headers);

    let mut set = |name: &str, value: &str| -> Result<()> {
        let name = HeaderName::try_from(name)?;
        head.headers.insert(name, HeaderValue::from_str(value)?);
        Ok(())
    };
    set("spin-full-url", &head.uri.to_string())?;
    set("spin-path-info", &route.path_info)?;
    set("spin-matched-route", route.raw)?;
    set("spin-base-path", "/")?;
    set("spin-raw-component-route", route.raw)?;
    set("spin-component-route", route.prefix())?;
    set("spin-client-addr", &client.to_string())?;
    for (name, value) in &route.parameters {
        let name = name.to_ascii_lowercase().replace('_', "-");
        set(&format!("spin-path-match-{name}"), value)?;
    }
    Ok(())
}

fn absolute(uri: &Uri, host: &str) -> Result<Uri> {
    let mut parts = Parts::default();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(
        host.parse()
            .map_err(|_| format_err!("{host:?} is not a host"))?,
    );
    parts.path_and_query = uri.path_and_query().cloned();
    Ok(Uri::from_parts(parts)?)
}

fn remove_spin_headers(headers: &mut HeaderMap) {
    let sent: Vec<HeaderName> = headers
        .keys()
        .filter(|name| name.as_str().starts_with(PREFIX))
        .cloned()
        .collect();
    for name in sent {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::Router;

    fn prepared(route: &str, request: http::Request<()>) -> http::request::Parts {
        let mut router = Router::new();
        router.add(route, ()).unwrap();
        let (mut head, ()) = request.into_parts();
        let path = head.uri.path().to_string();
        let client = "127.0.0.1:9".parse().unwrap();
        prepare(&mut head, &router.find(&path).unwrap(), client).unwrap();
        head
    }

    #[test]
    fn a_component_learns_its_route() {
        let request = http::Request::get("/orders/7/items/?a=b")
            .header("host", "example.com:81")
            .header("connection", "keep-alive")
            .body(())
            .unwrap();
        let head = prepared("/orders/:order_id/...", request);
        let header = |name: &str| head.headers[name].to_str().unwrap();
        assert_eq!(head.uri, "http://example.com:81/orders/7/items/?a=b");
        assert_eq!(
            header("spin-full-url"),
            "http://example.com:81/orders/7/items/?a=b"
        );
        assert_eq!(header("spin-path-info"), "/items/");
        assert_eq!(header("spin-matched-route"), "/orders/:order_id/...");
        assert_eq!(header("spin-raw-component-route"), "/orders/:order_id/...");
        assert_eq!(header("spin-component-route"), "/orders/:order_id");
        assert_eq!(header("spin-base-path"), "/");
        assert_eq!(header("spin-client-addr"), "127.0.0.1:9");
        assert_eq!(header("spin-path-match-order-id"), "7");
        assert!(!head.headers.contains_key("connection"));
    }

    #[test]
    fn what_a_client_claims_is_removed() {
        let request = http::Request::get("/a")
            .header("Spin-Full-Url", "http://forged/")
            .header("spin-path-match-user", "admin")
            .header("spinning", "stays")
            .body(())
            .unwrap();
        let head = prepared("/a", request);
        assert_eq!(head.headers.get_all("spin-full-url").iter().count(), 1);
        assert_eq!(head.headers["spin-full-url"], "http://localhost/a");
        assert!(!head.headers.contains_key("spin-path-match-user"));
        assert_eq!(head.headers["spinning"], "stays");
    }
}
