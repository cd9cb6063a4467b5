//! The operation of the platform: queues, jobs, who takes part, and the trail of what was done. Who may call it is walked
//! in `authorisation`.

use domain::access::Workplace;
use domain::role::Role;
use serde_json::{Value, json};
use testing::world::World;

use crate::backoffice::support::Office;
use crate::harness::browser::Browser;

const WHY: &str = "The provider is back";

async fn data(browser: &Browser, path: &str) -> Value {
    let seen = browser.get(path).await;
    assert_eq!(seen.status, 200, "{path}: {}", seen.body);
    seen.body["data"].clone()
}

impl Office {
    /// Jobs in a state, each with an error of its own, the first the latest.
    async fn jobs(&self, state: &str, n: i32) {
        sqlx::query(
            "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, finished_at, created_at, last_error)
             select gen_random_uuid(), 'email', 'email_notification', '{}', $1, $3, 5, $3 - i * interval '1 minute', $3,
                    'refused by server ' || i
             from generate_series(1, $2) i",
        )
        .bind(state)
        .bind(n)
        .bind(self.clock.now())
        .execute(self.pool())
        .await
        .unwrap();
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.pool()).await.unwrap()
    }
}

#[tokio::test]
async fn an_operator_of_the_platform_signs_in_as_every_user_does() {
    let office = Office::open().await;
    let mut conn = office.pool().acquire().await.unwrap();
    let mut world = World::new(&mut conn, office.clock.now()).await;
    let accesses = [
        (Workplace::Platform, Role::Operator),
        (Workplace::Company(office.karpaty), Role::Admin),
    ];
    let user_id = world.person("olena@office.example", &accesses).await;
    world.password(user_id, "a-long-password").await;
    drop(conn);
    let browser = office.browser();
    let credentials = json!({ "email": "olena@office.example", "password": "a-long-password" });
    let seen = browser.post("/v2/auth/login", &credentials).await;
    seen.refused(400, "COMPANY_REQUIRED");
    let mut there = credentials.clone();
    there["companyId"] = "platform".into();
    let seen = browser.post("/v2/auth/login", &there).await;
    seen.status(200);
    let access = &seen.body["data"]["access"];
    let expected = json!({
        "contextType": "PLATFORM", "companyId": null, "partnerId": null, "name": "PREXSELL", "role": "OPERATOR", "company": null,
    });
    assert_eq!(*access, expected);
    browser.get("/v2/ops/queues").await.status(200);
    let seen = browser.get("/v2/orders").await;
    seen.refused(403, "FORBIDDEN");
    // The same person, elsewhere.
    let elsewhere = json!({ "companyId": office.karpaty.to_string() });
    browser.post("/v2/auth/switch-company", &elsewhere).await.status(200);
    let seen = browser.get("/v2/ops/queues").await;
    seen.refused(403, "FORBIDDEN");
    let back = json!({ "companyId": "platform" });
    browser.post("/v2/auth/switch-company", &back).await.status(200);
    browser.get("/v2/ops/queues").await.status(200);
}

#[tokio::test]
async fn a_queue_is_paused_once_and_the_trail_says_by_whom_and_why() {
    let office = Office::open().await;
    office.jobs("ready", 3).await;
    let operator = office.at_platform().await;
    let request = || {
        let url = format!("{}/v2/ops/queues/email/pause", operator.base);
        operator
            .http
            .post(url)
            .json(&json!({ "reason": WHY }))
            .header("idempotency-key", "once")
    };
    let first = operator.send(request()).await;
    first.status(200);
    let queue = &first.body["data"]["queue"];
    assert_eq!((&queue["name"], &queue["jobs"]["ready"]), (&json!("email"), &json!(3)));
    assert!(queue["pausedAt"].is_string());
    let second = operator.send(request()).await;
    assert_eq!(
        (second.body, second.headers.get("idempotent-replayed").is_some()),
        (first.body, true)
    );

    let queues = data(&operator, "/v2/ops/queues").await;
    let paused = queues["queues"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|queue| !queue["pausedAt"].is_null());
    assert_eq!(paused.count(), 1);
    let resumed = operator
        .post("/v2/ops/queues/email/resume", &json!({ "reason": "Enough" }))
        .await;
    assert_eq!(resumed.body["data"]["queue"]["pausedAt"], Value::Null);

    let trail = data(&operator, "/v2/ops/audit?subject=email").await;
    let entries = trail["entries"].as_array().unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (&entry["action"], &entry["reason"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("queue.resume"), &json!("Enough")),
            (&json!("queue.pause"), &json!(WHY))
        ]
    );
    assert!(entries[0]["actor"].as_str().unwrap().starts_with("usr_"));
    assert_eq!(entries[0]["requestId"], resumed.header("x-request-id"));
    for wrong in [json!({}), json!({ "reason": "  " }), json!({ "reason": "two\nlines" })] {
        let seen = operator.post("/v2/ops/queues/email/pause", &wrong).await;
        assert!(seen.fields()[0].starts_with("reason "), "{}", seen.body);
    }
}

