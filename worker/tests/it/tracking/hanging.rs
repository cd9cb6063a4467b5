//! A host of a tracking provider that hangs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use testing::eventually::eventually;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use super::{SOON, Stage};

/// A host that accepts requests and never answers; counts how many wait now, and the most that waited at a time.
async fn hanging_host() -> (String, Arc<(AtomicUsize, AtomicUsize)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let waiting = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let counts = Arc::clone(&waiting);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counts = Arc::clone(&counts);
            tokio::spawn(async move {
                let now = counts.0.fetch_add(1, Ordering::SeqCst) + 1;
                counts.1.fetch_max(now, Ordering::SeqCst);
                let mut bytes = [0; 4096];
                while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
                counts.0.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    (url, waiting)
}

/// Twelve accounts are at a host that hangs. They take three of the worker's four slots; an account at another host is
/// still polled.
#[tokio::test]
async fn a_host_that_hangs_does_not_take_every_slot() {
    let stage = Stage::with_slots(1, 4).await;
    let (url, waiting) = hanging_host().await;
    for tracking in 1..=12 {
        let (account, tracker) = stage.account(tracking, 1).await;
        sqlx::query("update tracking_accounts set url = $2 where id = $1")
            .bind(account)
            .bind(&url)
            .execute(&stage.db.pool)
            .await
            .unwrap();
        stage.toggle(tracker, true).await;
    }
    eventually("requests that hang", SOON, async || {
        (waiting.1.load(Ordering::SeqCst) >= 3).then_some(())
    })
    .await;
    let (_, tracker) = stage.account(0, 1).await;
    stage.toggle(tracker, true).await;
    stage.more_positions(tracker, 3).await;
    assert_eq!(waiting.1.load(Ordering::SeqCst), 3);
    let left_alone = "select count(*) from tracking_accounts where error_message like '%host of a tracking provider%'
                      and $1::uuid is not null";
    assert!(
        stage.scalar(left_alone, tracker.0).await > 0,
        "the others of that host wait"
    );
}
