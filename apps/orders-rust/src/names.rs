use std::fmt;
use std::str::FromStr;

/// One of the three Dapr app ids; each is one process and one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppId {
    /// Sends each order on to the queue of its route.
    Distributor,
    /// Stores the orders of the express queue.
    ReceiverExpress,
    /// Stores the orders of the standard queue.
    ReceiverStandard,
}

/// Every app id with its name and its input binding: Dapr delivers to `POST /<input binding>`.
const APP_IDS: [(AppId, &str, &str); 3] = [
    (AppId::Distributor, "distributor", "q-order-ingress"),
    (AppId::ReceiverExpress, "receiver-express", "q-order-express-in"),
    (AppId::ReceiverStandard, "receiver-standard", "q-order-standard-in"),
];

impl AppId {
    /// Name of the component that delivers to it.
    pub fn input_binding(self) -> &'static str {
        APP_IDS[self as usize].2
    }

    /// Whether it stores orders.
    pub fn is_receiver(self) -> bool {
        self != AppId::Distributor
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(APP_IDS[*self as usize].1)
    }
}

impl FromStr for AppId {
    type Err = String;

    /// Reads a name from outside (an environment variable, a manifest); the error says what there is.
    fn from_str(name: &str) -> Result<Self, String> {
        let found = APP_IDS.iter().find(|(_, known, _)| *known == name);
        found.map(|(app_id, ..)| *app_id).ok_or_else(|| {
            let names = APP_IDS.map(|(_, known, _)| known).join(", ");
            format!("\"{name}\"; set it to one of {names}.")
        })
    }
}

/// The way an order is delivered, which decides its queue and its container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// `delivery` is Express.
    Express,
    /// `delivery` is Standard.
    Standard,
}

impl Route {
    /// As an event says it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Route::Express => "express",
            Route::Standard => "standard",
        }
    }

    /// Output binding by which the distributor forwards an order.
    pub(crate) fn queue_binding(self) -> &'static str {
        match self {
            Route::Express => "q-order-express-out",
            Route::Standard => "q-order-standard-out",
        }
    }

    /// Output binding by which a receiver stores an order.
    pub(crate) fn outbox_binding(self) -> &'static str {
        match self {
            Route::Express => "express-outbox",
            Route::Standard => "standard-outbox",
        }
    }
}
