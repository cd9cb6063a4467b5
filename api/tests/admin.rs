//! The admin command line, as operators run it: a process with arguments, settings, output and an exit code.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests, which may panic and print"
)]

use std::path::PathBuf;
use std::process::Stdio;

use common::domain::vault::{Purpose, Vault};
use common::id::FmsAccountId;
use common::testing::database::TestDb;
use common::testing::feed::TestFeed;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// What a run of the command left behind.
struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Operators with a database of their own.
struct Admin {
    db: TestDb,
}

impl Admin {
    async fn new() -> Self {
        Self {
            db: TestDb::new().await,
        }
    }

    async fn run_with(&self, args: &[&str], settings: &[(&str, &str)], input: &str) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_admin"))
            .args(args)
            .env_clear()
            .env("DATABASE_URL", &self.db.url)
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    async fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, &[], "").await
    }

    /// Runs a command that must succeed, and gives its first line.
    async fn ok(&self, args: &[&str]) -> String {
        let run = self.run(args).await;
        assert_eq!(run.code, 0, "{args:?}: {}", run.err);
        run.out.lines().next().unwrap_or_default().to_owned()
    }

    /// Runs a command that must fail, and gives its code and error.
    async fn fails(&self, args: &[&str]) -> (i32, String) {
        let run = self.run(args).await;
        assert_ne!(run.code, 0, "{args:?}: {}", run.out);
        (run.code, run.err.trim_end().to_owned())
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.pool).await.unwrap()
    }
}

