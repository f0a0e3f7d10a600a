//! Every limit; `apps/orders/src/limits.ts` says where each comes from.

use std::time::Duration;

/// Largest order in bytes: 1 MiB, the size of the largest message that the queues take.
pub const MAX_ORDER_BYTES: usize = 1_048_576;

/// Deepest nesting of arrays and objects in an order.
pub const MAX_NESTING: usize = 1_000;

/// Longest of the order's texts (description, first and last name), in Unicode code points.
pub const MAX_TEXT_CHARACTERS: usize = 1_000;

/// Most items in one order.
pub const MAX_ITEMS: usize = 100;

/// Time an app gives Dapr to confirm an output binding.
pub const BINDING_TIME_LIMIT: Duration = Duration::from_secs(10);
