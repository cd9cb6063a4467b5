use app::api_key;
use kernel::clock::Clock;
use testing::database::TestDb;
use testing::redis::TestRedis;
use testing::world::World;

use crate::harness::client::client;
use crate::harness::process::Process;

#[tokio::test]
async fn a_process_that_is_asked_to_end_writes_what_it_counted() {
    let (db, redis) = tokio::join!(TestDb::new(), TestRedis::start());
    let now = Clock::system().now();
    let mut conn = db.pool.acquire().await.unwrap();
    let partner = World::new(&mut conn, now).await.partner("reseller").await;
    let key = api_key::key_text("local", rand::random());
    api_key::create(&mut conn, partner, "local", "test", &key, now)
        .await
        .unwrap();
    let mut api = Process::start(&db.url, [("REDIS_URL", redis.url())]).await;
    let http = client();
    let get = async |path: &str| {
        let request = http.get(format!("{}{path}", api.base)).header("x-api-key", &key);
        request.send().await.ok().map(|response| response.status().as_u16())
    };
    for _ in 0..300 {
        assert_eq!(get("/v2/cities").await, Some(200));
    }
    api.signal("-TERM").await;
    assert!(api.child.wait().await.unwrap().success());
    let counted: i64 = sqlx::query_scalar("select sum(catalogue)::bigint from partner_usage")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(counted, 300);
}
