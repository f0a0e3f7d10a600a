/// W3C trace context as a delivery brought it: the headers by which one order is found in every log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The version, trace id, parent id and flags.
    pub traceparent: String,
    /// What tracing systems keep of their own.
    pub tracestate: Option<String>,
}

impl Trace {
    /// Reads the trace context of a delivery. One that does not fit the W3C's form counts as none, so that nothing else gets
    /// into a log or a message by that way.
    ///
    /// `header` gives a header's value by its lower-case name.
    pub fn read(header: impl Fn(&str) -> Option<String>) -> Option<Trace> {
        let traceparent = header("traceparent").filter(|value| is_traceparent(value))?;
        let tracestate = header("tracestate").filter(|value| !value.is_empty());
        Some(Trace { traceparent, tracestate })
    }
}

/// Version 00 of https://www.w3.org/TR/trace-context/#traceparent-header.
fn is_traceparent(value: &str) -> bool {
    let parts: Vec<&str> = value.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    lengths == [2, 32, 16, 2] && parts[0] == "00" && parts.iter().all(is_hex)
}
