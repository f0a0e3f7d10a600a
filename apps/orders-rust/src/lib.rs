//! What an order is and what is done with it, without I/O: `apps/orders` in Rust, held to the same cases
//! (`apps/orders/src/cases.jsonl`, which the tests of both read).

#![forbid(unsafe_code)]

mod answer;
mod api_token;
mod call;
mod decimal;
mod fidelity;
mod json;
pub mod limits;
mod names;
mod order;
mod parse;
mod schema;
mod trace;

pub use answer::{Answer, Outcome, PROBLEM_CONTENT_TYPE, Problem};
pub use api_token::{API_TOKEN_HEADER, is_api_token};
pub use call::Call;
pub use decimal::fits_double;
pub use names::{AppId, Route};
pub use order::{Order, Refusal};
pub use parse::{compressed, parse_order, too_large};
pub use trace::Trace;
