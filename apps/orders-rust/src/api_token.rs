use subtle::ConstantTimeEq;

/// The header in which Dapr wants its API token (DAPR_API_TOKEN), and in which it sends the app's (APP_API_TOKEN).
pub const API_TOKEN_HEADER: &str = "dapr-api-token";

/// Whether a caller gave the token that is expected; an absent one is wrong. Takes as long for a wrong one as for the right
/// one, so that its characters can't be found one by one.
pub fn is_api_token(given: Option<&[u8]>, expected: &str) -> bool {
    given.unwrap_or_default().ct_eq(expected.as_bytes()).into()
}
