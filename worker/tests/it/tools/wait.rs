//! Waiting for jobs that a tool enqueued, with a real worker.

use apalis_core::backend::{Filter, ListTasks, ResumeById, TaskSink, WaitForCompletion};
use apalis_core::task::status::Status;
use apalis_core::task::task_id::TaskId;
use app::jobs::email_notification::EmailNotification;
use futures::StreamExt;

use super::{board, job, mails};
use crate::guarantees::support::Stage;

/// The task of the job that sends a notification.
async fn task_of(stage: &Stage, notification_id: &impl ToString) -> TaskId {
    let filter = Filter {
        status: None,
        page: 1,
        page_size: None,
    };
    let tasks = board(&stage.db.pool).list_tasks(&filter).await.unwrap();
    let task = tasks
        .into_iter()
        .find(|task| task.args.payload["notification_id"] == notification_id.to_string())
        .unwrap();
    task.ctx().task_id().unwrap().clone()
}

#[tokio::test]
async fn what_a_tool_enqueues_runs_and_is_waited_for() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let scripts = stage.scripts(&[&["ok"], &["fail", "ok"]]).await;
    let mut mails = mails(&stage.db.pool);
    for notification_id in scripts.iter().copied() {
        mails.push(EmailNotification { notification_id }).await.unwrap();
    }
    let (good, bad) = (task_of(&stage, &scripts[0]).await, task_of(&stage, &scripts[1]).await);
    let mut ends: Vec<_> = mails
        .wait_for([good.clone(), bad.clone()])
        .map(|end| end.unwrap())
        .collect()
        .await;
    ends.sort_by_key(|end| end.status.clone());
    assert_eq!(
        (&ends[0].task_id, &ends[0].status, &ends[0].result),
        (&good, &Status::Done, &Ok(()))
    );
    assert_eq!((&ends[1].task_id, &ends[1].status), (&bad, &Status::Killed));
    assert_eq!(ends[1].result, Err("as the script says".to_owned()));
    assert_eq!(ends.len(), 2);

    assert!(mails.resume_by_id(bad.clone()).await.unwrap());
    let end = mails.wait_for_single(bad).next().await.unwrap().unwrap();
    assert_eq!((end.status, end.result), (Status::Done, Ok(())));
    assert!(!mails.resume_by_id(good).await.unwrap());
}

#[tokio::test]
async fn of_jobs_that_are_not_over_there_is_no_result_and_unknown_ones_are_an_error() {
    let stage = Stage::new().await;
    let id = async |queue, state| TaskId::from_string(job(&stage.db, queue, state, 0).await);
    let (ready, done, canceled, of_viber) = (
        id("email", "ready").await,
        id("email", "done").await,
        id("email", "canceled").await,
        id("viber", "done").await,
    );
    let mut board = board(&stage.db.pool);
    let over = board
        .check_status([ready, done.clone(), of_viber.clone()])
        .await
        .unwrap();
    assert_eq!(over.len(), 1);
    assert_eq!(over[0].task_id, done);

    let ends: Vec<_> = board
        .wait_for([TaskId::from_string("no id at all"), of_viber, done, canceled])
        .map(|end| end.map(|end| end.status).map_err(|error| error.to_string()))
        .collect()
        .await;
    let mut ends: Vec<String> = ends.iter().map(|end| format!("{end:?}")).collect();
    ends.sort();
    assert_eq!(
        ends,
        [
            r#"Err("the job was not found")"#,
            r#"Err("the job was not found")"#,
            "Ok(Done)",
            "Ok(Killed)"
        ]
    );
}