#[tokio::test]
async fn jobs_are_found_by_their_error_counted_and_moved_if_the_count_still_holds() {
    let office = Office::open().await;
    office.jobs("dead", 12).await;
    let operator = office.at_platform().await;
    let errors = data(&operator, "/v2/ops/job-errors").await;
    assert_eq!(errors["errors"][0]["error"], "refused by server #");
    assert_eq!(errors["errors"][0]["count"], 12);
    let counted = data(&operator, "/v2/ops/job-count?state=dead&error=server%201").await;
    assert_eq!(counted, json!({ "count": 4, "mayBeMore": false }));
    let batch = |count: u32| {
        json!({
            "act": "retry", "state": "dead", "queue": "email", "error": "server 1", "count": count, "reason": WHY,
        })
    };
    let seen = operator.post("/v2/ops/job-batches", &batch(3)).await;
    seen.refused(409, "JOB_CONFLICT");
    assert_eq!(seen.body["errors"][0]["details"]["jobs"], 4);
    assert_eq!(office.count("select count(*) from jobs where state = 'ready'").await, 0);
    let seen = operator.post("/v2/ops/job-batches", &batch(4)).await;
    assert_eq!(
        (seen.status, &seen.body["data"]["count"]),
        (200, &json!(4)),
        "{}",
        seen.body
    );
    assert_eq!(office.count("select count(*) from jobs where state = 'ready'").await, 4);

    let ready = data(&operator, "/v2/ops/jobs?state=ready").await;
    for job in ready["jobs"].as_array().unwrap() {
        let id = job["id"].as_str().unwrap();
        let trail = data(&operator, &format!("/v2/ops/audit?subject={id}")).await;
        let [entry] = trail["entries"].as_array().unwrap().as_slice() else {
            panic!("one entry about {id}: {trail}")
        };
        assert_eq!(
            (&entry["action"], &entry["details"]["jobs"]),
            (&"job.retry".into(), &json!(4))
        );
        let story = data(&operator, &format!("/v2/ops/story/{id}")).await;
        let done = format!("it was retried by {}: {WHY}", entry["actorName"].as_str().unwrap());
        let mut entries = story["entries"].as_array().unwrap().iter();
        assert!(entries.any(|entry| entry["text"] == done), "{done} in {story}");
    }

    let mut wrong = batch(4);
    wrong["act"] = "cancel".into();
    let fields = operator.post("/v2/ops/job-batches", &wrong).await.fields();
    assert_eq!(fields, ["state enum"]);
    let mut wrong = batch(4);
    wrong["before"] = "2027-02-30T03:30:00Z".into();
    let fields = operator.post("/v2/ops/job-batches", &wrong).await.fields();
    assert_eq!(fields, ["before date-time"]);
    assert_eq!(office.count("select count(*) from audit_entries").await, 1);
}