#[tokio::test]
async fn companies_partners_keys_people_and_their_rules() {
    let admin = Admin::new().await;
    let company = [
        "create-company",
        "--slug",
        "acme",
        "--name",
        "Acme",
        "--time-zone",
        "Europe/Kyiv",
    ];
    assert!(admin.ok(&company).await.starts_with("cmp_"));
    assert_eq!(
        admin.fails(&company).await,
        (2, "admin: slug: company \"acme\" exists already".to_owned())
    );
    let (code, err) = admin
        .fails(&["create-company", "--slug", "A", "--name", " ", "--time-zone", "Mars"])
        .await;
    assert_eq!(code, 2);
    for field in ["slug:", "name:", "timeZone:"] {
        assert!(err.contains(field), "{err}");
    }

    assert!(
        admin
            .ok(&["create-partner", "--slug", "tickets", "--name", "Tickets"])
            .await
            .starts_with("prt_")
    );
    let key = admin
        .ok(&["create-api-key", "--partner", "tickets", "--name", "first"])
        .await;
    assert!(key.starts_with("pxs_local_") && key.len() == 10 + 64, "{key}");
    assert_ne!(
        key,
        admin
            .ok(&["create-api-key", "--partner", "tickets", "--name", "second"])
            .await
    );
    let listed = admin.run(&["list-keys", "--partner", "tickets"]).await;
    let keys: Vec<Vec<&str>> = listed.out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(keys.iter().map(|key| key[3]).collect::<Vec<_>>(), ["second", "first"]);
    let [id, hint, environment, _, created, used, revoked] = keys[1][..] else {
        panic!("{}", listed.out)
    };
    assert!(
        id.starts_with("key_") && key.starts_with(hint) && hint.len() == 14,
        "{hint}"
    );
    assert!(environment == "local" && created.starts_with("created 20") && created.ends_with('Z'));
    assert_eq!((used, revoked), ("last used -", "revoked -"));
    let live = "select count(*) from api_keys where revoked_at is null";
    for _ in 0..2 {
        assert_eq!(admin.ok(&["revoke-key", "--key", id]).await, "revoked");
        assert_eq!(admin.count(live).await, 1);
    }
    let last = admin.run(&["list-keys", "--partner", "tickets", "--limit", "1"]).await;
    assert!(
        last.out.contains("second") && !last.out.contains("first"),
        "{}",
        last.out
    );
    assert_eq!(last.err.trim_end(), "1 of 2 keys; --limit lists more");
    for unknown in ["key_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a", "first"] {
        let error = format!("admin: key: there is no key {unknown:?}");
        assert_eq!(admin.fails(&["revoke-key", "--key", unknown]).await, (2, error));
    }
    assert_eq!(admin.fails(&["list-keys", "--partner", "nobody"]).await.0, 2);

    let short = admin
        .fails(&[
            "create-api-key",
            "--partner",
            "tickets",
            "--name",
            "x",
            "--key",
            "short",
        ])
        .await;
    assert!(short.1.starts_with("admin: key:"), "{short:?}");
    let stored = "select count(*) from api_keys where octet_length(secret_hash) = 32";
    assert_eq!(admin.count(stored).await, 2);

    assert_eq!(
        admin
            .ok(&[
                "set-permissions",
                "--company",
                "acme",
                "--partner",
                "tickets",
                "--accesses",
                "SEARCH,BOOK"
            ])
            .await,
        "set"
    );
    let wrong = admin
        .fails(&[
            "set-permissions",
            "--company",
            "acme",
            "--partner",
            "tickets",
            "--accesses",
            "SELL",
        ])
        .await;
    assert!(wrong.1.contains("SEARCH BOOK CANCEL"), "{wrong:?}");

    assert_eq!(
        admin
            .ok(&["set-refund-rules", "--company", "acme", "72h:90%", "48h:10.00EUR"])
            .await,
        "set"
    );
    assert_eq!(
        admin
            .ok(&["set-refund-rules", "--company", "acme", "48h:10.00EUR", "72h:90%"])
            .await,
        "unchanged"
    );
    assert_eq!(
        admin
            .fails(&["set-refund-rules", "--company", "acme", "72h:190%"])
            .await
            .0,
        2
    );
    assert_eq!(admin.count("select count(*) from refund_rules").await, 2);

    let discount = [
        "create-discount",
        "--company",
        "acme",
        "--name",
        "Student",
        "--rule",
        "Percent",
        "--amount",
        "10",
    ];
    assert!(admin.ok(&discount).await.starts_with("dsc_"));
    assert_eq!(admin.fails(&discount).await.0, 2);
    let fixed = [
        "create-discount",
        "--company",
        "acme",
        "--name",
        "Welcome",
        "--rule",
        "Fixed",
        "--amount",
        "50",
    ];
    assert!(admin.fails(&fixed).await.1.contains("currency:"));

    assert_eq!(admin.ok(&["set-rate", "EUR", "UAH", "48.70"]).await, "set");
    assert_eq!(admin.ok(&["set-rate", "EUR", "UAH", "48.7"]).await, "unchanged");
    for wrong in [["EUR", "EUR", "1"], ["EUR", "UAH", "0"], ["GBP", "UAH", "1"]] {
        let args = [&["set-rate"], wrong.as_slice()].concat();
        assert_eq!(admin.fails(&args).await.0, 2, "{wrong:?}");
    }
}

#[tokio::test]
async fn passwords_come_by_standard_input_and_are_stored_as_argon2id() {
    let admin = Admin::new().await;
    admin
        .ok(&[
            "create-company",
            "--slug",
            "acme",
            "--name",
            "Acme",
            "--time-zone",
            "Europe/Kyiv",
        ])
        .await;
    let create = |access: &'static str| {
        [
            "create-user",
            "--email",
            "Ann@Example.com",
            "--first-name",
            "Ann",
            "--last-name",
            "Example",
            "--password-stdin",
            "--access",
            access,
        ]
    };
    let unknown = admin
        .run_with(&create("company:nobody:ADMIN"), &[], "correct horse\n")
        .await;
    assert_eq!(
        (unknown.code, admin.count("select count(*) from users").await),
        (2, 0),
        "{}",
        unknown.err
    );
    let weak = admin.run_with(&create("company:acme:ADMIN"), &[], "short\n").await;
    assert!(weak.code == 2 && weak.err.contains("password:"), "{}", weak.err);
    let done = admin
        .run_with(&create("company:acme:ADMIN"), &[], "correct horse\n")
        .await;
    assert!(done.code == 0 && done.out.starts_with("usr_"), "{}", done.err);
    let stored = "select count(*) from users u join accesses a on a.user_id = u.id
                  where u.email = 'ann@example.com' and u.password_hash like '$argon2id$%' and a.role = 'ADMIN'";
    assert_eq!(admin.count(stored).await, 1);
    assert_eq!(
        admin
            .run_with(&create("company:acme:ADMIN"), &[], "correct horse\n")
            .await
            .code,
        2
    );
}

