//! What a component prints: passed on line by line, each with the component's name before it.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// The most bytes a guest may write at once.
const WRITE_LIMIT_BYTES: usize = 64 << 10;

/// Which stream of this process a guest's stream goes to.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// A guest's standard output or standard error.
#[derive(Clone)]
pub struct Output {
    component: Arc<str>,
    stream: Stream,
}

impl Output {
    /// The output of a component.
    pub fn new(component: Arc<str>, stream: Stream) -> Output {
        Output { component, stream }
    }

    fn lines(&self) -> Lines {
        Lines {
            output: self.clone(),
            pending: Vec::new(),
        }
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        match self.stream {
            Stream::Stdout => io::stdout().is_terminal(),
            Stream::Stderr => io::stderr().is_terminal(),
        }
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.lines())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.lines())
    }
}

/// Collects bytes to whole lines; what is left of the last one is printed when the stream is dropped.
struct Lines {
    output: Output,
    pending: Vec<u8>,
}

impl Lines {
    fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        match self.pending.iter().rposition(|byte| *byte == b'\n') {
            Some(last) => {
                let rest = self.pending.split_off(last + 1);
                let lines = std::mem::replace(&mut self.pending, rest);
                self.print(&lines);
            }
            None if self.pending.len() > WRITE_LIMIT_BYTES => {
                let line = std::mem::take(&mut self.pending);
                self.print(&line);
            }
            None => {}
        }
    }

    /// What can't be written is dropped: a full disk is no fault of the guest, and its request can be answered.
    fn print(&self, bytes: &[u8]) {
        let text = prefixed(&self.output.component, bytes);
        let _ = match self.output.stream {
            Stream::Stdout => io::stdout().write_all(&text),
            Stream::Stderr => io::stderr().write_all(&text),
        };
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if !self.pending.is_empty() {
            self.print(&self.pending);
        }
    }
}

impl OutputStream for Lines {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_LIMIT_BYTES)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Lines {
    async fn ready(&mut self) {}
}

impl AsyncWrite for Lines {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn prefixed(component: &str, bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len() + component.len() + 4);
    for line in bytes
        .strip_suffix(b"\n")
        .unwrap_or(bytes)
        .split(|byte| *byte == b'\n')
    {
        text.push(b'[');
        text.extend_from_slice(component.as_bytes());
        text.extend_from_slice(b"] ");
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_prefixed() {
        assert_eq!(prefixed("a", b"x\ny\n"), b"[a] x\n[a] y\n");
        assert_eq!(prefixed("a", b"x"), b"[a] x\n");
        assert_eq!(prefixed("a", b"\n"), b"[a] \n");
    }

    #[test]
    fn a_line_is_held_until_it_ends() {
        let mut lines = Output::new("a".into(), Stream::Stdout).lines();
        lines.push(b"begin");
        assert_eq!(lines.pending, b"begin");
        lines.push(b" end\nnext");
        assert_eq!(lines.pending, b"next");
    }
}
