use std::sync::Mutex;

use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Knows whether something is in flight, and lets nothing more in once it is closed.
pub(crate) struct Gate {
    /// Whoever is inside holds a copy; gone once the gate is closed.
    entrance: Mutex<Option<Sender<()>>>,
    exit: tokio::sync::Mutex<Receiver<()>>,
}

/// Held by whoever is inside; dropping it is leaving.
pub(crate) struct Inside(#[expect(dead_code, reason = "it counts as long as it is there")] Sender<()>);

impl Gate {
    pub fn new() -> Gate {
        let (entrance, exit) = channel(1);
        Gate { entrance: Mutex::new(Some(entrance)), exit: tokio::sync::Mutex::new(exit) }
    }

    /// Lets one in, or says no where the gate is closed.
    pub fn enter(&self) -> Option<Inside> {
        self.entrance().clone().map(Inside)
    }

    pub fn is_closed(&self) -> bool {
        self.entrance().is_none()
    }

    /// Lets nothing more in; returns once everything inside has left.
    pub async fn close(&self) {
        drop(self.entrance().take());
        // Nothing is ever sent: it ends with the last copy of the sender.
        self.exit.lock().await.recv().await;
    }

    fn entrance(&self) -> std::sync::MutexGuard<'_, Option<Sender<()>>> {
        self.entrance.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