#[tokio::test]
async fn feeds_are_imported_with_a_report_and_refused_with_a_reason() {
    let admin = Admin::new().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tiny.zip");
    let (zip, json) = (path.to_str().unwrap(), folder.path().join("report.json"));
    TestFeed::tiny()
        .replace("stop_times.txt", "day,08:00:00", "day,late")
        .write_zip(&path);
    let run = admin
        .run(&[
            "import-gtfs",
            zip,
            "--tariff",
            "EUR:2.00+0.055/km",
            "--report",
            json.to_str().unwrap(),
        ])
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    for line in [
        "feed tiny: new",
        "dated departures: 92",
        "rejected rows: 1",
        "stop_times.txt:2 \"late\" is not a time",
    ] {
        assert!(run.out.contains(line), "{}", run.out);
    }
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(report["findings"]["flaws"][0]["line"], 2);
    assert_eq!(
        admin
            .count("select count(*) from feeds where tariff_currency = 'EUR'")
            .await,
        1
    );

    let strict = admin.fails(&["import-gtfs", zip, "--strict"]).await;
    assert!(strict.0 == 1 && strict.1.contains("stop_times.txt:2"), "{strict:?}");
    TestFeed::tiny().file("../evil.txt", "x").write_zip(&path);
    let refused = admin.fails(&["import-gtfs", zip]).await;
    assert_eq!(
        refused,
        (
            1,
            "admin: archive refused: entry \"../evil.txt\" leads out of the archive".to_owned()
        )
    );
    assert_eq!(admin.fails(&["import-gtfs", zip, "--window", "soon"]).await.0, 2);
    assert_eq!(admin.fails(&["import-gtfs", "/nowhere.zip"]).await.0, 1);
}

#[tokio::test]
async fn settings_and_usage_are_checked() {
    let admin = Admin::new().await;
    let run = admin.run_with(&["migrate"], &[("DATABASE_URL", "mysql://x")], "").await;
    assert!(run.code == 2 && run.err.contains("DATABASE_URL"), "{}", run.err);
    assert_eq!(admin.fails(&["sell-everything"]).await.0, 2);
    let run = admin.run_with(&["seed-demo"], &[("API_KEY", "x")], "").await;
    assert!(
        run.code == 2 && run.err.contains("API_KEY_2") && run.err.contains("PARTNER_PASSWORD"),
        "{}",
        run.err
    );
    assert_eq!(
        admin.ok(&["migrate"]).await,
        "the database has the schema of this release"
    );
}

/// As in `create-fms-account`, with a company and a key.
async fn fms_account(admin: &Admin, args: &[&str], settings: &[(&str, &str)], input: &str) -> Run {
    let fixed = ["create-fms-account", "--company", "karpaty", "--name", "Main"];
    admin.run_with(&[&fixed, args].concat(), settings, input).await
}

