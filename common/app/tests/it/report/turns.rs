//! Order of generation: a limited number of reports of a company at a time, identical requests once, no company before
//! the others.

use app::report;
use app::work::Work;
use chrono::Days;
use db::error::{AppError, Noun};
use domain::id::{CompanyId, ReportId};
use domain::report::DateField;
use futures::future::join_all;
use testing::world::World;

use crate::report::support::{Stage, cause};

/// Reports with a job, and the requests that the jobs come from; in the order of the requests.
async fn admitted(stage: &Stage) -> Vec<(String, Option<String>)> {
    sqlx::query_as(
        "select payload ->> 'report_id', request_id from jobs where kind = 'report_generate'
         order by payload ->> 'report_id'",
    )
    .fetch_all(stage.pool())
    .await
    .unwrap()
}

/// The n-th report that a company asks for.
async fn ask(stage: &Stage, company_id: CompanyId, n: u64) -> ReportId {
    let day = "2027-02-01".parse::<chrono::NaiveDate>().unwrap() + Days::new(n);
    let day = day.to_string();
    let new = stage.wish(company_id, &day, &day, DateField::CreatedAt);
    report::request(
        &Work::Own(stage.pool().clone()),
        &stage.clock,
        2,
        new,
        &cause(&format!("request-{n}")),
    )
    .await
    .unwrap()
    .id
}

#[tokio::test]
async fn a_company_has_two_made_at_a_time_and_the_next_follows_when_one_ends() {
    let stage = Stage::new().await;
    let mut asked = Vec::new();
    for n in 0..5 {
        asked.push(ask(&stage, stage.company(), n).await);
    }
    let with_jobs = async || -> Vec<String> { admitted(&stage).await.into_iter().map(|(id, _)| id).collect() };
    let names = |ids: &[ReportId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(with_jobs().await, names(&asked[..2]));
    for id in &asked {
        assert_eq!(stage.report(*id).await.status.word(), "Pending");
    }
    report::generate(&stage.generator(), asked[1]).await.unwrap();
    assert_eq!(with_jobs().await, names(&asked[..3]));
    report::generate(&stage.generator(), asked[0]).await.unwrap();
    assert_eq!(with_jobs().await, names(&asked[..4]));
    let third = &admitted(&stage).await[2];
    assert_eq!(third.1.as_deref(), Some("request-2"), "its own request caused it");
}

#[tokio::test]
async fn another_company_does_not_wait_behind_it() {
    let stage = Stage::new().await;
    let mut conn = stage.pool().acquire().await.unwrap();
    let mut world = World::new(&mut conn, stage.clock.now()).await;
    let wisla = world.company("wisla").await.id;
    drop(conn);
    for n in 0..10 {
        ask(&stage, stage.company(), n).await;
    }
    let other = ask(&stage, wisla, 0).await;
    let jobs = admitted(&stage).await;
    assert_eq!(jobs.len(), 3, "two of the first and the other's");
    assert_eq!(jobs[2].0, other.to_string());
}

#[tokio::test]
async fn the_same_request_again_is_the_same_report_until_it_ends() {
    let stage = Stage::new().await;
    let twins = join_all((0..8).map(|_| ask(&stage, stage.company(), 1))).await;
    assert!(twins.iter().all(|id| *id == twins[0]), "{twins:?}");
    assert_eq!(admitted(&stage).await.len(), 1);
    assert_eq!(
        report::list(stage.pool(), stage.company(), None, 50, 0)
            .await
            .unwrap()
            .1,
        1
    );
    let boarding = stage
        .ask_for("2027-02-02", "2027-02-02", DateField::DepartureDate)
        .await;
    assert_ne!(boarding.id, twins[0], "another date counts");
    report::generate(&stage.generator(), twins[0]).await.unwrap();
    assert_ne!(
        ask(&stage, stage.company(), 1).await,
        twins[0],
        "orders may have come since"
    );
}

#[tokio::test]
async fn concurrent_requests_and_ends_admit_at_most_two_and_forget_none() {
    let stage = Stage::new().await;
    let generator = stage.generator();
    let unfinished = "select count(*) from reports where status in ('Pending', 'Processing')";
    let at_a_time = "select count(*) from reports
                     where status in ('Pending', 'Processing') and admitted_at is not null";
    let count = async |sql| sqlx::query_scalar::<_, i64>(sql).fetch_one(stage.pool()).await.unwrap();
    let asking = join_all((0..16).map(|n| ask(&stage, stage.company(), n)));
    let making = async {
        let mut made = 0;
        while made < 16 {
            let waiting: Vec<uuid::Uuid> =
                sqlx::query_scalar("select id from reports where status = 'Pending' and admitted_at is not null")
                    .fetch_all(stage.pool())
                    .await
                    .unwrap();
            assert!(count(at_a_time).await <= 2);
            let ended = join_all(waiting.into_iter().map(|id| report::generate(&generator, ReportId(id)))).await;
            made += ended.into_iter().map(Result::unwrap).count();
            tokio::task::yield_now().await;
        }
    };
    let all = async { tokio::join!(asking, making) };
    tokio::time::timeout(std::time::Duration::from_secs(120), all)
        .await
        .expect("every report gets its turn");
    assert_eq!(count(unfinished).await, 0);
    assert_eq!(admitted(&stage).await.len(), 16);
}

#[tokio::test]
async fn a_limit_that_was_raised_is_used_up_with_the_next_end() {
    let stage = Stage::new().await;
    let mut asked = Vec::new();
    for n in 0..6 {
        asked.push(ask(&stage, stage.company(), n).await);
    }
    let generator = report::ReportGenerator {
        at_a_time: 4,
        ..stage.generator()
    };
    report::generate(&generator, asked[0]).await.unwrap();
    assert_eq!(admitted(&stage).await.len(), 5, "one ended, four are admitted");
}

#[tokio::test]
async fn another_companys_report_is_not_found() {
    let stage = Stage::new().await;
    let asked = stage.ask().await;
    let stranger = CompanyId::new();
    let unknown = |error| matches!(error, AppError::NotFound(Noun::Report));
    assert!(unknown(report::get(stage.pool(), stranger, asked).await.unwrap_err()));
    let link = report::link(stage.pool(), &stage.storage(), &stage.clock, stranger, asked).await;
    assert!(unknown(link.unwrap_err()));
    assert_eq!(
        report::list(stage.pool(), stranger, None, 50, 0).await.unwrap(),
        (Vec::new(), 0)
    );
}
