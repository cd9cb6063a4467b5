//! Jobs run although another Redis takes over, a cluster loses a node, or a pooler stands before the database.

use app::jobs::queue;
use app::jobs::viber_notification::ViberNotification;
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::{Cause, NewJob, Priority, enqueue};
use testing::eventually::eventually;
use testing::pgbouncer::PgBouncer;
use testing::proxy::TestProxy;
use testing::redis::{TestCluster, TestRedis, TestSentinel, user};

use crate::guarantees::support::{SOON, Stage};

const DONE: &str = "select count(*) from all_jobs where queue = 'email' and state = 'done'";
const SENT: &str = "select count(*) from jobs where queue = 'email' and state = 'sent'";
const RUNS: &str = "select count(*) from starts";

#[tokio::test]
async fn after_each_of_two_failovers_jobs_run_again() {
    let mut stage = Stage::new().await;
    let standby = TestRedis::start().await;
    let proxy = TestProxy::start(stage.redis.port()).await;
    stage.redis_url = format!("redis://{}/", proxy.address());
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    stage.enqueue(&[&["ok"] as &[&str]; 10]).await;
    stage.until(SOON, DONE, 10).await;
    for (new, old, done) in [(&standby, &stage.redis, 20), (&stage.redis, &standby, 30)] {
        new.follow(old).await;
        new.lead().await;
        old.follow(new).await;
        proxy.point_at(new.port());
        stage.enqueue(&[&["ok"] as &[&str]; 10]).await;
        stage.until(SOON, DONE, done).await;
    }
    assert_eq!(stage.count(RUNS).await, 30);
    assert!(worker.is_running());
}

#[tokio::test]
async fn jobs_missing_on_the_new_primary_are_sent_again() {
    let mut stage = Stage::new().await;
    let new = TestRedis::start().await;
    let proxy = TestProxy::start(stage.redis.port()).await;
    stage.redis_url = format!("redis://{}/", proxy.address());
    let _scheduler = stage.scheduler().await;
    stage.enqueue(&[&["ok"]]).await;
    stage.until(SOON, SENT, 1).await;
    // The new Redis knows the epoch and what was sent first, but nothing later.
    new.follow(&stage.redis).await;
    new.lead().await;
    stage.enqueue(&[&["ok"] as &[&str]; 9]).await;
    stage.until(SOON, SENT, 10).await;
    proxy.point_at(new.port());
    stage.redis.follow(&new).await;
    let _worker = stage.worker(4, 5);
    stage.until(SOON, DONE, 10).await;
    assert_eq!(stage.count(RUNS).await, 10);
}

#[tokio::test]
async fn a_sentinel_leads_to_the_redis_that_took_over() {
    let mut stage = Stage::new().await;
    let replica = TestRedis::start().await;
    replica.follow(&stage.redis).await;
    let sentinel = TestSentinel::start(&stage.redis).await;
    stage.redis_url = sentinel.url();
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    let before = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, before, "done").await;
    stage.redis.kill().await;
    sentinel.until_primary(&replica).await;
    let after = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, after, "done").await;
    assert!(worker.is_running());
}

#[tokio::test]
async fn on_a_cluster_jobs_of_all_queues_are_sent_and_run_also_after_a_node_was_lost() {
    let mut stage = Stage::new().await;
    let mut cluster = TestCluster::start().await;
    stage.redis_url = cluster.url();
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    let notification_id = NotificationId::new();
    let viber = NewJob::new(&ViberNotification { notification_id }, Clock::system().now()).unwrap();
    let mut conn = stage.db.pool.acquire().await.unwrap();
    enqueue(&mut conn, Clock::system().now(), &Cause::default(), &[viber])
        .await
        .unwrap();
    let before = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, before, "done").await;
    let redis = connect::redis::connect(&cluster.url().into()).unwrap();
    eventually("the job of another queue, on another node", SOON, async || {
        let mut length = redis::cmd("LLEN");
        length.arg(queue::VIBER.list(Priority::Normal));
        let length: i64 = length.query_async(&mut redis.clone()).await.unwrap();
        (length == 1).then_some(())
    })
    .await;
    for lost in 0..3 {
        cluster.nodes[lost].kill().await;
        cluster.nodes[lost].restart().await;
        cluster.agree().await;
        let after = stage.enqueue(&[&["ok"]]).await[0];
        stage.until_state(SOON, after, "done").await;
    }
    assert!(worker.is_running());
}

#[tokio::test]
async fn with_sentinels_jobs_run_as_the_users_of_the_documentation() {
    let mut stage = Stage::new().await;
    let arguments = user::arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (mut primary, replica) = tokio::join!(TestRedis::start_with(&arguments), TestRedis::start_with(&arguments));
    replica.follow(&primary).await;
    let sentinel = TestSentinel::start_with(&primary, &user::of_sentinels()).await;
    stage.redis_url = format!("{}{}", user::in_url(&sentinel.url()), user::AT_SENTINELS);
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    let before = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, before, "done").await;
    assert_eq!(primary.refusals().await, Vec::<String>::new());
    primary.kill().await;
    sentinel.until_primary(&replica).await;
    let after = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, after, "done").await;
    assert!(worker.is_running());
    assert_eq!(replica.refusals().await, Vec::<String>::new());
    assert_eq!(sentinel.refusals().await, Vec::<String>::new());
    // Without the user, a server would take a connection as the default user.
    for password in ["secret", "hidden"] {
        is_refused_without(&stage.redis_url, password).await;
    }
}

#[tokio::test]
async fn on_a_cluster_jobs_run_as_the_user_of_the_documentation() {
    let mut stage = Stage::new().await;
    let cluster = TestCluster::start_with(&user::arguments()).await;
    stage.redis_url = user::in_url(&cluster.url());
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    let job = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, job, "done").await;
    assert!(worker.is_running());
    for node in &cluster.nodes {
        assert_eq!(node.refusals().await, Vec::<String>::new());
    }
    is_refused_without(&stage.redis_url, "secret").await;
}

/// Checks that a wrong password in place of this one does not connect.
async fn is_refused_without(url: &str, password: &str) {
    let redis = connect::redis::connect(&url.replace(password, "wrong").into()).unwrap();
    redis.prove(&[queue::EMAIL.list(Priority::Normal)]).await.unwrap_err();
}

#[tokio::test]
async fn a_pooler_that_keeps_sessions_may_stand_before_the_database() {
    let mut stage = Stage::new().await;
    let settings = "pool_mode = session\ndefault_pool_size = 100";
    let Some(bouncer) = PgBouncer::start(&stage.db.url, settings).await else {
        return;
    };
    stage.database_url = bouncer.url().to_owned();
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    stage.enqueue(&[&["retry", "ok"], &["ok"], &["panic", "ok"]]).await;
    stage.until(SOON, DONE, 3).await;
    assert!(worker.is_running());
}
