use std::collections::BTreeMap;

use crate::decimal::{double_size_bytes, fits_double};
use crate::json::{Token, tokens};
use crate::limits::MAX_NESTING;

/// What Dapr could not pass on as it is.
pub(crate) struct Unfaithful {
    pub reason: String,
    /// Path of the number (`items.0.price`); absent where it is no number.
    pub field: Option<String>,
}

/// Says why Dapr could not pass this valid JSON on as it is, or nothing: `apps/orders/src/fidelity.ts` has the reasons.
pub(crate) fn find_unfaithful(json: &str) -> Option<Unfaithful> {
    let mut path = Vec::new();
    let mut text = "";
    for token in tokens(json) {
        match token {
            Token::Text(quoted) if holds_half_a_pair(quoted) => {
                return Some(Unfaithful { reason: "a string holds half of a surrogate pair".into(), field: None });
            }
            Token::Text(quoted) => text = quoted,
            Token::OpenObject | Token::OpenArray => {
                path.push(if matches!(token, Token::OpenObject) { Place::Key("") } else { Place::Index(0) });
                if path.len() > MAX_NESTING {
                    let reason = format!("nested deeper than {MAX_NESTING} levels");
                    return Some(Unfaithful { reason, field: None });
                }
            }
            Token::Close => drop(path.pop()),
            Token::Colon => {
                if let Some(place) = path.last_mut() {
                    *place = Place::Key(text);
                }
            }
            Token::Comma => {
                if let Some(Place::Index(index)) = path.last_mut() {
                    *index += 1;
                }
            }
            Token::Number(number) if !fits_double(number) => {
                let is_beyond = number.parse::<f64>().is_ok_and(f64::is_infinite);
                let reason = if is_beyond {
                    "a number is beyond the range of a double"
                } else {
                    "a number would be rounded to a double"
                };
                return Some(Unfaithful { reason: reason.into(), field: Some(path_text(&path)) });
            }
            Token::Number(_) | Token::Word(_) => {}
        }
    }
    None
}

/// Where in an array or an object the next token is.
enum Place<'a> {
    /// As it stands in the text, with its quotes.
    Key(&'a str),
    Index(usize),
}

fn path_text(path: &[Place]) -> String {
    let parts: Vec<String> = path
        .iter()
        .map(|place| match place {
            Place::Key(quoted) => unquoted(quoted),
            Place::Index(index) => index.to_string(),
        })
        .collect();
    parts.join(".")
}

/// A JSON string's text; it holds whole surrogate pairs alone.
fn unquoted(quoted: &str) -> String {
    serde_json::from_str(quoted).unwrap_or_default()
}

/// Only an escape can: the text itself is UTF-8.
fn holds_half_a_pair(quoted: &str) -> bool {
    let mut rest = quoted;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at..];
        let Some(unit) = escaped_unit(escape) else {
            rest = &escape["\\n".len()..];
            continue;
        };
        let is_pair = is_high(unit) && escaped_unit(&escape[UNIT_LENGTH..]).is_some_and(is_low);
        if !is_pair && (is_high(unit) || is_low(unit)) {
            return true;
        }
        rest = &escape[if is_pair { 2 * UNIT_LENGTH } else { UNIT_LENGTH }..];
    }
    false
}

const UNIT_LENGTH: usize = "\\u0000".len();

/// The UTF-16 unit whose escape the text begins with, if it does.
fn escaped_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

fn is_high(unit: u16) -> bool {
    (0xD800..0xDC00).contains(&unit)
}

fn is_low(unit: u16) -> bool {
    (0xDC00..0xE000).contains(&unit)
}

/// Size in bytes of the order as Dapr writes it: without spaces and without all but the last of equal keys, and with `<`,
/// `>`, `&`, U+2028 and U+2029 as six-byte escapes.
pub(crate) fn written_size_bytes(json: &str) -> usize {
    let mut levels: Vec<Level> = Vec::new();
    let mut whole = 0;
    for token in tokens(json) {
        let value_bytes = match token {
            Token::OpenObject | Token::OpenArray => {
                levels.push(Level::default());
                continue;
            }
            Token::Colon => {
                if let Some(level) = levels.last_mut() {
                    level.key = level.text.take();
                }
                continue;
            }
            Token::Comma => {
                if let Some(level) = levels.last_mut() {
                    level.end_member();
                }
                continue;
            }
            Token::Close => match levels.pop() {
                Some(level) => level.size_bytes(),
                None => continue,
            },
            Token::Text(quoted) => {
                let text = unquoted(quoted);
                let size_bytes = text_size_bytes(&text);
                if let Some(level) = levels.last_mut() {
                    level.text = Some(text);
                }
                size_bytes
            }
            Token::Number(number) => double_size_bytes(number.parse().unwrap_or_default()),
            Token::Word(word) => word.len(),
        };
        match levels.last_mut() {
            Some(level) => level.value_bytes = Some(value_bytes),
            None => whole = value_bytes,
        }
    }
    whole
}

/// An array or an object whose end has not come yet.
#[derive(Default)]
struct Level {
    /// The last string, which a colon makes a key.
    text: Option<String>,
    key: Option<String>,
    /// Size of the last value; a member ends with a comma or with the whole.
    value_bytes: Option<usize>,
    /// Sizes of an object's values, by key.
    by_key: BTreeMap<String, usize>,
    /// Of all members with their keys and colons, without commas.
    members_bytes: usize,
    members: usize,
}

impl Level {
    fn end_member(&mut self) {
        let Some(value_bytes) = self.value_bytes.take() else { return };
        self.members_bytes += value_bytes;
        let Some(key) = self.key.take() else {
            self.members += 1;
            return;
        };
        let key_bytes = text_size_bytes(&key) + ":".len();
        match self.by_key.insert(key, value_bytes) {
            Some(replaced_bytes) => self.members_bytes -= replaced_bytes,
            None => {
                self.members_bytes += key_bytes;
                self.members += 1;
            }
        }
    }

    fn size_bytes(mut self) -> usize {
        self.end_member();
        "{}".len() + self.members_bytes + self.members.saturating_sub(1)
    }
}

fn text_size_bytes(text: &str) -> usize {
    let characters: usize = text.chars().map(character_size_bytes).sum();
    "\"\"".len() + characters
}

fn character_size_bytes(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => "\\n".len(),
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..' ' => UNIT_LENGTH,
        _ => character.len_utf8(),
    }
}
