/// A token of JSON.
pub(crate) enum Token<'a> {
    OpenObject,
    OpenArray,
    Close,
    Colon,
    Comma,
    /// A string with its quotes and its escapes.
    Text(&'a str),
    Number(&'a str),
    /// `true`, `false` or `null`.
    Word(&'a str),
}

/// The tokens of a text that is valid JSON.
pub(crate) fn tokens(json: &str) -> impl Iterator<Item = Token<'_>> {
    let bytes = json.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at)?.is_ascii_whitespace() {
            at += 1;
        }
        let start = at;
        at = match bytes[start] {
            b'"' => end_of_text(bytes, start),
            b'{' | b'}' | b'[' | b']' | b':' | b',' => start + 1,
            _ => end_of_word(bytes, start),
        };
        let token = &json[start..at];
        Some(match bytes[start] {
            b'{' => Token::OpenObject,
            b'[' => Token::OpenArray,
            b'}' | b']' => Token::Close,
            b':' => Token::Colon,
            b',' => Token::Comma,
            b'"' => Token::Text(token),
            b'-' | b'0'..=b'9' => Token::Number(token),
            _ => Token::Word(token),
        })
    })
}

/// Index after the closing quote of the string whose opening one is at `start`.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

fn end_of_word(bytes: &[u8], start: usize) -> usize {
    let rest = &bytes[start..];
    let length = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'-' | b'.'));
    length.map_or(bytes.len(), |length| start + length)
}
