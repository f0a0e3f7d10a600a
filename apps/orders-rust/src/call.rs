use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use crate::answer::Outcome;
use crate::names::AppId;
use crate::order::Order;
use crate::trace::Trace;

/// A call of Dapr that takes an order one step further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is asked, by `POST`: the path behind Dapr's own address, with its query.
    pub path: String,
    /// Media type of the body.
    pub content_type: &'static str,
    /// An output binding's holds the order's own text: what is not rebuilt cannot change.
    pub body: String,
    order_id: u64,
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The output binding of this name.
    Binding(&'static str),
    Event,
}

/// Dapr's component of the events, and the topic that receivers publish to.
const PUBSUB: &str = "orders-events";
const TOPIC: &str = "orders";

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
        let path = format!("/v1.0/bindings/{binding}");
        Call { path, content_type: "application/json", body, order_id, step: Step::Binding(binding) }
    }

    /// What a receiver tells the topic once the order is written: where it stands, and nothing of what is in it. A CloudEvent
    /// (1.0, structured content mode), around which Dapr makes none of its own; its id is the same for every repeat.
    pub fn written(order: &Order, written_at: SystemTime) -> Call {
        let Order { order_id, route, .. } = *order;
        let delivery = route.name();
        let time = DateTime::<Utc>::from(written_at).to_rfc3339_opts(SecondsFormat::Millis, true);
        let body = format!(
            concat!(
                r#"{{"specversion":"1.0","id":"evt_written_{order_id}","source":"/receivers/{delivery}","type":"order.written","#,
                r#""subject":"{order_id}","time":"{time}","datacontenttype":"application/json","#,
                r#""data":{{"orderId":{order_id},"delivery":"{delivery}"}}}}"#
            ),
            order_id = order_id,
            delivery = delivery,
            time = time
        );
        let path = format!("/v1.0/publish/{PUBSUB}/{TOPIC}?metadata.MessageId=evt_written_{order_id}");
        Call { path, content_type: "application/cloudevents+json", body, order_id, step: Step::Event }
    }

    /// The outcome where Dapr refused or could not be reached; a long reason is cut.
    pub fn failed(&self, reason: &str) -> Outcome {
        let Call { step, order_id, .. } = self;
        let reason = in_one_line(reason);
        let what = match step {
            Step::Binding(binding) => format!("Dapr's output binding {binding}"),
            Step::Event => format!("publishing to {PUBSUB}"),
        };
        Outcome::BindingFailed(format!("Order {order_id}: {what} failed: {reason}"))
    }

    /// The outcome where Dapr did not confirm in time; the write may still happen.
    pub fn timed_out(&self, limit: Duration) -> Outcome {
        let Call { step, order_id, .. } = self;
        let limit_ms = limit.as_millis();
        match step {
            Step::Binding(binding) => Outcome::BindingTimedOut(format!(
                "Order {order_id}: Dapr's output binding {binding} did not answer within {limit_ms} ms."
            )),
            Step::Event => self.failed(&format!("Dapr did not answer within {limit_ms} ms.")),
        }
    }
}

/// Room for what Azure says of a failure, and not for a proxy's page.
const MAX_REASON_CHARACTERS: usize = 1_000;

/// Logs hold the reason: it may neither fill them nor look like a line of their own.
fn in_one_line(reason: &str) -> String {
    let cut: String = reason.chars().take(MAX_REASON_CHARACTERS).collect();
    cut.split_whitespace().collect::<Vec<_>>().join(" ")
}
