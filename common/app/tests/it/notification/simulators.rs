//! The simulators themselves: other tests are only as honest as they are.

use simulators::smtp::MailSimulator;
use simulators::viber::ViberSimulator;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Says everything at once (PIPELINING) and answers the codes that came back, until the server hangs up.
async fn converse(server: &MailSimulator, said: &str) -> Vec<String> {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(said.replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    let last = |line: &&str| line.as_bytes().get(3) == Some(&b' ');
    heard.lines().filter(last).map(|line| line[..3].to_owned()).collect()
}

#[tokio::test]
async fn the_mail_server_follows_the_protocol() {
    let folder = TempDir::new().unwrap();
    let kept = folder.path().join("mails");
    let server = MailSimulator::start(([127, 0, 0, 1], 0).into(), &kept).await.unwrap();
    let codes = converse(
        &server,
        "EHLO me\nDATA\nRCPT TO:<b@x>\nMAIL FROM:<a@x>\nMAIL FROM:<a@x>\nDATA\nRSET\nNOOP\nVRFY a\n\
         mail FROM:<a@x>\nrcpt TO:<b@x>\nRCPT TO:<c@x>\nDATA\n\
         Subject: dots\nMessage-Id:\n <../../../etc/x@y>\n\n..\n...two\n.one\n.\n\
         MAIL FROM:<a@x>\nRCPT TO:<b@x>\nDATA\nno header at all\n.\nQUIT\n",
    )
    .await;
    assert_eq!(
        codes.join(" "),
        "220 250 503 503 250 503 503 250 250 502 250 250 250 354 250 250 250 354 250 221"
    );
    assert_eq!(server.received(), 2);
    let mail = std::fs::read_to_string(kept.join("etcx@y.eml"));
    let names: Vec<_> = std::fs::read_dir(&kept)
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    let mail = mail.unwrap_or_else(|e| panic!("{e}: {names:?}"));
    assert_eq!(mail.split_once("\r\n\r\n").unwrap().1, ".\r\n..two\r\none\r\n");
    assert_eq!(names.len(), 2, "{names:?}");
}

#[tokio::test]
async fn the_mail_server_refuses_what_is_too_large_and_goes_on() {
    let folder = TempDir::new().unwrap();
    let server = MailSimulator::start(([127, 0, 0, 1], 0).into(), folder.path())
        .await
        .unwrap();
    let line = format!("{}\n", "x".repeat(900));
    let large = line.repeat(12_000);
    let said = format!("HELO me\nMAIL FROM:<a@x>\nRCPT TO:<b@x>\nDATA\n{large}.\nNOOP\nQUIT\n");
    assert_eq!(
        converse(&server, &said).await.join(" "),
        "220 250 250 250 354 552 250 221"
    );
    assert_eq!(server.received(), 0);

    let mut endless = TcpStream::connect(server.address()).await.unwrap();
    endless.write_all(&[b'x'; 20_000]).await.unwrap();
    // The server hangs up: with an end of stream or a reset.
    let _ = endless.read_to_end(&mut Vec::new()).await;
    assert_eq!(converse(&server, "QUIT\n").await.join(" "), "220 221");
}

#[tokio::test]
async fn the_viber_provider_lists_what_it_took() {
    let provider = ViberSimulator::start(([127, 0, 0, 1], 0).into(), "sesame".into())
        .await
        .unwrap();
    let get = |path: &str| reqwest::get(format!("{}{path}", provider.url()));
    assert_eq!(get("/healthz").await.unwrap().text().await.unwrap(), "ok");

    let client = reqwest::Client::builder().build().unwrap();
    let post = |path: &str, body: serde_json::Value| {
        let request = client.post(format!("{}{path}", provider.url()));
        request.header("X-Viber-Auth-Token", "sesame").json(&body).send()
    };
    let faults = serde_json::json!([{ "kind": "status", "status": 503, "retryAfter": 3 }]);
    assert_eq!(post("/faults", faults).await.unwrap().status(), 204);
    let message = serde_json::json!({ "receiver": "+1", "text": "Hello", "tracking_data": "a" });
    for status in [503, 200, 200] {
        assert_eq!(
            post("/pa/send_message", message.clone()).await.unwrap().status(),
            status
        );
    }
    let listed: serde_json::Value = get("/messages").await.unwrap().json().await.unwrap();
    assert_eq!(
        listed,
        serde_json::json!([{ "receiver": "+1", "text": "Hello", "tracking_data": "a", "times": 2, "unanswered": 0 }])
    );
}
