//! Larger batches for the ledger. A statement costs the database as much as several of its rows, so it should not be
//! sent for one row while others are about to come.

/// How many times the other tasks go first: a job passes through a few tasks from its start to its outcome.
const TURNS: u32 = 4;

/// Lets the tasks go first that are ready to run. It waits for no timer: if there are none, it returns at once.
pub async fn after_others() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;
    use tokio::task::yield_now;

    use super::after_others;

    #[tokio::test]
    async fn tasks_about_to_end_are_gathered() {
        let (sender, mut receiver) = mpsc::channel(8);
        for _ in 0..8 {
            let sender = sender.clone();
            tokio::spawn(async move {
                yield_now().await;
                sender.send(()).await.unwrap();
            });
        }
        after_others().await;
        let ended = std::iter::from_fn(|| receiver.try_recv().ok()).count();
        assert_eq!(ended, 8);
    }
}
