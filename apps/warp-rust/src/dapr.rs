use orders::limits::BINDING_TIME_LIMIT;
use orders::{API_TOKEN_HEADER, Call, Outcome, Trace};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Error};

/// Dapr's output bindings and its publishing over HTTP.
pub(crate) struct Dapr {
    client: Client,
    /// As `http://host:port`.
    url: String,
    api_token: Option<String>,
}

impl Dapr {
    /// The one client of the process; it keeps its connections.
    pub fn new(url: String, api_token: Option<String>) -> Result<Dapr, String> {
        let client = Client::builder()
            .no_proxy()
            // Only Dapr's own answer confirms a write; one that was sent elsewhere does not.
            .redirect(Policy::none())
            .timeout(BINDING_TIME_LIMIT)
            .build()
            .map_err(|error| format!("The client for Dapr can't be made: {}", reason_of(&error)))?;
        Ok(Dapr { client, url, api_token })
    }

    /// Makes a call, and is done once Dapr has confirmed it.
    pub async fn confirm(&self, call: &Call, trace: Option<&Trace>) -> Outcome {
        match self.send(call, trace).await {
            Ok((200..300, _)) => Outcome::Done,
            Ok((status, body)) => call.failed(&format!("{status} {body}")),
            Err(error) if error.is_timeout() => call.timed_out(BINDING_TIME_LIMIT),
            Err(error) => call.failed(&reason_of(&error)),
        }
    }

    /// The status and the body of Dapr's answer, which must have come whole.
    async fn send(&self, call: &Call, trace: Option<&Trace>) -> Result<(u16, String), Error> {
        let mut request = self
            .client
            .post(format!("{}{}", self.url, call.path))
            .header(CONTENT_TYPE, call.content_type)
            .body(call.body.clone());
        if let Some(token) = &self.api_token {
            request = request.header(API_TOKEN_HEADER, token);
        }
        if let Some(Trace { traceparent, tracestate }) = trace {
            request = request.header("traceparent", traceparent);
            if let Some(tracestate) = tracestate {
                request = request.header("tracestate", tracestate);
            }
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let body = response.bytes().await?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}

/// The client's own words say what was tried; why it failed stands in their sources.
fn reason_of(error: &Error) -> String {
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reason = format!("{reason}: {cause}");
        source = cause.source();
    }
    reason
}