#[tokio::test]
async fn a_fleet_account_is_created_once_with_its_token_sealed_and_its_list_asked_for() {
    let admin = Admin::new().await;
    admin
        .ok(&[
            "create-company",
            "--slug",
            "karpaty",
            "--name",
            "K",
            "--time-zone",
            "Europe/Kyiv",
        ])
        .await;
    let key = "0f".repeat(32);
    let wialon = ["--provider", "Wialon", "--url", "https://fleet.example"];
    let created = fms_account(&admin, &wialon, &[("VAULT_KEY", &key)], " 1234567890\n").await;
    assert_eq!(created.code, 0, "{}", created.err);
    let id: FmsAccountId = created.out.trim().parse().unwrap();
    let (sealed, poll_seconds): (Vec<u8>, i32) =
        sqlx::query_as("select token, poll_seconds from fms_accounts where id = $1")
            .bind(id)
            .fetch_one(&admin.db.pool)
            .await
            .unwrap();
    let vault = Vault::new(&key.clone().into()).unwrap();
    let token = vault.open(id, Purpose::Token, &sealed).unwrap();
    assert_eq!((token.expose_secret(), poll_seconds), ("1234567890", 30));
    let syncs = "select count(*) from jobs j join fms_accounts a on a.sync_job_key = j.dedupe_key
                 where j.kind = 'geolocation_sync' and j.state = 'ready'";
    assert_eq!(admin.count(syncs).await, 1);

    let settings = [("VAULT_KEY", key.as_str()), ("FMS_TOKEN", "0123")];
    let again = fms_account(&admin, &wialon, &settings, "").await;
    assert!(again.code == 2 && again.err.contains("name:"), "{}", again.err);
    for (args, settings, says) in [
        (&wialon[..], &settings[1..], "VAULT_KEY"),
        (&wialon[..], &settings[..1], "token:"),
        (
            &["--provider", "Gps", "--url", "https://x.example"][..],
            &settings[..],
            "Wialon",
        ),
        (&["--provider", "Wialon", "--url", "ftp://x"][..], &settings[..], "url:"),
        (
            &["--provider", "Wialon", "--url", "https://a:b@x.example"][..],
            &settings[..],
            "url:",
        ),
        (
            &[
                "--provider",
                "Wialon",
                "--url",
                "https://x.example",
                "--poll-seconds",
                "0",
            ][..],
            &settings[..],
            "pollSeconds:",
        ),
    ] {
        let refused = fms_account(&admin, args, settings, "").await;
        assert!(
            refused.code == 2 && refused.err.contains(says),
            "{says}: {}",
            refused.err
        );
        assert!(!refused.err.contains("0123"), "{}", refused.err);
    }
    assert_eq!(admin.count("select count(*) from fms_accounts").await, 1);
}

#[tokio::test]
async fn the_token_of_a_fleet_account_is_replaced() {
    let admin = Admin::new().await;
    let company = [
        "create-company",
        "--slug",
        "karpaty",
        "--name",
        "K",
        "--time-zone",
        "Europe/Kyiv",
    ];
    admin.ok(&company).await;
    let key = "0".repeat(64);
    let settings = [("VAULT_KEY", key.as_str())];
    let wialon = ["--provider", "Wialon", "--url", "https://fleet.example"];
    let created = fms_account(&admin, &wialon, &settings, "old").await;
    let id: FmsAccountId = created.out.trim().parse().unwrap();
    let replace = async |name: &str, settings: &[(&str, &str)], input: &str| {
        let args = ["replace-fms-token", "--company", "karpaty", "--name", name];
        admin.run_with(&args, settings, input).await
    };
    let replaced = replace("Main", &settings, "0123456789\n").await;
    assert_eq!(
        (replaced.code, replaced.out.trim()),
        (0, "replaced"),
        "{}",
        replaced.err
    );
    let sealed: Vec<u8> = sqlx::query_scalar("select token from fms_accounts")
        .fetch_one(&admin.db.pool)
        .await
        .unwrap();
    let token = Vault::new(&key.clone().into())
        .unwrap()
        .open(id, Purpose::Token, &sealed);
    assert_eq!(token.unwrap().expose_secret(), "0123456789");
    for (name, settings, input, says) in [
        ("Main", &settings[..], "", "token:"),
        ("Main", &[][..], "new", "VAULT_KEY"),
        ("Other", &settings[..], "new", "name:"),
    ] {
        let refused = replace(name, settings, input).await;
        assert!(
            refused.code == 2 && refused.err.contains(says),
            "{says}: {}",
            refused.err
        );
    }
}