#[tokio::test]
async fn a_list_of_jobs_goes_on_where_its_page_ended() {
    let office = Office::open().await;
    office.jobs("dead", 5).await;
    let operator = office.at_platform().await;
    let (mut errors, mut after) = (Vec::new(), String::new());
    loop {
        let page = data(&operator, &format!("/v2/ops/jobs?take=2{after}")).await;
        let jobs = page["jobs"].as_array().unwrap();
        errors.extend(jobs.iter().map(|job| job["lastError"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let expected: Vec<String> = (1..=5).map(|n| format!("refused by server {n}")).collect();
    assert_eq!(errors, expected);
    for wrong in [
        "nonsense",
        "1.job_1",
        "99999999999999999999.job_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a",
    ] {
        let seen = operator.get(&format!("/v2/ops/jobs?after={wrong}")).await;
        assert_eq!(seen.fields(), ["after cursor"], "{wrong}");
    }
    let seen = operator
        .get("/v2/ops/jobs?state=x&queue=x&stuck=x&take=x&before=x")
        .await;
    assert_eq!(seen.fields().len(), 5, "{}", seen.body);
    let running = data(&operator, "/v2/ops/jobs?stuck=true&state=running").await;
    assert_eq!(running, json!({ "jobs": [], "next": null }));
}

#[tokio::test]
async fn one_job_is_seen_retried_canceled_and_discarded() {
    let office = Office::open().await;
    office.jobs("dead", 1).await;
    let operator = office.at_platform().await;
    let page = data(&operator, "/v2/ops/jobs").await;
    let path = format!("/v2/ops/jobs/{}", page["jobs"][0]["id"].as_str().unwrap());
    assert_eq!(data(&operator, &path).await["job"]["state"], "dead");
    let reason = json!({ "reason": WHY });
    for (act, status, state) in [
        ("cancel", 409, "dead"),
        ("discard", 200, "canceled"),
        ("discard", 409, "canceled"),
        ("retry", 200, "ready"),
        ("retry", 409, "ready"),
        ("cancel", 200, "canceled"),
    ] {
        let seen = operator.post(&format!("{path}/{act}"), &reason).await;
        assert_eq!(seen.status, status, "{act}: {}", seen.body);
        assert_eq!(data(&operator, &path).await["job"]["state"], state, "{act}");
    }
    assert_eq!(office.count("select count(*) from audit_entries").await, 3);
}

#[tokio::test]
async fn partners_companies_processes_and_schedules_are_listed() {
    let office = Office::open().await;
    let operator = office.at_platform().await;
    let own = [(domain::rate_limit::Class::Search, "7/60".parse().unwrap())];
    let (now, by) = (office.clock.now(), testing::world::operator());
    app::rate_limit::set(office.pool(), now, &by, office.website, None, &own)
        .await
        .unwrap();
    let first = data(&operator, "/v2/ops/partners?take=1").await;
    assert_eq!(
        (&first["partners"][0]["slug"], &first["next"]),
        (&json!("reseller"), &json!("reseller"))
    );
    let second = data(&operator, "/v2/ops/partners?take=1&after=reseller").await;
    assert_eq!(
        (&second["partners"][0]["slug"], &second["next"]),
        (&json!("website"), &Value::Null)
    );
    let limits = second["partners"][0]["limits"].as_array().unwrap();
    let search = limits.iter().find(|limit| limit["class"] == "search").unwrap();
    assert_eq!(
        *search,
        json!({ "class": "search", "quota": 7, "windowSeconds": 60, "isOwn": true })
    );
    assert!(limits.iter().filter(|limit| limit["isOwn"] == true).count() == 1);
    let companies = data(&operator, "/v2/ops/companies").await;
    let slugs: Vec<&Value> = companies["companies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["slug"])
        .collect();
    assert_eq!(slugs, ["karpaty", "wisla"]);

    let process = ledger::process::enter(office.pool(), "email_worker 4711@mail-1")
        .await
        .unwrap();
    sqlx::query("insert into schedules (name, next_at) values ('order_sweep', now())")
        .execute(office.pool())
        .await
        .unwrap();
    let processes = data(&operator, "/v2/ops/processes").await;
    assert_eq!(processes["processes"][0]["id"], process.to_string());
    let queues = data(&operator, "/v2/ops/queues").await;
    assert_eq!(queues["queues"][0]["processes"], 1);
    let schedules = data(&operator, "/v2/ops/schedules").await;
    assert_eq!(schedules["schedules"][0]["name"], "order_sweep");
}
