//! The trace of one booking, from the request to the providers.

use std::collections::BTreeSet;

use simulators::smtp::MailSimulator;
use simulators::viber::ViberSimulator;
use tempfile::TempDir;
use testing::collector::{Collector, tree};
use testing::eventually::eventually;
use tokio::process::Command;

use crate::traces::support::{LIMIT, PASSENGER, Stand, end};

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[tokio::test]
async fn a_booking_is_one_trace_from_the_request_to_the_mail_server_and_the_viber_provider() {
    let (stand, collector, folder) = (Stand::new().await, Collector::start().await, TempDir::new().unwrap());
    let any = ([127, 0, 0, 1], 0).into();
    let mails = MailSimulator::start(any, folder.path()).await.unwrap();
    let viber = ViberSimulator::start(any, "sesame".into()).await.unwrap();
    let smtp_url = format!("smtp://{}", mails.address());
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url()),
        ("SMTP_URL", &smtp_url),
        ("VIBER_URL", &viber.url()),
    ];
    let mut api = stand.api(&variables).await;
    let mut others = vec![stand.scheduler(&variables)];
    for program in [env!("CARGO_BIN_EXE_email_worker"), env!("CARGO_BIN_EXE_viber_worker")] {
        others.push(stand.start(Command::new(program), &variables));
    }
    stand.book(&api, Some(CALLER)).await;
    eventually("both messages leave", LIMIT, async || {
        (mails.received() == 1 && viber.messages().len() == 1).then_some(())
    })
    .await;
    // Spans that are left are sent at an orderly end.
    for process in others.iter_mut().chain([&mut api.child]) {
        end(process).await;
    }

    let spans = collector.trace_with("POST /v2/bookings");
    let text = tree(&spans);
    let named = |name: &str| {
        let found: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
        assert_eq!(found.len(), 1, "{name}\n{text}");
        found[0]
    };
    assert_eq!(spans[0].trace_id, "4bf92f3577b34da6a3ce929d0e0e4736", "{text}");
    let request = named("POST /v2/bookings");
    assert_eq!((&*request.parent, &*request.kind), ("00f067aa0ba902b7", "Server"));
    assert_eq!(request.attributes["http.response.status_code"], "201");
    let create = named("create");
    assert_eq!((&create.parent, &*create.kind), (&request.id, "Producer"));
    for queue in ["email", "viber"] {
        let send = named(&format!("send {queue}"));
        assert_eq!((&send.parent, &*send.service), (&create.id, "scheduler"));
        let process = named(&format!("process {queue}"));
        assert_eq!((&process.parent, &*process.kind), (&create.id, "Consumer"));
        assert_eq!(process.service, format!("{queue}_worker"));
        assert_eq!(
            process.attributes["messaging.message.id"],
            send.attributes["messaging.message.id"]
        );
        assert_eq!(process.attributes["prexsell.request.id"], "the-one-request");
    }
    assert_eq!(named("SMTP send").parent, named("process email").id);
    let provider = named("POST /pa/send_message");
    assert_eq!(
        (&provider.parent, &*provider.kind),
        (&named("process viber").id, "Client")
    );
    let told = viber.messages()[0].traceparent.clone().unwrap();
    assert_eq!(told, format!("00-{}-{}-01", provider.trace_id, provider.id));
    assert_eq!(spans.len(), 8, "{text}");
    assert_eq!(
        spans.iter().map(|span| &span.pid).collect::<BTreeSet<_>>().len(),
        4,
        "{text}"
    );
    assert!(spans.iter().all(|span| !span.failed), "{text}");

    let said = format!("{:?}", collector.spans());
    for secret in PASSENGER
        .into_iter()
        .chain(["sesame", "taras@example.com", "pxs_local"])
    {
        assert!(!said.contains(secret), "{secret}\n{said}");
    }
}

#[tokio::test]
async fn a_caller_decides_whether_its_trace_is_exported_and_a_malformed_header_is_ignored() {
    let (stand, collector) = (Stand::new().await, Collector::start().await);
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url());
    let mut api = stand.api(&[endpoint, ("OTEL_TRACES_SAMPLER_ARG", "0")]).await;
    let malformed = ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", "00--01"];
    for text in malformed {
        assert_eq!(stand.search(&api, Some(text)).await.status(), 200);
    }
    assert_eq!(stand.search(&api, None).await.status(), 200);
    let unsampled = CALLER.replace("-01", "-00");
    assert_eq!(stand.search(&api, Some(&unsampled)).await.status(), 200);
    assert_eq!(stand.search(&api, Some(CALLER)).await.status(), 200);
    end(&mut api.child).await;
    let spans = collector.spans();
    let found: Vec<_> = spans.iter().map(|span| (&*span.name, &*span.parent)).collect();
    assert_eq!(
        found,
        [("GET /v2/offers", "00f067aa0ba902b7")],
        "what nobody asked for is not exported"
    );

    // All traces that begin here are sampled: the request with a malformed header too, which begins its own trace.
    let mut api = stand.api(&[endpoint]).await;
    assert_eq!(stand.search(&api, Some(malformed[0])).await.status(), 200);
    assert_eq!(stand.search(&api, Some(&unsampled)).await.status(), 200);
    end(&mut api.child).await;
    let spans = collector.spans();
    assert_eq!(spans.len(), 2, "{spans:?}");
    assert_ne!(spans[1].trace_id, spans[0].trace_id);
    assert_eq!(spans[1].parent, "");
}
