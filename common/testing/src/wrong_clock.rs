//! A machine whose clock is wrong, for processes of their own: a small library that is loaded before the C library.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The wrong clock of the processes that are started with its variables; it ends with the test.
#[derive(Debug)]
pub struct WrongClock {
    folder: TempDir,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl WrongClock {
    /// A clock that is this number of seconds ahead, or behind.
    ///
    /// # Panics
    /// When there is no C compiler, which Rust links with.
    #[must_use]
    pub fn new(seconds_ahead: i64) -> Self {
        let folder = TempDir::new().expect("a folder");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/wrong_clock.c");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .args([&folder.path().join("wrong_clock.so"), &source])
            .status()
            .expect("a C compiler");
        assert!(built.success(), "the C compiler builds it");
        let clock = Self { folder };
        clock.set(seconds_ahead);
        clock
    }

    /// Changes the error, also for running processes.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn set(&self, seconds_ahead: i64) {
        // The blanks overwrite a longer text.
        std::fs::write(self.file(), format!("{seconds_ahead:<20}")).expect("the file is written");
    }

    /// The variables with which such a process is started.
    #[must_use]
    pub fn variables(&self) -> [(&'static str, PathBuf); 2] {
        [
            ("LD_PRELOAD", self.folder.path().join("wrong_clock.so")),
            ("WRONG_CLOCK", self.file()),
        ]
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("seconds")
    }
}
