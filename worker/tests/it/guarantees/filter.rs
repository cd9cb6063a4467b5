//! Actions on all jobs that match a filter: the jobs are counted first, then changed.

use app::jobs::queue;
use app::ops::job as ops;
use app::work::Work;
use db::error::AppError;
use kernel::clock::Clock;
use ledger::handle::Act;
use ledger::inspect::{self, Filter, State};

use crate::guarantees::handling::an_operator;
use crate::guarantees::support::Stage;

#[tokio::test]
async fn what_a_filter_names_is_moved_if_it_is_as_much_as_was_counted() {
    let stage = Stage::new().await;
    stage.made_up("dead", 30).await;
    stage.made_up("ready", 5).await;
    let (work, by, now) = (Work::Own(stage.db.pool.clone()), an_operator(), Clock::system().now());
    let mut conn = stage.db.pool.acquire().await.unwrap();

    let dead = Filter::new(State::Dead, &queue::ALL);
    let groups = inspect::errors(&mut conn, &dead).await.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!((groups[0].error.as_str(), groups[0].jobs), ("refused by server #", 30));

    let with = |error: &str| Filter {
        error: Some(error.to_owned()),
        ..Filter::new(State::Dead, &queue::ALL)
    };
    let count = async |filter: &Filter| ops::count(&stage.db.pool, filter).await.unwrap().jobs;
    assert_eq!(
        count(&with("refused by server #")).await,
        30,
        "the pattern of a group names it"
    );
    assert_eq!(count(&with("server 3")).await, 2, "3 and 30");
    assert_eq!(count(&with("%")).await, 0, "nothing in it is a wildcard of SQL");
    let old = Filter {
        before: Some(now - chrono::TimeDelta::minutes(20)),
        ..Filter::new(State::Dead, &queue::ALL)
    };
    let of_old = count(&old).await;
    assert!((10..=11).contains(&of_old), "{of_old}");
    let other = Filter::new(State::Dead, &[queue::VIBER]);
    assert_eq!(count(&other).await, 0);

    let refused = ops::act_on_all(&work, now, &by, Act::Retry, &with("server 3"), Some(3)).await;
    assert!(matches!(refused, Err(AppError::JobConflict { jobs: 2 })), "{refused:?}");
    let refused = ops::act_on_all(&work, now, &by, Act::Cancel, &with("server 3"), Some(2)).await;
    assert!(matches!(refused, Err(AppError::Validation(_))), "{refused:?}");
    assert_eq!(stage.count("select count(*) from audit_entries").await, 0);

    let retried = ops::act_on_all(&work, now, &by, Act::Retry, &with("server 3"), Some(2)).await;
    assert_eq!(retried.unwrap(), 2);
    assert_eq!(stage.count("select count(*) from jobs where state = 'ready'").await, 7);
    // Without a number, the action leaves out jobs that another transaction is changing.
    let mut held = stage.db.pool.begin().await.unwrap();
    sqlx::query("select from jobs where state = 'dead' and last_error like '%refused%' limit 1 for update")
        .execute(&mut *held)
        .await
        .unwrap();
    let refused = ops::act_on_all(&work, now, &by, Act::Discard, &with("refused"), Some(28)).await;
    assert!(
        matches!(refused, Err(AppError::JobConflict { jobs: 27 })),
        "{refused:?}"
    );
    let discarded = ops::act_on_all(&work, now, &by, Act::Discard, &with("refused"), None).await;
    assert_eq!(discarded.unwrap(), 27);
    let discarded = ops::act_on_all(&work, now, &by, Act::Discard, &with("refused"), None).await;
    assert_eq!(discarded.unwrap(), 0, "the one that is left is held");
    held.rollback().await.unwrap();
    let discarded = ops::act_on_all(&work, now, &by, Act::Discard, &with("refused"), None).await;
    assert_eq!(discarded.unwrap(), 1);
    assert_eq!(
        stage.count("select count(*) from jobs where state = 'canceled'").await,
        28
    );
    let sql = "select count(*) from audit_entries where actor = 'cli:olena' and reason = 'a test'
               and (action, details ->> 'jobs') in (('job.retry', '2'), ('job.discard', '27'), ('job.discard', '1'))";
    assert_eq!(stage.count(sql).await, 3);
    assert_eq!(stage.count("select count(*) from audit_entries").await, 3);
    assert_eq!(stage.count("select count(*) from audit_jobs").await, 30);
}
