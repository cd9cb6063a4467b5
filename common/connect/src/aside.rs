//! A thread beside those that serve requests, for the few tasks whose outcome many requests depend on.
//!
//! The threads of a program poll its tasks in turn. Under overload thousands of connections are ready at any time, so
//! that each step of a task waits for all of them: a query of a millisecond takes several tenths of a second, and
//! requests that need its outcome wait as well. The tasks here are polled by a thread of their own, to which the
//! operating system gives a share of the processor.

use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tracing::instrument::WithSubscriber;

/// One for the whole process, which ends with it. `None` if the operating system refuses what waiting on sockets takes.
static RUNTIME: LazyLock<Option<Runtime>> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).thread_name("aside").enable_all().build().ok()
});

/// As [`tokio::spawn`], on the thread beside. Must be short, and not compute: all such work of a process shares it.
/// Connections that are made there are read there.
pub fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    // It logs where its caller does: a test listens to its own thread only.
    let work = work.with_current_subscriber();
    match &*RUNTIME {
        Some(runtime) => runtime.spawn(work),
        None => tokio::spawn(work),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use testing::log::Log;

    use super::spawn;

    #[tokio::test]
    async fn work_goes_on_while_all_threads_of_the_caller_are_busy() {
        let (done, outcome) = mpsc::channel();
        let work = spawn(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            done.send("done").unwrap();
        });
        // Blocks the only thread of this runtime; a task of it would never run.
        assert_eq!(outcome.recv_timeout(Duration::from_secs(60)), Ok("done"));
        work.await.unwrap();
    }

    #[tokio::test]
    async fn work_logs_where_its_caller_does() {
        let (log, _listening) = Log::listen("info");
        spawn(async { tracing::info!("said beside") }).await.unwrap();
        assert!(log.text().contains("said beside"));
    }
}
