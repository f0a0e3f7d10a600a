use std::str;

use serde::de::IgnoredAny;

use crate::fidelity::{find_unfaithful, written_size_bytes};
use crate::limits::MAX_ORDER_BYTES;
use crate::names::Route;
use crate::order::{Order, Refusal};
use crate::schema::{Misfit, check};

/// Reads an order from the bytes of a message. Nothing is normalised: the result holds the text as it was sent.
pub fn parse_order(bytes: &[u8]) -> Result<Order<'_>, Refusal> {
    if bytes.len() > MAX_ORDER_BYTES {
        return Err(too_large(&format!("{} bytes", bytes.len())));
    }
    let text = str::from_utf8(bytes).map_err(|_| malformed("not valid UTF-8", None))?;
    // Whole and by itself: what is read below takes a control character in a key.
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Err(malformed("not valid JSON", None));
    }
    if !is_object(text) {
        return Err(malformed("not a JSON object", None));
    }
    let known = check(text).map_err(|Misfit { field, rule }| malformed(&format!("{field} {rule}"), Some(field)))?;
    if let Some(unfaithful) = find_unfaithful(text) {
        let reason = format!("{}, which Dapr cannot pass on as it is", unfaithful.reason);
        return Err(malformed(&reason, unfaithful.field));
    }
    if bytes.len() * LARGEST_GROWTH > MAX_ORDER_BYTES {
        let size_bytes = written_size_bytes(text);
        if size_bytes > MAX_ORDER_BYTES {
            return Err(too_large(&format!("{size_bytes} bytes as Dapr writes it")));
        }
    }
    let is_express = known.delivery.eq_ignore_ascii_case("express");
    Ok(Order { order_id: known.order_id, route: if is_express { Route::Express } else { Route::Standard }, text })
}

/// The refusal for an order over the size limit, also for an app that sees the size before it reads the body.
pub fn too_large(size: &str) -> Refusal {
    Refusal::TooLarge { detail: format!("The order has {size}; at most {MAX_ORDER_BYTES} are taken.") }
}

/// The refusal of an order whose headers say that it is compressed: Dapr sends none, and no app unpacks one.
pub fn compressed() -> Refusal {
    malformed("it is compressed", None)
}

/// Dapr writes `<` in six bytes; no other JSON grows by more.
const LARGEST_GROWTH: usize = 6;

fn is_object(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{')
}

fn malformed(reason: &str, field: Option<String>) -> Refusal {
    Refusal::Malformed { detail: format!("The order is malformed: {reason}."), field }
}
