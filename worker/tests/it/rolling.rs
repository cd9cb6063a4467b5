//! An upgrade: each process is replaced while partners sell, and no request or job is lost. It prints its figures.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::jobs::report_cleanup::ReportCleanup;
use app::jobs::ticket_sweep::TicketSweep;
use app::jobs::timetable_cleanup::TimetableCleanup;
use app::jobs::tracking_poll::TrackingPoll;
use domain::id::TrackingAccountId;
use kernel::clock::Clock;
use ledger::{Cause, NewJob};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use simulators::smtp::MailSimulator;
use simulators::viber::ViberSimulator;
use tempfile::TempDir;
use testing::eventually::eventually;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use self::took::Took;
use crate::traces::support::{LIMIT, Stand, client, end};

mod took;

/// How many partners make requests at a time.
const CLIENTS: usize = 4;

/// How many rounds, at least, are completed between two replacements, for each partner.
const ROUNDS: usize = 2;

/// The workers, one for each queue, in the order in which they are replaced.
const WORKERS: [&str; 6] = [
    env!("CARGO_BIN_EXE_email_worker"),
    env!("CARGO_BIN_EXE_viber_worker"),
    env!("CARGO_BIN_EXE_sweep_worker"),
    env!("CARGO_BIN_EXE_report_worker"),
    env!("CARGO_BIN_EXE_geo_worker"),
    env!("CARGO_BIN_EXE_timetable_worker"),
];

/// How often the load balancer asks an API whether it is ready.
const CHECKED: Duration = Duration::from_millis(100);

/// A load balancer before the APIs: it sends each request once, to the APIs that are ready, in turn.
#[derive(Default)]
struct Balancer {
    apis: Mutex<Vec<(String, bool)>>,
    turn: AtomicUsize,
}

impl Balancer {
    fn add(&self, base: &str) {
        self.apis.lock().unwrap().push((base.to_owned(), true));
    }

    fn remove(&self, base: &str) {
        self.apis.lock().unwrap().retain(|(api, _)| api != base);
    }

    async fn check(&self, http: &Client) {
        let apis = self.apis.lock().unwrap().clone();
        for (base, _) in apis {
            let answer = http.get(format!("{base}/readyz")).send().await;
            let is_ready = answer.is_ok_and(|answer| answer.status().is_success());
            let mut apis = self.apis.lock().unwrap();
            apis.iter_mut()
                .filter(|(api, _)| *api == base)
                .for_each(|api| api.1 = is_ready);
        }
    }

    fn next(&self) -> String {
        let apis = self.apis.lock().unwrap();
        let ready: Vec<&String> = apis
            .iter()
            .filter(|(_, is_ready)| *is_ready)
            .map(|(base, _)| base)
            .collect();
        assert!(!ready.is_empty(), "an upgrade leaves an API that is ready");
        ready[self.turn.fetch_add(1, Ordering::SeqCst) % ready.len()].clone()
    }
}

/// What the partners did.
#[derive(Default)]
struct Seen {
    bookings: Mutex<Vec<String>>,
    failures: Mutex<Vec<String>>,
    took: Took,
    rounds: AtomicUsize,
    is_over: AtomicBool,
}

/// A partner that sends each request once.
struct Partner {
    http: Client,
    key: String,
    search: String,
    balancer: Arc<Balancer>,
    seen: Arc<Seen>,
}