/// The demo data: in the project, or in the shared folder beside it.
fn demo() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = [root.join("../data/demo"), root.join("../../shared/data/demo")];
    places
        .into_iter()
        .find(|place| place.join("demo-karpaty/agency.txt").exists())
}

#[tokio::test]
async fn the_demo_is_loaded_once_and_stays_as_people_change_it() {
    let Some(data) = demo() else {
        println!("skipped: the demo data is not there");
        return;
    };
    let admin = Admin::new().await;
    let vault_key = "0f".repeat(32);
    let settings = [
        ("API_KEY", "pxs_local_00000000"),
        ("API_KEY_2", "pxs_local_11111111"),
        ("BACKOFFICE_EMAIL", "demo@example.com"),
        ("BACKOFFICE_PASSWORD", "00123456"),
        ("PARTNER_EMAIL", "partner@example.com"),
        ("PARTNER_PASSWORD", "00123457"),
        ("VAULT_KEY", vault_key.as_str()),
        ("FMS_URL", "http://127.0.0.1:1"),
        ("FMS_TOKEN", "00123458"),
    ];
    let args = ["seed-demo", "--data", data.to_str().unwrap()];
    let first = admin.run_with(&args, &settings, "").await;
    assert_eq!(first.code, 0, "{}", first.err);
    assert_eq!(
        admin
            .count("select count(*) from trips where withdrawn_at is null")
            .await,
        36
    );
    assert_eq!(admin.count("select count(*) from fares").await, 218);
    assert_eq!(
        admin
            .count("select count(*) from companies where name not like '%SYNTHETIC%'")
            .await,
        0
    );
    assert_eq!(admin.count("select count(*) from stops where city_id is null").await, 0);
    let covered = "select count(*) from services s where exists (
                       select from unnest(s.days) day where day between current_date and current_date + 7)
                   and exists (select from unnest(s.days) day where day > current_date + 53)";
    assert_eq!(admin.count(covered).await, 7, "every service runs now and in 60 days");

    admin.ok(&["set-rate", "EUR", "UAH", "50"]).await;
    let version = admin.count("select version from publication").await;
    let second = admin.run_with(&args, &settings, "").await;
    assert_eq!(second.code, 0, "{}", second.err);
    let discounts = |run: &Run| {
        run.out
            .lines()
            .filter(|line| line.starts_with("discount"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(discounts(&first), discounts(&second));
    assert_eq!(admin.count("select version from publication").await, version);
    assert_eq!(
        admin.count("select count(*) from exchange_rates where rate = 50").await,
        1
    );
    assert_eq!(admin.count("select count(*) from api_keys").await, 2);
    assert_eq!(admin.count("select count(*) from fms_accounts").await, 3);
    assert_eq!(
        admin
            .count("select count(*) from jobs where kind = 'geolocation_sync'")
            .await,
        3
    );
}

#[tokio::test]
async fn the_old_api_is_closed_and_opened_for_a_partner() {
    let admin = Admin::new().await;
    admin
        .ok(&["create-partner", "--slug", "tickets", "--name", "Tickets"])
        .await;
    let closed = "select count(*) from legacy_windows where closed_at is not null and closed_by = 'administrator'";
    assert_eq!(admin.ok(&["close-legacy", "--partner", "tickets"]).await, "closed");
    assert_eq!(admin.count(closed).await, 1);
    assert_eq!(
        admin.ok(&["close-legacy", "--partner", "tickets"]).await,
        "was closed already"
    );
    assert_eq!(admin.ok(&["open-legacy", "--partner", "tickets"]).await, "open");
    assert_eq!(admin.count(closed).await, 0);
    let (code, err) = admin.fails(&["close-legacy", "--partner", "nobody"]).await;
    assert_eq!(
        (code, err.as_str()),
        (2, "admin: partner: there is no partner \"nobody\"")
    );
}
