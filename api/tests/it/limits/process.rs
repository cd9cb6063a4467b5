use std::time::Duration;

use common::app::api_key;
use common::clock::Clock;
use common::testing::database::TestDb;
use common::testing::eventually::eventually;
use common::testing::port;
use common::testing::redis::TestRedis;
use common::testing::world::World;
use tokio::process::Command;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

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
    let listen = port::free().to_string();
    let mut api = Command::new(env!("CARGO_BIN_EXE_api"))
        .env_clear()
        .env("DATABASE_URL", &db.url)
        .env("REDIS_URL", redis.url())
        .env("LISTEN", &listen)
        .env("OFFER_SECRET", SECRET)
        .env("SESSION_SECRET", SECRET)
        .env("LINK_SECRET", SECRET)
        .env("VAULT_KEY", common::testing::settings::VAULT_KEY)
        .env("STORAGE_URL", "file:///nonexistent")
        .env("LOG", "off")
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let get = async |path: &str| {
        let request = http.get(format!("http://{listen}{path}")).header("x-api-key", &key);
        request.send().await.ok().map(|response| response.status().as_u16())
    };
    let ready = || async { (get("/readyz").await == Some(200)).then_some(()) };
    eventually("the API is ready", Duration::from_secs(60), ready).await;
    for _ in 0..300 {
        assert_eq!(get("/v2/cities").await, Some(200));
    }
    let id = api.id().unwrap().to_string();
    Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
    assert!(api.wait().await.unwrap().success());
    let counted: i64 = sqlx::query_scalar("select sum(catalogue)::bigint from partner_usage")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(counted, 300);
}
