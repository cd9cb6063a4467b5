use testing::database::TestDb;

use crate::harness::operator::Operator;

/// Runs a command: exit code, output, error.
async fn admin(db: &TestDb, args: &[&str]) -> (i32, String, String) {
    let run = Operator::of(db).run(args).await;
    (run.code, run.out.trim_end().to_owned(), run.err.trim_end().to_owned())
}

#[tokio::test]
async fn limits_of_a_partner_are_set_and_taken_back() {
    let db = TestDb::new().await;
    admin(&db, &["create-partner", "--slug", "web", "--name", "Web"]).await;
    let set = async |more: &[&str]| {
        admin(&db, &[&["set-limits", "--partner", "web"], more].concat())
            .await
            .1
    };
    assert_eq!(set(&[]).await, "STANDARD");
    assert_eq!(
        set(&["--tier", "PREMIUM", "write=20/60", "search=100/60"]).await,
        "PREMIUM search=100/60 write=20/60"
    );
    assert_eq!(set(&["search=1/1"]).await, "PREMIUM search=1/1");
    assert_eq!(set(&["--tier", "STANDARD"]).await, "STANDARD");
}

#[tokio::test]
async fn invalid_limits_change_nothing() {
    let db = TestDb::new().await;
    admin(&db, &["create-partner", "--slug", "web", "--name", "Web"]).await;
    admin(&db, &["set-limits", "--partner", "web", "read=5/5"]).await;
    let cases: [(&[&str], &str); 6] = [
        (&["--partner", "web", "search=0/60"], "search=0/60"),
        (&["--partner", "web", "buy=1/60"], "buy=1/60"),
        (&["--partner", "web", "search"], "search"),
        (&["--partner", "web", "search=1/1", "search=2/1"], "twice"),
        (&["--partner", "web", "--tier", "GOLD"], "GOLD"),
        (&["--partner", "nobody", "search=1/1"], "nobody"),
    ];
    for (args, named) in cases {
        let (code, _, error) = admin(&db, &[&["set-limits"], args].concat()).await;
        assert_eq!(code, 2, "{error}");
        assert!(error.contains(named), "{error}");
    }
    let own: Vec<(String, i32)> = sqlx::query_as("select class, quota from partner_limits")
        .fetch_all(&db.pool)
        .await
        .unwrap();
    assert_eq!(own, [("read".to_owned(), 5)]);
}
