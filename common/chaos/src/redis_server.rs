//! The Redis server of the platform: over TLS, and with a user that has exactly the rights that docs/REDIS.md names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use testing::port;

use crate::error::Result;
use crate::finding::Finding;
use crate::program::{Program, Spec};

/// Name and password of the user.
const USER: &str = "prexsell";
const PASSWORD: &str = "secret";

/// What the user may do, as `ACL SETUSER` takes it.
pub const RIGHTS: &str = "resetkeys resetchannels ~jobs:* ~limit:* ~{sign-in}:* ~ready:* -@all +get +set +del +exists \
                          +incr +decr +pttl +pexpire +time +eval +evalsha +rpush +lpush +ltrim +blmpop +llen +lindex \
                          +info +role +cluster|slots";

/// A command, new in Redis 7.2, with which a client only reports its name. The platform does not need it.
const UNNEEDED: &str = "client|setinfo";

/// A server that this program starts, kills, and starts again empty.
#[derive(Debug)]
pub struct RedisServer {
    /// The process.
    pub program: Program,
    port: u16,
    tls_port: u16,
    certificates: Option<PathBuf>,
}

impl RedisServer {
    /// Starts it.
    pub fn start(certificates: Option<&Path>, logs: &Path) -> Self {
        let (port, tls_port) = (port::free().port(), port::free().port());
        let mut arguments = Vec::new();
        let mut add = |words: &[&str]| arguments.extend(words.iter().map(ToString::to_string));
        add(&["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        add(&["--port", &port.to_string(), "--dir", &logs.display().to_string()]);
        if let Some(folder) = certificates {
            let file = |name| folder.join(name).display().to_string();
            add(&["--tls-port", &tls_port.to_string(), "--tls-auth-clients", "no"]);
            add(&[
                "--tls-cert-file",
                &file("redis.pem"),
                "--tls-key-file",
                &file("redis.key"),
            ]);
            add(&["--tls-ca-cert-file", &file("ca.pem")]);
        }
        add(&["--user", USER, "on", &format!(">{PASSWORD}")]);
        add(&RIGHTS.split_whitespace().collect::<Vec<_>>());
        let spec = Spec {
            name: "redis",
            path: "redis-server".into(),
            arguments,
            environment: HashMap::new(),
        };
        Self {
            program: Program::start(spec, logs),
            port,
            tls_port,
            certificates: certificates.map(Path::to_owned),
        }
    }

    /// The port to which the platform's connections lead.
    pub const fn port(&self) -> u16 {
        if self.certificates.is_some() {
            self.tls_port
        } else {
            self.port
        }
    }

    /// The environment variables of the platform when it reaches the server at this address.
    pub fn variables(&self, address: std::net::SocketAddr) -> Vec<(&'static str, String)> {
        let url = |scheme| format!("{scheme}://{USER}:{PASSWORD}@{address}/");
        match &self.certificates {
            Some(folder) => vec![
                ("REDIS_URL", url("rediss")),
                ("SSL_CERT_FILE", folder.join("ca.pem").display().to_string()),
            ],
            None => vec![("REDIS_URL", url("redis"))],
        }
    }

    async fn connection(&self) -> Result<redis::aio::MultiplexedConnection> {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}/", self.port))?;
        Ok(client.get_multiplexed_async_connection().await?)
    }

    /// Runs a command, with all rights and not through the proxy.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn ask(&self, command: &[&str]) -> Result<()> {
        let mut asked = redis::Cmd::new();
        for part in command {
            asked.arg(*part);
        }
        Ok(asked.query_async(&mut self.connection().await?).await?)
    }

    /// The commands that the server has refused to the platform's user since it was started.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn refusals(&self) -> Result<Vec<Finding>> {
        let mut asked = redis::cmd("ACL");
        let refused: Vec<redis::Value> = asked.arg("LOG").query_async(&mut self.connection().await?).await?;
        let finding = |entry| Finding {
            rule: "the user of Redis has the rights that it needs",
            detail: format!("{entry:?}"),
        };
        let findings = refused.into_iter().map(finding);
        Ok(findings.filter(|finding| !finding.detail.contains(UNNEEDED)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::RIGHTS;

    #[test]
    fn the_documentation_names_the_rights_that_are_tried() {
        let documented = include_str!("../../../docs/REDIS.md").split_whitespace();
        let documented: Vec<&str> = documented.collect();
        let wanted: Vec<&str> = RIGHTS.split_whitespace().collect();
        assert!(documented.windows(wanted.len()).any(|words| words == wanted));
    }
}
