//! SIGTERM and SIGINT, which ask a process to end. Every program handles them, also because for the first process of a
//! container the kernel ignores signals that it does not handle.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Exit code of a program that ended by a signal: this plus the signal's number.
const BY_SIGNAL: i32 = 128;

/// The two signals, being watched.
#[derive(Debug)]
pub struct Ending {
    terminate: Signal,
    interrupt: Signal,
}

impl Ending {
    /// Watches for them from now on; they have no other effect any more. Must be called inside a runtime.
    ///
    /// # Errors
    /// When the signals cannot be watched.
    pub fn watch() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits until one of them has come, and returns its number.
    pub async fn received(&mut self) -> i32 {
        tokio::select! {
            _ = self.terminate.recv() => SignalKind::terminate().as_raw_value(),
            _ = self.interrupt.recv() => SignalKind::interrupt().as_raw_value(),
        }
    }
}

/// Lets either signal end the process at once, with 128 and the signal's number: for programs that do one thing and
/// have nothing to finish. A transaction that is under way is rolled back by the database.
///
/// # Errors
/// When the signals cannot be watched.
pub fn end_at_once() -> io::Result<()> {
    // On a separate thread: that of the program may be computing.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut ending = {
        let _inside = runtime.enter();
        Ending::watch()?
    };
    std::thread::spawn(move || {
        let number = runtime.block_on(ending.received());
        std::process::exit(BY_SIGNAL + number);
    });
    Ok(())
}
