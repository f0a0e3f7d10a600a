//! What the host says while it serves. A full disk or a closed pipe behind its log ends nothing, where std's `println!`
//! and `eprintln!` would panic: there is nobody to tell of it, and requests to answer.

use std::fmt::Display;
use std::io::{self, Write};

use crate::app::Component;

/// Says a line on standard error.
pub fn warn(line: impl Display) {
    let _ = writeln!(io::stderr(), "spin-host: {line}");
}

/// Says something about a component's run.
pub fn about(component: &Component, text: impl Display) {
    warn(format_args!("component {:?}: {text}", component.id));
}

/// Says a line on standard output.
pub fn tell(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}
