use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::limits::{MAX_ITEMS, MAX_TEXT_CHARACTERS};

/// What does not fit in an order: the field's path and the rule it breaks.
pub(crate) struct Misfit {
    pub field: String,
    pub rule: String,
}

/// What is needed of an order that fits.
pub(crate) struct Known {
    pub order_id: u64,
    pub delivery: String,
}

/// Checks an order's known fields against the rules of `apps/orders/src/schema.ts`, in the same order; unknown keys are
/// left alone.
///
/// `text` is a JSON object.
pub(crate) fn check(text: &str) -> Result<Known, Misfit> {
    const NAMES: [&str; 7] = ["orderId", "delivery", "orderGuid", "description", "firstName", "lastName", "items"];
    let [order_id, delivery, order_guid, description, first_name, last_name, items] =
        members(text, NAMES).unwrap_or_default();
    let order_id = required(order_id, "orderId", id)?;
    let delivery = required(delivery, "delivery", delivery_name)?;
    optional(order_guid, "orderGuid", uuid)?;
    for (name, value) in [("description", description), ("firstName", first_name), ("lastName", last_name)] {
        optional(value, name, short_text)?;
    }
    items.map_or(Ok(()), all_items)?;
    Ok(Known { order_id, delivery })
}

/// A rule that a field breaks.
type Broken = String;

/// The largest integer below which a double holds every one: JavaScript's `Number.MAX_SAFE_INTEGER`.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

fn id(json: &str) -> Result<u64, Broken> {
    let number = number(json)?;
    if number.fract() != 0.0 || number.abs() > MAX_SAFE_INTEGER {
        return Err("must be an integer that a double holds exactly".into());
    }
    at_least(number, 1.0)?;
    Ok(number as u64)
}

fn delivery_name(json: &str) -> Result<String, Broken> {
    must_be_text(json)?;
    let text = serde_json::from_str::<String>(json).unwrap_or_default();
    let is_known = ["express", "standard"].iter().any(|name| text.eq_ignore_ascii_case(name));
    if is_known { Ok(text) } else { Err("must be Express or Standard".into()) }
}

fn uuid(json: &str) -> Result<(), Broken> {
    must_be_text(json)?;
    let text = serde_json::from_str::<String>(json).unwrap_or_default();
    let is_uuid = text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if is_uuid { Ok(()) } else { Err("must be a UUID".into()) }
}

fn short_text(json: &str) -> Result<(), Broken> {
    must_be_text(json)?;
    // No character takes less than a byte; this spares nearly every text the counting.
    if json.len() - "\"\"".len() <= MAX_TEXT_CHARACTERS || code_points(json) <= MAX_TEXT_CHARACTERS {
        return Ok(());
    }
    Err(format!("must have at most {MAX_TEXT_CHARACTERS} characters"))
}

/// Half a surrogate pair counts as one, as in JavaScript; it is refused later, whatever field it is in.
fn code_points(json: &str) -> usize {
    struct Counted;
    impl Visitor<'_> for Counted {
        type Value = usize;

        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str("a string")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<usize, E> {
            // All but the bytes that continue a character.
            Ok(bytes.iter().filter(|byte| *byte & 0b1100_0000 != 0b1000_0000).count())
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_bytes(Counted).unwrap_or_default()
}

fn all_items(json: &str) -> Result<(), Misfit> {
    let misfit = |rule: String| Misfit { field: "items".into(), rule };
    let items = serde_json::from_str::<Vec<&RawValue>>(json).map_err(|_| misfit("must be an array".into()))?;
    for (index, json) in items.iter().enumerate() {
        item(json.get()).map_err(|Misfit { field, rule }| {
            let path = if field.is_empty() { format!("items.{index}") } else { format!("items.{index}.{field}") };
            Misfit { field: path, rule }
        })?;
    }
    match items.len() {
        0 => Err(misfit("must have at least one item".into())),
        1..=MAX_ITEMS => Ok(()),
        _ => Err(misfit(format!("must have at most {MAX_ITEMS} items"))),
    }
}

fn item(json: &str) -> Result<(), Misfit> {
    let [order_item_id, sku, quantity] = match json.as_bytes() {
        // To JavaScript an array is an object without these keys.
        [b'[', ..] => [None; 3],
        _ => members(json, ["orderItemId", "sku", "quantity"])
            .ok_or_else(|| Misfit { field: String::new(), rule: "must be an object".into() })?,
    };
    required(order_item_id, "orderItemId", |json| integer_from(json, 1.0))?;
    required(sku, "sku", must_be_text)?;
    required(quantity, "quantity", |json| integer_from(json, 0.0))
}

fn integer_from(json: &str, least: f64) -> Result<(), Broken> {
    let number = number(json)?;
    if number.is_infinite() || number.fract() != 0.0 {
        return Err("must be an integer".into());
    }
    at_least(number, least)
}

fn at_least(number: f64, least: f64) -> Result<(), Broken> {
    if number >= least { Ok(()) } else { Err(format!("must be at least {least}")) }
}

fn number(json: &str) -> Result<f64, Broken> {
    // What begins no number has no place in one: `null` and `true` are no numbers to Rust either.
    json.parse().map_err(|_| "must be a number".into())
}

fn must_be_text(json: &str) -> Result<(), Broken> {
    if json.starts_with('"') { Ok(()) } else { Err("must be a string".into()) }
}

fn required<T>(value: Option<&str>, field: &str, check: impl FnOnce(&str) -> Result<T, Broken>) -> Result<T, Misfit> {
    let checked = value.ok_or_else(|| "is required".to_string()).and_then(check);
    checked.map_err(|rule| Misfit { field: field.into(), rule })
}

fn optional(value: Option<&str>, field: &str, check: fn(&str) -> Result<(), Broken>) -> Result<(), Misfit> {
    value.map_or(Ok(()), |json| required(Some(json), field, check))
}

/// The JSON texts of an object's members of these names, of two of one name the last; none where it is no object. No depth of
/// nesting is too much.
fn members<'a, const N: usize>(json: &'a str, names: [&str; N]) -> Option<[Option<&'a str>; N]> {
    serde_json::Deserializer::from_str(json).deserialize_map(Members { names }).ok()
}

struct Members<'n, const N: usize> {
    names: [&'n str; N],
}

impl<'de, const N: usize> Visitor<'de> for Members<'_, N> {
    type Value = [Option<&'de str>; N];

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; N];
        while let Some(index) = map.next_key_seed(Position { names: &self.names })? {
            match index {
                Some(index) => found[index] = Some(map.next_value::<&RawValue>()?.get()),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(found)
    }
}

/// A key's place among the names. Read as bytes, for a key may hold half a surrogate pair, which no Rust string does.
struct Position<'n> {
    names: &'n [&'n str],
}

impl<'de> DeserializeSeed<'de> for Position<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_bytes<E>(self, key: &[u8]) -> Result<Self::Value, E> {
        Ok(self.names.iter().position(|name| name.as_bytes() == key))
    }
}
