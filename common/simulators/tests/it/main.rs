//! The integration tests of the simulators, in one binary: the simulators as processes.

use std::process::Stdio;
use std::time::Duration;

use testing::eventually::eventually;
use testing::port;
use tokio::process::Command;

/// Longer than anything here takes.
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn simulators_end_on_a_signal() {
    let folder = tempfile::TempDir::new().unwrap();
    for (program, listen) in [
        (env!("CARGO_BIN_EXE_mail_sim"), "MAIL_SIM_LISTEN"),
        (env!("CARGO_BIN_EXE_viber_sim"), "VIBER_SIM_LISTEN"),
        (env!("CARGO_BIN_EXE_fms_sim"), "FMS_SIM_LISTEN"),
        (env!("CARGO_BIN_EXE_google_sim"), "GOOGLE_SIM_LISTEN"),
    ] {
        let address = port::free();
        let mut simulator = Command::new(program)
            .env_clear()
            .env(listen, address.to_string())
            .env("MAIL_DIR", folder.path())
            .env("VIBER_SIM_TOKEN", "token")
            .env("FMS_SIM_TOKEN", "token")
            .env("GOOGLE_CLIENT_ID", "client")
            .env("GOOGLE_CLIENT_SECRET", "secret")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        eventually("it listens", LIMIT, async || {
            tokio::net::TcpStream::connect(address).await.ok().map(drop)
        })
        .await;
        let pid = simulator.id().unwrap().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(told.unwrap().success());
        let ended = tokio::time::timeout(LIMIT, simulator.wait()).await.expect("it ends");
        assert_eq!(ended.unwrap().code(), Some(0), "{program}");
    }
}
