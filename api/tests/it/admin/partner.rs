//! Companies, partners, API keys, users, and permissions on the command line.

use crate::harness::operator::Operator;

#[tokio::test]
async fn companies_partners_keys_people_and_their_rules() {
    let operator = Operator::new().await;
    let company = [
        "create-company",
        "--slug",
        "acme",
        "--name",
        "Acme",
        "--time-zone",
        "Europe/Kyiv",
    ];
    assert!(operator.ok(&company).await.starts_with("cmp_"));
    assert_eq!(
        operator.fails(&company).await,
        (2, "admin: slug: must be unique: \"acme\" already exists".to_owned())
    );
    let (code, err) = operator
        .fails(&[
            "create-company",
            "--slug",
            "A",
            "--name",
            " ",
            "--time-zone",
            "Mars",
            "--email",
            "a@localhost",
        ])
        .await;
    assert_eq!(code, 2);
    for field in ["slug:", "name:", "timeZone:", "email:"] {
        assert!(err.contains(field), "{err}");
    }

    assert!(
        operator
            .ok(&["create-partner", "--slug", "tickets", "--name", "Tickets"])
            .await
            .starts_with("prt_")
    );
    let key = operator
        .ok(&["create-api-key", "--partner", "tickets", "--name", "first"])
        .await;
    assert!(key.starts_with("pxs_local_") && key.len() == 10 + 64, "{key}");
    assert_ne!(
        key,
        operator
            .ok(&["create-api-key", "--partner", "tickets", "--name", "second"])
            .await
    );
    let listed = operator.run(&["list-keys", "--partner", "tickets"]).await;
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
        assert_eq!(operator.ok(&["revoke-key", "--key", id]).await, "revoked");
        assert_eq!(operator.count(live).await, 1);
    }
    let revoked = "select count(*) from audit_entries where action = 'api_key.revoked' and actor like 'cli:%'";
    assert_eq!(operator.count(revoked).await, 1);
    let last = operator
        .run(&["list-keys", "--partner", "tickets", "--limit", "1"])
        .await;
    assert!(
        last.out.contains("second") && !last.out.contains("first"),
        "{}",
        last.out
    );
    assert_eq!(last.err.trim_end(), "1 of 2 keys; --limit lists more");
    for unknown in ["key_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a", "first"] {
        let error = format!("admin: key: must be the id of a key, not {unknown:?}");
        assert_eq!(operator.fails(&["revoke-key", "--key", unknown]).await, (2, error));
    }
    assert_eq!(operator.fails(&["list-keys", "--partner", "nobody"]).await.0, 2);

    let short = operator
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
    assert_eq!(operator.count(stored).await, 2);

    assert_eq!(
        operator
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
    let wrong = operator
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
        operator
            .ok(&["set-refund-rules", "--company", "acme", "72h:90%", "48h:10.00EUR"])
            .await,
        "set"
    );
    assert_eq!(
        operator
            .ok(&["set-refund-rules", "--company", "acme", "48h:10.00EUR", "72h:90%"])
            .await,
        "unchanged"
    );
    assert_eq!(
        operator
            .fails(&["set-refund-rules", "--company", "acme", "72h:190%"])
            .await
            .0,
        2
    );
    assert_eq!(operator.count("select count(*) from refund_rules").await, 2);

    // What changed something is in the audit trail, the rest is not.
    for action in ["permission.changed", "refund_rules.changed"] {
        let trail = operator.run(&["audit"]).await.out;
        assert_eq!(trail.matches(action).count(), 1, "{trail}");
    }

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
    assert!(operator.ok(&discount).await.starts_with("dsc_"));
    assert_eq!(operator.fails(&discount).await.0, 2);
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
    assert!(operator.fails(&fixed).await.1.contains("currency:"));

    assert_eq!(operator.ok(&["set-rate", "EUR", "UAH", "48.70"]).await, "set");
    assert_eq!(operator.ok(&["set-rate", "EUR", "UAH", "48.7"]).await, "unchanged");
    for wrong in [["EUR", "EUR", "1"], ["EUR", "UAH", "0"], ["GBP", "UAH", "1"]] {
        let args = [&["set-rate"], wrong.as_slice()].concat();
        assert_eq!(operator.fails(&args).await.0, 2, "{wrong:?}");
    }
}

#[tokio::test]
async fn passwords_come_by_standard_input_and_are_stored_as_argon2id() {
    let operator = Operator::new().await;
    operator
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
    let unknown = operator
        .run_with(&create("company:nobody:ADMIN"), &[], "correct horse\n")
        .await;
    assert_eq!(
        (unknown.code, operator.count("select count(*) from users").await),
        (2, 0),
        "{}",
        unknown.err
    );
    let mut nameless = create("company:acme:ADMIN");
    (nameless[2], nameless[4]) = ("a@[192.0.2.1]", "\u{200b}");
    let nameless = operator.run_with(&nameless, &[], "correct horse\n").await;
    assert!(
        nameless.code == 2 && nameless.err.contains("email:") && nameless.err.contains("firstName:"),
        "{}",
        nameless.err
    );
    let weak = operator.run_with(&create("company:acme:ADMIN"), &[], "short\n").await;
    assert!(weak.code == 2 && weak.err.contains("password:"), "{}", weak.err);
    let done = operator
        .run_with(&create("company:acme:ADMIN"), &[], "correct horse\n")
        .await;
    assert!(done.code == 0 && done.out.starts_with("usr_"), "{}", done.err);
    let stored = "select count(*) from users u join accesses a on a.user_id = u.id
                  where u.email = 'ann@example.com' and u.password_hash like '$argon2id$%' and a.role = 'ADMIN'";
    assert_eq!(operator.count(stored).await, 1);
    assert_eq!(
        operator
            .run_with(&create("company:acme:ADMIN"), &[], "correct horse\n")
            .await
            .code,
        2
    );
}

#[tokio::test]
async fn the_old_api_is_closed_and_opened_for_a_partner() {
    let operator = Operator::new().await;
    operator
        .ok(&["create-partner", "--slug", "tickets", "--name", "Tickets"])
        .await;
    let closed = "select count(*) from legacy_windows where closed_at is not null and closed_by = 'administrator'";
    assert_eq!(operator.ok(&["close-legacy", "--partner", "tickets"]).await, "closed");
    assert_eq!(operator.count(closed).await, 1);
    assert_eq!(
        operator.ok(&["close-legacy", "--partner", "tickets"]).await,
        "was closed already"
    );
    assert_eq!(operator.ok(&["open-legacy", "--partner", "tickets"]).await, "open");
    assert_eq!(operator.count(closed).await, 0);
    let (code, err) = operator.fails(&["close-legacy", "--partner", "nobody"]).await;
    assert_eq!(
        (code, err.as_str()),
        (2, "admin: partner: must be the slug of a partner, not \"nobody\"")
    );
}
