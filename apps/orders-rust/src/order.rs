use crate::names::Route;

/// An order that passed the schema, kept as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order<'a> {
    /// Unique in a dataset; the message id and the blob name.
    pub order_id: u64,
    /// What its `delivery` asks for, case ignored.
    pub route: Route,
    /// The JSON text as it was sent: nothing in it is lost.
    pub text: &'a str,
}

/// Why an order can never be processed; `detail` holds none of its content, `field` no more than its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no order, or none that Dapr could pass on as it is.
    Malformed {
        /// For the caller and the log.
        detail: String,
        /// The field that does not fit, as a path (`items.0.sku`); absent where the whole is at fault.
        field: Option<String>,
    },
    /// It is over the size limit.
    TooLarge {
        /// For the caller and the log.
        detail: String,
    },
}
