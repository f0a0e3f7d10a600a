use serde::Serialize;

use crate::order::Refusal;

/// What came of one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Dapr confirmed the next step.
    Done,
    /// It can never be processed.
    Refused(Refusal),
    /// The caller is not the app's daprd.
    Unauthorized,
    /// Dapr's output binding failed, refused or could not be reached; with what to tell the caller.
    BindingFailed(String),
    /// Dapr's output binding did not confirm within the time limit; with what to tell the caller.
    BindingTimedOut(String),
    /// The app is stopping: the order is delivered again, to the next process.
    Stopping,
}

/// An HTTP answer as data, for any runtime to send. Without a problem the body is empty.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// What is wrong.
    pub problem: Option<Problem>,
}

/// An RFC 9457 problem. `type` is left at about:blank, so `title` is the status's own phrase.
#[derive(Debug, Serialize)]
pub struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip)]
    kind: &'static str,
}

/// Media type of a problem's JSON.
pub const PROBLEM_CONTENT_TYPE: &str = "application/problem+json";

impl Outcome {
    /// The one table from outcome to HTTP answer. 200 and not 204: Dapr's retries take only 200 for success.
    pub fn answer(self) -> Answer {
        let (kind, status, title, detail, field) = match self {
            Outcome::Done => return Answer { status: 200, problem: None },
            Outcome::Refused(Refusal::Malformed { detail, field }) => ("malformed", 400, "Bad Request", detail, field),
            Outcome::Refused(Refusal::TooLarge { detail }) => ("too-large", 413, "Content Too Large", detail, None),
            Outcome::Unauthorized => ("unauthorized", 401, "Unauthorized", UNAUTHORIZED.into(), None),
            Outcome::BindingFailed(detail) => ("binding-failed", 502, "Bad Gateway", detail, None),
            Outcome::BindingTimedOut(detail) => ("binding-timed-out", 504, "Gateway Timeout", detail, None),
            Outcome::Stopping => ("stopping", 503, "Service Unavailable", STOPPING.into(), None),
        };
        let problem = Problem { r#type: "about:blank", title, status, detail, field, kind };
        Answer { status, problem: Some(problem) }
    }
}

const UNAUTHORIZED: &str =
    "The header dapr-api-token is not the app API token: give daprd the same APP_API_TOKEN as the app.";
const STOPPING: &str = "The app is stopping and takes no more orders.";

impl Problem {
    /// The body of the answer.
    pub fn json(&self) -> String {
        // Texts and a number: there is nothing in it that could not be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A line for the log: it holds an order's id at most, never its content.
    pub fn log_line(&self, trace: Option<&crate::trace::Trace>) -> String {
        let traced = trace.map(|trace| format!(" traceparent={}", trace.traceparent)).unwrap_or_default();
        format!("{}: {}{traced}", self.kind, self.detail)
    }
}
