//! What commands that set a platform up leave in the audit trail.

use serde_json::{Value, json};
use tempfile::TempDir;
use testing::feed::TestFeed;

use crate::harness::operator::Operator;

/// An entry: action, actor, subject, reason and details.
type Entry = (String, String, String, String, Value);

impl Operator {
    /// Runs a command as an operator with a name and a reason.
    async fn does(&self, args: &[&str]) -> String {
        let settings = [
            ("VAULT_KEY", "0f".repeat(32)),
            ("TRACKING_TOKEN", "0123456789".to_owned()),
        ];
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let args = [args, &["--by", "olena", "--reason", "a new partner"]].concat();
        let run = self.run_with(&args, &settings, "").await;
        assert_eq!(run.code, 0, "{args:?}: {}", run.err);
        run.out.lines().next().unwrap_or_default().to_owned()
    }

    async fn trail(&self) -> Vec<Entry> {
        sqlx::query_as("select action, actor, subject, reason, details from audit_entries order by id")
            .fetch_all(&self.db.pool)
            .await
            .unwrap()
    }
}

/// Creates a company with a tracking account, and a partner with limits.
async fn set_up(operator: &Operator) -> (String, String, String) {
    let slug = ["create-company", "--slug", "karpaty", "--name", "Karpaty"];
    let company = operator
        .does(&[&slug[..], &["--time-zone", "Europe/Kyiv"]].concat())
        .await;
    let partner = operator
        .does(&["create-partner", "--slug", "shop", "--name", "Shop"])
        .await;
    for _ in 0..2 {
        operator.does(&["set-rate", "EUR", "UAH", "48.70"]).await;
    }
    operator
        .does(&["set-limits", "--partner", "shop", "search=100/60"])
        .await;
    for _ in 0..2 {
        operator.does(&["close-legacy", "--partner", "shop"]).await;
    }
    operator.does(&["open-legacy", "--partner", "shop"]).await;
    let account = ["create-tracking-account", "--company", "karpaty", "--name", "Main"];
    let wialon = ["--provider", "Wialon", "--url", "https://fleet.example"];
    let account = operator.does(&[&account[..], &wialon].concat()).await;
    operator
        .does(&["replace-tracking-token", "--company", "karpaty", "--name", "Main"])
        .await;
    (company, partner, account)
}

#[tokio::test]
async fn setting_up_a_platform_is_in_the_audit_trail() {
    let operator = Operator::new().await;
    let (company, partner, account) = set_up(&operator).await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tiny.zip");
    TestFeed::tiny().write_zip(&path);
    let import = ["import-gtfs", path.to_str().unwrap()];
    operator.does(&[&import[..], &["--dry-run"]].concat()).await;
    for _ in 0..2 {
        operator.does(&import).await;
    }
    operator.does(&["rename-feed", "tiny", "small"]).await;
    operator.does(&["withdraw-feed", "small"]).await;

    let (partner, account) = (partner.as_str(), account.as_str());
    let place = json!({ "place": company });
    let expected = [
        ("company.created", company.as_str(), json!({})),
        ("partner.created", partner, json!({})),
        ("rate.changed", "EUR/UAH", json!({ "rate": "48.7" })),
        (
            "limits.changed",
            partner,
            json!({ "tier": null, "limits": ["search=100/60"] }),
        ),
        ("legacy.closed", partner, json!({})),
        ("legacy.opened", partner, json!({})),
        ("tracking_account.created", account, place.clone()),
        ("tracking_account.token", account, place),
        ("feed.imported", "tiny", json!({ "isNew": true })),
        ("feed.renamed", "small", json!({ "from": "tiny" })),
        ("feed.withdrawn", "small", json!({ "trips": 2, "tickets": 0 })),
    ];
    let trail = operator.trail().await;
    let told: Vec<(&str, &str, Value)> = trail
        .iter()
        .map(|(action, _, subject, _, details)| (action.as_str(), subject.as_str(), details.clone()))
        .collect();
    assert_eq!(told, expected);
    for (action, actor, _, reason, _) in &trail {
        assert_eq!(
            (actor.as_str(), reason.as_str()),
            ("cli:olena", "a new partner"),
            "{action}"
        );
    }
}

#[tokio::test]
async fn in_production_nothing_changes_without_a_reason_and_a_name() {
    let operator = Operator::new().await;
    let create = ["create-partner", "--slug", "shop", "--name", "Shop"];
    let production = [("ENVIRONMENT", "production")];
    for (missing, given) in [("--reason", ["--by", "olena"]), ("--by", ["--reason", "a new partner"])] {
        let run = operator
            .run_with(&[&create[..], &given].concat(), &production, "")
            .await;
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(run.err.contains(missing), "{}", run.err);
    }
    assert_eq!(operator.count("select count(*) from partners").await, 0);
    let given = ["--by", "olena", "--reason", "a new partner"];
    let run = operator
        .run_with(&[&create[..], &given].concat(), &production, "")
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    // Elsewhere scripts need neither.
    operator.ok(&["create-partner", "--slug", "web", "--name", "Web"]).await;
    let told: Vec<(String, String)> = operator
        .trail()
        .await
        .into_iter()
        .map(|(_, actor, _, reason, _)| (actor, reason))
        .collect();
    let told: Vec<(&str, &str)> = told.iter().map(|(actor, reason)| (&**actor, &**reason)).collect();
    assert_eq!(told, [("cli:olena", "a new partner"), ("cli:unknown", "not stated")]);
}

#[tokio::test]
async fn an_import_that_changes_cities_is_in_the_audit_trail() {
    let operator = Operator::new().await;
    let folder = TempDir::new().unwrap();
    let cities = folder.path().join("cities.csv");
    std::fs::write(
        &cities,
        "geonameid,slug,name,country,timezone,lat,lon,population\n\
         703448,kyiv,Kyiv,UA,Europe/Kyiv,50.45466,30.5238,2952301\n\
         702550,lviv,Lviv,UA,Europe/Kyiv,49.83826,24.02324,717273\n",
    )
    .unwrap();
    for _ in 0..2 {
        operator.does(&["import-cities", cities.to_str().unwrap()]).await;
    }
    let trail = operator.trail().await;
    let [(action, actor, subject, reason, details)] = &trail[..] else {
        panic!("one entry")
    };
    assert_eq!((action.as_str(), actor.as_str()), ("cities.imported", "cli:olena"));
    assert_eq!((subject.as_str(), reason.as_str()), ("cities", "a new partner"));
    assert_eq!(details, &json!({ "cities": 2, "names": 0 }));
}
