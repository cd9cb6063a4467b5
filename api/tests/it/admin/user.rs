//! Users on the command line, and their entries in the audit trail.

use crate::harness::operator::Operator;

#[tokio::test]
async fn an_operator_of_the_platform_is_created() {
    let admin = Operator::new().await;
    let person = |email| {
        [
            "create-user",
            "--email",
            email,
            "--first-name",
            "Olena",
            "--last-name",
            "Koval",
            "--password-stdin",
        ]
    };
    let run = admin
        .run_with(
            &[
                &person("olena@example.com")[..],
                &["--platform", "--reason", "On call from June"],
            ]
            .concat(),
            &[("USER", "ihor")],
            "a-long-password",
        )
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    let operators = "select count(*) from accesses where context_type = 'PLATFORM' and role = 'OPERATOR'";
    assert_eq!(admin.count(operators).await, 1);
    let wrong = [&person("taras@example.com")[..], &["--access", "platform:ADMIN"]].concat();
    assert_eq!(admin.run_with(&wrong, &[], "a-long-password").await.code, 2);
    let withdraw = [
        "withdraw-access",
        "--email",
        "olena@example.com",
        "--access",
        "platform",
    ];
    assert_eq!(admin.run(&withdraw).await.code, 0);
    assert_eq!(admin.count(operators).await, 0);
}

/// Every command that gives, changes or withdraws what a user may do is in the trail, with the user's id and no
/// address.
#[tokio::test]
async fn what_is_done_to_people_is_in_the_trail() {
    let admin = Operator::new().await;
    let input = "a-long-password";
    let email = ["--email", "olena@example.com"];
    let note = ["--by", "ihor", "--reason", "On call from June"];
    let names = ["--first-name", "Olena", "--last-name", "Koval", "--password-stdin"];
    let ran = admin
        .run_with(
            &[&["create-user", "--platform"][..], &email, &names, &note].concat(),
            &[],
            input,
        )
        .await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    let id = ran.out.trim().to_owned();
    for command in [
        &["set-password", "--password-stdin"][..],
        &["disable-user"],
        &["enable-user"],
        &["withdraw-access", "--access", "platform"],
        &["grant-access", "--access", "platform:OPERATOR"],
    ] {
        let ran = admin.run_with(&[command, &email[..], &note].concat(), &[], input).await;
        assert_eq!(ran.code, 0, "{command:?}: {}", ran.err);
    }
    let trail = admin.run(&["audit", "--subject", &id]).await.out;
    let told: Vec<&str> = trail.lines().map(|line| line.split_once("  ").unwrap().1).collect();
    let line = |action: &str, details: &str| format!("cli:ihor  {action}  {id}  On call from June  {details}");
    let operator = r#"{"accesses":[{"role":"OPERATOR","place":"platform"}]}"#;
    assert_eq!(
        told,
        [
            line("person.granted", operator),
            line("person.withdrawn", r#"{"places":["platform"]}"#),
            line("person.enabled", "{}"),
            line("person.disabled", "{}"),
            line("user.password", "{}"),
            line("person.created", operator),
        ]
    );
    // A refused command leaves no entry.
    let refused = admin
        .run_with(
            &[
                &["grant-access", "--access", "company:nowhere:ADMIN"][..],
                &email,
                &note,
            ]
            .concat(),
            &[],
            "",
        )
        .await;
    assert_eq!(refused.code, 2, "{}", refused.out);
    assert_eq!(admin.run(&["audit"]).await.out, trail);
}
