//! Accounts at tracking providers on the command line.

use domain::id::TrackingAccountId;
use domain::vault::{Purpose, Vault};
use secrecy::ExposeSecret as _;

use crate::harness::operator::{Operator, Run};

/// Runs `create-tracking-account` with these arguments, in addition to a company and a name.
async fn tracking_account(operator: &Operator, args: &[&str], settings: &[(&str, &str)], input: &str) -> Run {
    let fixed = ["create-tracking-account", "--company", "karpaty", "--name", "Main"];
    operator.run_with(&[&fixed, args].concat(), settings, input).await
}

#[tokio::test]
async fn a_tracking_account_is_created_once_with_its_token_sealed_and_its_list_asked_for() {
    let operator = Operator::new().await;
    operator
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
    let created = tracking_account(&operator, &wialon, &[("VAULT_KEY", &key)], " 1234567890\n").await;
    assert_eq!(created.code, 0, "{}", created.err);
    let id: TrackingAccountId = created.out.trim().parse().unwrap();
    let (sealed, poll_seconds): (Vec<u8>, i32) =
        sqlx::query_as("select token, poll_seconds from tracking_accounts where id = $1")
            .bind(id)
            .fetch_one(&operator.db.pool)
            .await
            .unwrap();
    let vault = Vault::new(&key.clone().into()).unwrap();
    let token = vault.open(id, Purpose::Token, &sealed).unwrap();
    assert_eq!((token.expose_secret(), poll_seconds), ("1234567890", 30));
    let syncs = "select count(*) from jobs j join tracking_accounts a on a.sync_job_key = j.dedupe_key
                 where j.kind = 'geolocation_sync' and j.state = 'ready'";
    assert_eq!(operator.count(syncs).await, 1);

    let settings = [("VAULT_KEY", key.as_str()), ("TRACKING_TOKEN", "0123")];
    let again = tracking_account(&operator, &wialon, &settings, "").await;
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
        let refused = tracking_account(&operator, args, settings, "").await;
        assert!(
            refused.code == 2 && refused.err.contains(says),
            "{says}: {}",
            refused.err
        );
        assert!(!refused.err.contains("0123"), "{}", refused.err);
    }
    assert_eq!(operator.count("select count(*) from tracking_accounts").await, 1);
}

#[tokio::test]
async fn the_token_of_a_tracking_account_is_replaced() {
    let operator = Operator::new().await;
    let company = [
        "create-company",
        "--slug",
        "karpaty",
        "--name",
        "K",
        "--time-zone",
        "Europe/Kyiv",
    ];
    operator.ok(&company).await;
    let key = "0".repeat(64);
    let settings = [("VAULT_KEY", key.as_str())];
    let wialon = ["--provider", "Wialon", "--url", "https://fleet.example"];
    let created = tracking_account(&operator, &wialon, &settings, "old").await;
    let id: TrackingAccountId = created.out.trim().parse().unwrap();
    let replace = async |name: &str, settings: &[(&str, &str)], input: &str| {
        let args = ["replace-tracking-token", "--company", "karpaty", "--name", name];
        operator.run_with(&args, settings, input).await
    };
    let replaced = replace("Main", &settings, "0123456789\n").await;
    assert_eq!(
        (replaced.code, replaced.out.trim()),
        (0, "replaced"),
        "{}",
        replaced.err
    );
    let stored = async || {
        let sealed: Vec<u8> = sqlx::query_scalar("select token from tracking_accounts")
            .fetch_one(&operator.db.pool)
            .await
            .unwrap();
        let vault = Vault::new(&key.clone().into()).unwrap();
        let token = vault.open(id, Purpose::Token, &sealed).unwrap();
        token.expose_secret().to_owned()
    };
    assert_eq!(stored().await, "0123456789");
    // The old name of the setting does, unless the new one is there.
    let mut renamed = vec![settings[0], ("FMS_TOKEN", "by-the-old-name")];
    for expected in ["by-the-old-name", "by-the-new-name"] {
        let replaced = replace("Main", &renamed, "").await;
        assert_eq!(replaced.code, 0, "{}", replaced.err);
        assert_eq!(stored().await, expected);
        renamed.push(("TRACKING_TOKEN", "by-the-new-name"));
    }
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
