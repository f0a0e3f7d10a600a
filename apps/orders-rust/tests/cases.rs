//! The cases of `apps/orders/src/cases.jsonl`, which the TypeScript rules pass too (`apps/orders/src/rules.test.ts`).

use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use orders::{AppId, Call, Order, Outcome, Refusal, Route, Trace, fits_double, is_api_token, parse_order};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    what: String,
    #[serde(flatten)]
    rule: Rule,
}

#[derive(Deserialize)]
#[serde(tag = "rule", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum Rule {
    Parse { order: Content, outcome: Parsed },
    Call { app_id: String, order: String, trace: Option<Parent>, call: Expected },
    Event { order: String, written_at_ms: u64, event: String },
    Answer { outcome: Told, status: u16, body: String },
    Trace { headers: BTreeMap<String, String>, trace: Option<Parent> },
    Token { given: Option<String>, expected: String, is_right: bool },
    Number { number: String, is_kept: bool },
}

/// An order's bytes: a text, or parts of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Text(String),
    Bytes { hex: String },
    Repeated { repeat: String, times: usize },
}

#[derive(Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Parsed {
    Order { order_id: u64, route: String },
    Refusal(Told),
}

#[derive(Debug, Deserialize, PartialEq)]
struct Told {
    kind: String,
    detail: Option<String>,
    field: Option<String>,
}

#[derive(Deserialize)]
struct Parent {
    traceparent: String,
    tracestate: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    binding: String,
    body: String,
}

#[test]
fn every_case_has_its_outcome() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../orders/src/cases.jsonl");
    let lines = read_to_string(&file).expect("the cases of apps/orders");
    let mut count = 0;
    for line in lines.lines() {
        let Case { what, rule } = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        check(&what, rule);
        count += 1;
    }
    assert!(count > 200, "{count} cases in {}", file.display());
}

fn check(what: &str, rule: Rule) {
    match rule {
        Rule::Parse { order, outcome } => {
            let bytes = bytes_of(order);
            match (parse_order(&bytes), outcome) {
                (Ok(Order { order_id, route, text }), Parsed::Order { order_id: expected, route: expected_route }) => {
                    assert_eq!((order_id, name_of(route)), (expected, expected_route.as_str()), "{what}");
                    assert_eq!(text.as_bytes(), bytes, "{what}");
                }
                (Err(refusal), Parsed::Refusal(expected)) => assert_eq!(told(refusal), expected, "{what}"),
                (Ok(order), Parsed::Refusal(_)) => panic!("{what}: taken as {}", order.order_id),
                (Err(refusal), Parsed::Order { .. }) => panic!("{what}: {refusal:?}"),
            }
        }
        Rule::Call { app_id, order, trace, call: Expected { binding, body } } => {
            let app_id: AppId = app_id.parse().expect("an app id");
            let order = parse_order(order.as_bytes()).expect("an order");
            let call = Call::new(app_id, &order, trace.map(read).as_ref());
            assert_eq!((call.path, call.body), (format!("/v1.0/bindings/{binding}"), body), "{what}");
            assert_eq!(call.content_type, "application/json", "{what}");
        }
        Rule::Event { order, written_at_ms, event } => {
            let order = parse_order(order.as_bytes()).expect("an order");
            let call = Call::written(&order, UNIX_EPOCH + Duration::from_millis(written_at_ms));
            let path = format!("/v1.0/publish/orders-events/orders?metadata.MessageId=evt_written_{}", order.order_id);
            assert_eq!((call.path, call.body), (path, event), "{what}");
            assert_eq!(call.content_type, "application/cloudevents+json", "{what}");
        }
        Rule::Answer { outcome, status, body } => {
            let answer = outcome_of(outcome).answer();
            let problem = answer.problem.map(|problem| problem.json()).unwrap_or_default();
            assert_eq!((answer.status, problem), (status, body), "{what}");
        }
        Rule::Trace { headers, trace } => {
            assert_eq!(Trace::read(|name| headers.get(name).cloned()), trace.map(read), "{what}");
        }
        Rule::Token { given, expected, is_right } => {
            assert_eq!(is_api_token(given.as_deref().map(str::as_bytes), &expected), is_right, "{what}");
        }
        Rule::Number { number, is_kept } => assert_eq!(fits_double(&number), is_kept, "{what}"),
    }
}

fn bytes_of(content: Content) -> Vec<u8> {
    match content {
        Content::Text(text) => text.into_bytes(),
        Content::Parts(parts) => parts.into_iter().flat_map(part).collect(),
    }
}

fn part(part: Part) -> Vec<u8> {
    match part {
        Part::Text(text) => text.into_bytes(),
        Part::Repeated { repeat, times } => repeat.repeat(times).into_bytes(),
        Part::Bytes { hex } => {
            let pairs = hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).expect("hexadecimal digits"));
            pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal digits")).collect()
        }
    }
}

fn name_of(route: Route) -> &'static str {
    match route {
        Route::Express => "express",
        Route::Standard => "standard",
    }
}

fn told(refusal: Refusal) -> Told {
    match refusal {
        Refusal::Malformed { detail, field } => Told { kind: "malformed".into(), detail: Some(detail), field },
        Refusal::TooLarge { detail } => Told { kind: "too-large".into(), detail: Some(detail), field: None },
    }
}

fn outcome_of(Told { kind, detail, field }: Told) -> Outcome {
    let detail = detail.unwrap_or_default();
    match kind.as_str() {
        "done" => Outcome::Done,
        "malformed" => Outcome::Refused(Refusal::Malformed { detail, field }),
        "too-large" => Outcome::Refused(Refusal::TooLarge { detail }),
        "unauthorized" => Outcome::Unauthorized,
        "binding-failed" => Outcome::BindingFailed(detail),
        "binding-timed-out" => Outcome::BindingTimedOut(detail),
        "stopping" => Outcome::Stopping,
        _ => panic!("an unknown outcome: {kind}"),
    }
}

fn read(Parent { traceparent, tracestate }: Parent) -> Trace {
    Trace { traceparent, tracestate }
}
