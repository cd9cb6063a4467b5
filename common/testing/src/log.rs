//! What the thread of a test logs, to check that nothing secret is in it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Everything that was logged since it began to listen.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

/// Listens until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Listening {
    _guard: DefaultGuard,
    _second: Dispatch,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl Log {
    /// Listens to this thread, with a filter of `tracing_subscriber`. The runtime of a test runs on its thread, and so
    /// do the servers and clients that it starts; what they do beside the requests (`connect::aside`) is heard, too.
    pub fn listen(filter: &str) -> (Self, Listening) {
        let log = Self::default();
        let lines = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(format!("{filter},{}", trace::NOT_IN_LOGS)))
            .with_writer(log.clone());
        // While there is one subscriber only, tracing asks the subscriber of the first thread that reaches a place in
        // the code first, and the threads of other tests have none.
        let second = Dispatch::new(NoSubscriber::default());
        let listening = Listening {
            _guard: set_default(lines.json().finish()),
            _second: second,
        };
        (log, listening)
    }

    /// What was logged, a JSON object a line.
    ///
    /// # Panics
    /// When a writer panicked.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes = self.0.lock().expect("no writer panics");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Fails if one of these is in it.
    ///
    /// # Panics
    /// With the line that it is in.
    pub fn hides<'a>(&self, secrets: impl IntoIterator<Item = &'a str>) {
        let text = self.text();
        for secret in secrets {
            assert!(secret.len() >= 5, "{secret:?} is anywhere");
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret}");
        }
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panics").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
