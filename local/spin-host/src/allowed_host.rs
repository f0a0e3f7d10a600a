//! `allowed_outbound_hosts`: which addresses a component may send requests to.

use http::Uri;
use wasmtime::{Result, bail, ensure, format_err};

/// One entry: `scheme://host[:port]`, where each part may be `*`, a host may begin with `*.` and a port may be a range
/// `from..to` (without `to`).
#[derive(Debug, PartialEq)]
pub struct AllowedHost {
    scheme: Option<String>,
    host: Host,
    ports: Option<std::ops::Range<u32>>,
}

#[derive(Debug, PartialEq)]
enum Host {
    Any,
    Subdomains(String),
    Literal(String),
}

impl AllowedHost {
    /// Parses an entry whose templates are expanded already.
    pub fn parse(entry: &str) -> Result<AllowedHost> {
        let (scheme, rest) = entry.trim().split_once("://").ok_or_else(|| {
            format_err!(
                "allowed_outbound_hosts {entry:?} lacks a scheme: write http://host:port, or *://*:* for everything"
            )
        })?;
        ensure!(
            scheme == "*"
                || (!scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphabetic())),
            "allowed_outbound_hosts {entry:?}: {scheme:?} is not a scheme"
        );
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        ensure!(
            !rest.contains('/'),
            "allowed_outbound_hosts {entry:?}: paths and address ranges (CIDR) are not supported"
        );
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (rest, ""),
        };
        Ok(AllowedHost {
            scheme: (scheme != "*").then(|| scheme.to_ascii_lowercase()),
            host: Host::parse(host, entry)?,
            ports: parse_ports(port, scheme, entry)?,
        })
    }

    /// Whether a request to the address is allowed.
    pub fn allows(&self, uri: &Uri) -> bool {
        let Some(scheme) = uri.scheme_str() else {
            return false;
        };
        let Some(host) = uri.host() else {
            return false;
        };
        let port = uri.port_u16().or_else(|| default_port(scheme));
        self.scheme
            .as_deref()
            .is_none_or(|allowed| allowed == scheme)
            && self.host.allows(&host.to_ascii_lowercase())
            && match (&self.ports, port) {
                (None, _) => true,
                (Some(ports), Some(port)) => ports.contains(&u32::from(port)),
                (Some(_), None) => false,
            }
    }
}

impl Host {
    fn parse(host: &str, entry: &str) -> Result<Host> {
        let host = host.to_ascii_lowercase();
        if host == "*" {
            return Ok(Host::Any);
        }
        let (name, subdomains) = match host.strip_prefix("*.") {
            Some(name) => (name, true),
            None => (host.as_str(), false),
        };
        if name == "self" || name == "self.alt" || name.ends_with("spin.internal") {
            bail!(
                "allowed_outbound_hosts {entry:?}: this host has no requests from an application to itself"
            );
        }
        ensure!(
            !name.is_empty() && !name.contains(['*', '{', '}', '@', '?', '#', ' ']),
            "allowed_outbound_hosts {entry:?}: {host:?} is not a host; a * stands alone or begins it as in *.example.com"
        );
        Ok(if subdomains {
            Host::Subdomains(format!(".{name}"))
        } else {
            Host::Literal(host)
        })
    }

    fn allows(&self, host: &str) -> bool {
        match self {
            Host::Any => true,
            Host::Subdomains(suffix) => host.ends_with(suffix),
            Host::Literal(literal) => host == literal,
        }
    }
}

fn parse_ports(port: &str, scheme: &str, entry: &str) -> Result<Option<std::ops::Range<u32>>> {
    let number = |text: &str| {
        text.parse::<u16>()
            .map(u32::from)
            .map_err(|_| format_err!("allowed_outbound_hosts {entry:?}: {text:?} is not a port"))
    };
    Ok(match (port, port.split_once("..")) {
        ("*", _) => None,
        ("", _) => {
            let port = default_port(scheme).ok_or_else(|| {
                format_err!("allowed_outbound_hosts {entry:?}: the scheme {scheme:?} has no port of its own, give one")
            })?;
            Some(u32::from(port)..u32::from(port) + 1)
        }
        (_, Some((from, to))) => Some(number(from)?..number(to)?),
        (_, None) => {
            let port = number(port)?;
            Some(port..port + 1)
        }
    })
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(entry: &str, uri: &str) -> bool {
        AllowedHost::parse(entry)
            .unwrap()
            .allows(&uri.parse().unwrap())
    }

    #[test]
    fn a_literal_allows_just_itself() {
        let entry = "http://127.0.0.1:3500";
        assert!(allows(entry, "http://127.0.0.1:3500/v1.0/bindings/x"));
        assert!(!allows(entry, "http://127.0.0.1:3501/"));
        assert!(!allows(entry, "https://127.0.0.1:3500/"));
        assert!(!allows(entry, "http://127.0.0.2:3500/"));
        assert!(!allows(entry, "http://127.0.0.1/"));
    }

    #[test]
    fn a_scheme_brings_its_port_and_case_does_not_matter() {
        assert!(allows("http://Example.com", "http://example.COM/"));
        assert!(allows("https://example.com/", "https://example.com:443/"));
        assert!(!allows("http://example.com", "http://example.com:8080/"));
    }

    #[test]
    fn stars_stand_for_any_part() {
        assert!(allows("*://*:*", "https://anything:9/"));
        assert!(allows("http://*:*", "http://anything:9/"));
        assert!(!allows("http://*", "http://anything:9/"));
        assert!(allows("http://*.example.com", "http://a.b.example.com/"));
        assert!(!allows("http://*.example.com", "http://example.com/"));
        assert!(!allows("http://*.example.com", "http://badexample.com/"));
    }

    #[test]
    fn ports_may_be_a_range_without_its_end() {
        assert!(allows("http://h:3000..3003", "http://h:3002/"));
        assert!(!allows("http://h:3000..3003", "http://h:3003/"));
    }

    #[test]
    fn ipv6_hosts_work() {
        assert!(allows("http://[::1]:3500", "http://[::1]:3500/"));
        assert!(allows("http://[::1]", "http://[::1]/"));
    }

    #[test]
    fn what_it_does_not_support_is_an_error() {
        for entry in [
            "example.com",
            "*",
            "http://",
            "http://h/path",
            "http://10.0.0.0/8:80",
            "http://self",
            "http://a.spin.internal",
            "http://a*.b",
            "http://{a,b}",
            "http://h:many",
            "redis://h",
            "*://h",
            "http://user@h",
        ] {
            let error = AllowedHost::parse(entry).unwrap_err().to_string();
            assert!(error.contains("allowed_outbound_hosts"), "{error}");
        }
    }
}
