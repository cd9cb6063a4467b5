//! How many jobs of a queue were done recently.

use crate::backoffice::support::Office;

#[tokio::test]
async fn the_jobs_that_were_done_are_counted_by_minute() {
    let office = Office::open().await;
    let operator = office.at_platform().await;
    sqlx::query(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, finished_at)
         select gen_random_uuid(), queue, 'x', '{}', state, now(), 1, now(), $1 - age * interval '1 second'
         from (values ('email', 'done', 1), ('email', 'done', 59), ('email', 'done', 61), ('viber', 'done', 1799),
                      ('email', 'done', 1801), ('email', 'dead', 1)) as job (queue, state, age)",
    )
    .bind(office.clock.now())
    .execute(office.pool())
    .await
    .unwrap();
    let queues = operator.get("/v2/ops/queues").await.status(200).body["data"]["queues"].clone();
    let rate = |name: &str| {
        let queues = queues.as_array().unwrap();
        let queue = queues.iter().find(|queue| queue["name"] == name).unwrap();
        let rate = queue["donePerMinute"].as_array().unwrap().clone();
        rate.iter().map(|jobs| jobs.as_u64().unwrap()).collect::<Vec<_>>()
    };
    let with = |jobs: &[(usize, u64)]| {
        let mut minutes = vec![0; 30];
        jobs.iter().for_each(|(minute, count)| minutes[*minute] = *count);
        minutes
    };
    assert_eq!(rate("email"), with(&[(28, 1), (29, 2)]));
    assert_eq!(rate("viber"), with(&[(0, 1)]));
    assert_eq!(rate("sweep"), with(&[]));
}
