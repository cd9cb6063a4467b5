//! TLS of the API itself. `tls/` contains a certificate authority and two certificates that it issued for this machine.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use api::listener::tls::Tls;
use reqwest::Certificate;
use reqwest::tls::TlsInfo;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;

use crate::http::support::limits;
use crate::http::test_server::{TestServer, hasty, rest};

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/http/tls");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// The files that the settings name, with one of the two certificates.
struct Files(TempDir);

impl Files {
    fn holding(name: &str) -> Self {
        let files = Self(TempDir::new().unwrap());
        files.hold(&file(&format!("{name}.pem")), &file(&format!("{name}.key")));
        files
    }

    fn hold(&self, certificate: &str, key: &str) {
        std::fs::write(self.0.path().join("certificate"), certificate).unwrap();
        std::fs::write(self.0.path().join("key"), key).unwrap();
    }

    fn load(&self) -> Result<Tls, api::listener::tls::TlsError> {
        Tls::load(self.0.path().join("certificate"), self.0.path().join("key"))
    }
}

/// Requests the cities on a new connection; returns the certificate that the server showed.
async fn shown(server: &TestServer) -> Vec<u8> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([Certificate::from_pem(file("authority.pem").as_bytes()).unwrap()])
        .tls_info(true)
        .build()
        .unwrap();
    let answer = client
        .get(format!("https://{}/v2/cities", server.address))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.version()),
        (200, reqwest::Version::HTTP_11)
    );
    let shown = answer.extensions().get::<TlsInfo>().unwrap().peer_certificate();
    shown.unwrap().to_vec()
}

#[tokio::test]
async fn a_certificate_is_replaced_while_the_process_runs() {
    let files = Files::holding("first");
    let tls = Arc::new(files.load().unwrap());
    let server = TestServer::open_with(&[], limits(), Some(Arc::clone(&tls))).await;
    let first = shown(&server).await;
    files.hold(&file("second.pem"), &file("second.key"));
    assert_eq!(shown(&server).await, first, "until it is told to");
    tls.reload().unwrap();
    let second = shown(&server).await;
    assert_ne!(second, first);
    files.hold(&file("first.pem"), "nothing");
    assert!(tls.reload().is_err());
    assert_eq!(shown(&server).await, second, "what cannot be used replaces nothing");
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named() {
    let files = Files::holding("first");
    files.hold(&file("first.pem"), &file("second.key"));
    assert!(
        files.load().unwrap_err().to_string().contains("TLS_KEY"),
        "another's key"
    );
    files.hold("", &file("first.key"));
    assert!(files.load().unwrap_err().to_string().starts_with("TLS_CERT"));
    files.hold(&file("first.pem"), &file("first.pem"));
    assert!(files.load().unwrap_err().to_string().starts_with("TLS_KEY"));
    assert!(
        Tls::load("/nonexistent", "/nonexistent")
            .unwrap_err()
            .to_string()
            .starts_with("TLS_CERT")
    );
}

#[tokio::test]
async fn handshakes_that_never_end_and_plain_text_are_cut() {
    let tls = Arc::new(Files::holding("first").load().unwrap());
    let server = TestServer::open_with(&[], hasty(), Some(tls)).await;
    let mut mute = server.connect().await;
    assert_eq!(rest(&mut mute).await, "");
    let mut slow = server.connect().await;
    // The beginning of a handshake record.
    slow.write_all(&[22, 3, 1, 2, 0, 1]).await.unwrap();
    assert_eq!(rest(&mut slow).await, "");
    let plain = server.say("GET /v2/cities HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(!plain.contains("HTTP/1.1"), "{plain}");
    assert!(
        tokio::time::timeout(Duration::from_secs(60), shown(&server))
            .await
            .is_ok()
    );
}
