//! PgBouncer in front of the database of a test.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use super::eventually::eventually;
use super::port;

/// A private PgBouncer; it ends with the test.
#[derive(Debug)]
pub struct PgBouncer {
    _child: Child,
    _folder: TempDir,
    url: String,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl PgBouncer {
    /// Starts one in front of the database at `url`, with settings such as `pool_mode = session`. When the program is
    /// not installed, prints that and returns `None`.
    ///
    /// # Panics
    /// When it does not start.
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub async fn start(url: &str, settings: &str) -> Option<Self> {
        // Debian keeps it outside the PATH of users.
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];
        let Some(program) = program.into_iter().find(|path| Path::new(path).exists()) else {
            eprintln!("SKIPPED: pgbouncer is not installed");
            return None;
        };
        let database: PgConnectOptions = url.parse().expect("a URL of a database");
        let (_, rest) = url.split_once("://").expect("a URL");
        let (user, _) = rest.split_once('@').expect("a URL with a user");
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        let folder = TempDir::new().expect("a folder for PgBouncer");
        let address = port::free();
        let file = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={} port={} user={name} password={password}\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {}\nunix_socket_dir =\nauth_type = any\n{settings}\n",
            database.get_host(),
            database.get_port(),
            address.port(),
        );
        std::fs::write(&file, text).expect("its settings are written");
        let mut command = Command::new(program);
        // It does not run as root. As `nobody` it reads nothing but this file, which it reads before it changes its
        // user.
        if std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
            command.args(["-u", "nobody"]);
        }
        let child = command
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("PgBouncer starts");
        eventually("PgBouncer", Duration::from_secs(60), async || {
            TcpStream::connect(address).await.ok()
        })
        .await;
        let (_, database) = url.rsplit_once('/').expect("a URL that names a database");
        Some(Self {
            _child: child,
            _folder: folder,
            url: format!("postgres://{name}@{address}/{database}"),
        })
    }

    /// The URL of the database, through it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
