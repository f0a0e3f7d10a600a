use std::time::Duration;

use serde_json::json;

use crate::answer::Outcome;
use crate::names::AppId;
use crate::order::Order;
use crate::trace::Trace;

/// The call of a Dapr output binding that takes an order one step further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Name of the output binding's component: `POST /v1.0/bindings/<binding>`.
    pub binding: &'static str,
    /// Holds the order's own text: what is not rebuilt cannot change.
    pub body: String,
    order_id: u64,
}

impl Call {
    /// What an app does with an order: the distributor forwards it to the queue of its route, with the parent of its trace,
    /// for Dapr hands a message's properties to the next app as headers; a receiver stores it as a blob named by its id.
    pub fn new(app_id: AppId, order: &Order, trace: Option<&Trace>) -> Call {
        let Order { order_id, route, text } = *order;
        let id = order_id.to_string();
        let (binding, metadata) = match (app_id, trace) {
            (AppId::Distributor, None) => (route.queue_binding(), json!({ "MessageId": id })),
            (AppId::Distributor, Some(Trace { traceparent, .. })) => {
                (route.queue_binding(), json!({ "MessageId": id, "traceparent": traceparent }))
            }
            _ => (route.outbox_binding(), json!({ "blobName": id, "contentType": "application/json" })),
        };
        let body = format!(r#"{{"operation":"create","data":{text},"metadata":{metadata}}}"#);
        Call { binding, body, order_id }
    }

    /// The outcome where Dapr refused or could not be reached; a long reason is cut.
    pub fn failed(&self, reason: &str) -> Outcome {
        let Call { binding, order_id, .. } = self;
        let reason = in_one_line(reason);
        Outcome::BindingFailed(format!("Order {order_id}: Dapr's output binding {binding} failed: {reason}"))
    }

    /// The outcome where Dapr did not confirm in time; the write may still happen.
    pub fn timed_out(&self, limit: Duration) -> Outcome {
        let Call { binding, order_id, .. } = self;
        let limit_ms = limit.as_millis();
        Outcome::BindingTimedOut(format!(
            "Order {order_id}: Dapr's output binding {binding} did not answer within {limit_ms} ms."
        ))
    }
}

/// Room for what Azure says of a failure, and not for a proxy's page.
const MAX_REASON_CHARACTERS: usize = 1_000;

/// Logs hold the reason: it may neither fill them nor look like a line of their own.
fn in_one_line(reason: &str) -> String {
    let cut: String = reason.chars().take(MAX_REASON_CHARACTERS).collect();
    cut.split_whitespace().collect::<Vec<_>>().join(" ")
}