impl Partner {
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Option<Value> {
        let url = format!("{}{path}", self.balancer.next());
        let mut request = self.http.request(method.clone(), &url).header("x-api-key", &self.key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let began = Instant::now();
        let answered = async {
            let answer = request.send().await?;
            Ok::<_, reqwest::Error>((answer.status(), answer.text().await?))
        }
        .await;
        self.seen.took.note(began.elapsed());
        let failure = match answered {
            Ok((status, text)) if status.is_success() => return Some(serde_json::from_str(&text).unwrap()),
            Ok((status, text)) => format!("{method} {url}: {status} {text}"),
            Err(error) => format!("{method} {url}: {error:?}"),
        };
        self.seen.failures.lock().unwrap().push(failure);
        None
    }

    /// Searches, books, pays, reads and cancels, so that there is always a free seat.
    async fn round(&self) -> Option<()> {
        let found = self.ask(Method::GET, &self.search, None).await?;
        let offer = &found["data"]["offers"][0];
        let body = json!({
            "offerId": offer["id"],
            "currency": offer["prices"][0]["currency"],
            "passengers": [{ "firstName": "Olena", "lastName": "Koval", "email": "olena@example.com",
                             "phones": [{ "phone": "+380671234567", "messengers": ["Viber"] }] }],
        });
        let sold = self.ask(Method::POST, "/v2/bookings", Some(body)).await?;
        let id = sold["data"]["booking"]["id"].as_str().unwrap().to_owned();
        self.seen.bookings.lock().unwrap().push(id.clone());
        self.ask(Method::POST, &format!("/v2/bookings/{id}/pay"), None).await?;
        let read = self.ask(Method::GET, &format!("/v2/bookings/{id}"), None).await?;
        assert_eq!(read["data"]["booking"]["tickets"][0]["paymentStatus"], "Paid", "{read}");
        self.ask(Method::POST, &format!("/v2/bookings/{id}/cancel"), None)
            .await?;
        self.seen.rounds.fetch_add(1, Ordering::SeqCst);
        Some(())
    }
}

/// Writes a job for each queue that partners write none for.
async fn enqueue_others(stand: &Stand) {
    let now = Clock::system().now();
    // Nothing is requested for an account that does not exist.
    let account_id = TrackingAccountId::new();
    let jobs = [
        NewJob::new(&TicketSweep {}, now),
        NewJob::new(&ReportCleanup {}, now),
        NewJob::new(&TrackingPoll { account_id }, now),
        NewJob::new(&TimetableCleanup {}, now),
    ]
    .map(Result::unwrap);
    let mut conn = stand.db.pool.acquire().await.unwrap();
    ledger::enqueue(&mut conn, now, &Cause::default(), &jobs).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_under_load_loses_no_request_and_no_job() {
    let (stand, folder) = (Stand::new().await, TempDir::new().unwrap());
    let mails = MailSimulator::start(([127, 0, 0, 1], 0).into(), folder.path())
        .await
        .unwrap();
    let viber = ViberSimulator::start(([127, 0, 0, 1], 0).into(), "sesame".into())
        .await
        .unwrap();
    let store = TempDir::new().unwrap();
    let smtp_url = format!("smtp://{}", mails.address());
    let (viber_url, storage_url) = (viber.url(), format!("file://{}", store.path().display()));
    let variables = [
        ("SMTP_URL", &*smtp_url),
        ("VIBER_URL", &*viber_url),
        ("STORAGE_URL", &*storage_url),
        // At least as long as the load balancer may take to notice.
        ("SHUTDOWN_DELAY_SECONDS", "2"),
    ];
    let worker = |program: &str| stand.start(Command::new(program), &variables);
    let (balancer, seen) = (Arc::new(Balancer::default()), Arc::new(Seen::default()));
    let mut apis = vec![stand.api(&variables).await, stand.api(&variables).await];
    apis.iter().for_each(|api| balancer.add(&api.base));
    let mut scheduler = stand.scheduler(&variables);
    let mut workers: Vec<Child> = WORKERS.into_iter().map(worker).collect();

    let mut tasks = JoinSet::new();
    let (checked, over) = (Arc::clone(&balancer), Arc::clone(&seen));
    tasks.spawn(async move {
        let http = client();
        while !over.is_over.load(Ordering::SeqCst) {
            checked.check(&http).await;
            tokio::time::sleep(CHECKED).await;
        }
    });
    for _ in 0..CLIENTS {
        let partner = Partner {
            http: client(),
            key: stand.key.clone(),
            search: stand.search_path(),
            balancer: Arc::clone(&balancer),
            seen: Arc::clone(&seen),
        };
        tasks.spawn(async move {
            loop {
                if partner.seen.is_over.load(Ordering::SeqCst) || partner.round().await.is_none() {
                    break;
                }
            }
        });
    }
    let works = async |what: &str| {
        let before = seen.rounds.load(Ordering::SeqCst);
        eventually(what, LIMIT, async || {
            let failures = seen.failures.lock().unwrap().clone();
            assert_eq!(failures, [""; 0], "{what}");
            (seen.rounds.load(Ordering::SeqCst) >= before + CLIENTS * ROUNDS).then_some(())
        })
        .await;
    };
    works("sales before the upgrade").await;
    println!("before the upgrade: {}", seen.took.take());
    let upgrade = Instant::now();
    for _ in 0..2 {
        let mut old = apis.remove(0);
        end(&mut old.child).await;
        balancer.remove(&old.base);
        works("sales while an API is away").await;
        let new = stand.api(&variables).await;
        balancer.add(&new.base);
        apis.push(new);
        works("sales with the new API").await;
    }
    end(&mut scheduler).await;
    works("sales without a scheduler").await;
    scheduler = stand.scheduler(&variables);
    for (child, program) in workers.iter_mut().zip(WORKERS) {
        end(child).await;
        enqueue_others(&stand).await;
        works("sales without a worker").await;
        *child = worker(program);
    }
    println!("{:.0?} of upgrade: {}", upgrade.elapsed(), seen.took.take());
    works("sales after the upgrade").await;
    seen.is_over.store(true, Ordering::SeqCst);
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    assert_eq!(*seen.failures.lock().unwrap(), [""; 0]);

    // Each booking that was confirmed to a partner exists once; beside them there is only the one from before.
    let told = seen.bookings.lock().unwrap().clone();
    let sold: Vec<String> =
        sqlx::query_scalar("select 'bkg_' || replace(id::text, '-', '') from bookings where id <> $1 order by id")
            .bind(stand.sold.booking_id.0)
            .fetch_all(&stand.db.pool)
            .await
            .unwrap();
    let distinct: BTreeSet<&String> = told.iter().collect();
    assert_eq!(
        (told.len(), distinct.into_iter().collect::<Vec<_>>()),
        (sold.len(), sold.iter().collect())
    );
    // Each job is done; one that failed would stay.
    let over = Clock::system().now();
    let waiting = "select count(*) from jobs where created_at < $1 and state <> 'done'";
    eventually("all jobs are done", LIMIT, async || {
        let waiting: i64 = sqlx::query_scalar(waiting)
            .bind(over)
            .fetch_one(&stand.db.pool)
            .await
            .unwrap();
        (waiting == 0).then_some(())
    })
    .await;
    let (queues, jobs): (i64, i64) = sqlx::query_as("select count(distinct queue), count(*) from finished_jobs")
        .fetch_one(&stand.db.pool)
        .await
        .unwrap();
    println!("all {jobs} jobs are done, of {queues} queues");
    assert_eq!(queues, 6, "every worker had something to do");
    // Each message was sent once: created, paid, canceled.
    let (arrivals, messages) = (mails.arrivals(), viber.messages());
    assert_eq!((arrivals.len(), messages.len()), (3 * told.len(), 3 * told.len()));
    assert!(arrivals.values().all(|mail| mail.kept == 1), "{arrivals:?}");
    assert!(messages.iter().all(|message| message.times == 1), "{messages:?}");
    end(&mut scheduler).await;
    for child in &mut workers {
        end(child).await;
    }
}
