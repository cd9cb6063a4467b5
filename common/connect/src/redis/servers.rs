//! The servers of `REDIS_URL`: one server, the Sentinels of a primary, or nodes of a cluster; and how to connect to
//! each.

use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::sentinel::{SentinelClient, SentinelNodeConnectionInfo, SentinelServerType};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo, Pipeline,
    RedisError, TlsMode, Value,
};

/// How long a response may take. The library's default of half a second turns every short delay into an error; with
/// much more, jobs of a hanging server would not run within ten seconds after another one takes over.
const ANSWER: Duration = Duration::from_secs(3);

/// How long one server may take to accept a connection.
const HANDSHAKE: Duration = Duration::from_secs(2);

/// Default port of a Sentinel.
const SENTINEL_PORT: u16 = 26379;

/// The forms of `REDIS_URL`.
const FORMS: &str = "must be set to redis://host:port, redis-sentinel://host:port,host:port/primary or \
                     redis-cluster://host:port,host:port (rediss for TLS; user:password@ before the first host)";

/// Where Redis is.
#[derive(Clone)]
pub enum Servers {
    /// One address. Whether a server, a proxy or a node of a cluster is behind it is found out by asking.
    One(ConnectionInfo),
    /// Sentinels that know the primary of this name.
    Sentinels {
        /// Their addresses, with their credentials.
        sentinels: Vec<ConnectionInfo>,
        /// The name of the primary.
        primary: String,
        /// How to connect to it.
        node: SentinelNodeConnectionInfo,
    },
    /// Some nodes of a cluster; they name the others.
    Cluster(Vec<ConnectionInfo>),
}

/// Never prints an address: user and password are part of it.
impl std::fmt::Debug for Servers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::One(_) => "One",
            Self::Sentinels { .. } => "Sentinels",
            Self::Cluster(_) => "Cluster",
        })
    }
}

impl Servers {
    /// Reads `REDIS_URL`.
    ///
    /// # Errors
    /// What is wrong with it, as the predicate of a sentence that begins with the name of the setting; never its value.
    pub fn parse(url: &str) -> Result<Self, String> {
        let (scheme, rest) = url.split_once("://").ok_or(FORMS)?;
        let (kind, is_tls) = match scheme {
            "redis" | "rediss" => return Ok(Self::One(info(url)?)),
            "redis-sentinel" => ("sentinel", false),
            "rediss-sentinel" => ("sentinel", true),
            "redis-cluster" => ("cluster", false),
            "rediss-cluster" => ("cluster", true),
            _ => return Err(FORMS.to_owned()),
        };
        let tls = if is_tls { "rediss" } else { "redis" };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        // A password may contain an `@` only percent-encoded, but the last one is the one that counts, as in any URL.
        let (user, hosts) = match authority.rsplit_once('@') {
            Some((user, hosts)) => (format!("{user}@"), hosts),
            None => (String::new(), authority),
        };
        let hosts: Vec<&str> = hosts.split(',').map(str::trim).collect();
        if kind == "cluster" {
            if !path.trim_matches('/').is_empty() {
                return Err("must not name a database: a cluster has only one".to_owned());
            }
            let nodes = hosts.iter().map(|host| info(&format!("{tls}://{user}{host}")));
            return Ok(Self::Cluster(nodes.collect::<Result<_, _>>()?));
        }
        let (primary, database) = path.split_once('/').unwrap_or((path, ""));
        if primary.is_empty() {
            return Err("must name the primary after the Sentinels: redis-sentinel://host:port/primary".to_owned());
        }
        let node = info(&format!("{tls}://{user}primary/{database}"))?;
        let admission = admission(query)?;
        let sentinels = hosts.iter().map(|host| {
            let sentinel = info(&format!("{tls}://{admission}{host}"))?;
            // Only the last part of an address can be its port: IPv6 addresses are in brackets.
            let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
            let address = if has_port {
                sentinel.addr().clone()
            } else {
                with_port(sentinel.addr(), SENTINEL_PORT)
            };
            Ok::<_, String>(sentinel.set_addr(address))
        });
        let connect = SentinelNodeConnectionInfo::default().set_redis_connection_info(node.redis_settings().clone());
        Ok(Self::Sentinels {
            sentinels: sentinels.collect::<Result<_, _>>()?,
            primary: primary.to_owned(),
            node: if is_tls {
                connect.set_tls_mode(TlsMode::Secure)
            } else {
                connect
            },
        })
    }

    /// Connects to the current primary; addresses are resolved again.
    ///
    /// # Errors
    /// When no connection can be made.
    pub async fn connect(&self) -> Result<Link, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(HANDSHAKE))
            .set_response_timeout(Some(ANSWER));
        match self {
            Self::One(info) => {
                let client = Client::open(info.clone())?;
                let mut server = client.get_multiplexed_async_connection_with_config(&config).await?;
                match mode(&mut server).await.as_deref() {
                    Some("cluster") => cluster(vec![info.clone()]).await,
                    Some("sentinel") => Err(RedisError::from((
                        ErrorKind::InvalidClientConfig,
                        "REDIS_URL names a Sentinel: write redis-sentinel://host:port/primary",
                    ))),
                    _ => Ok(Link::Server(server)),
                }
            }
            Self::Sentinels {
                sentinels,
                primary,
                node,
            } => {
                let (sentinels, node) = (sentinels.clone(), Some(node.clone()));
                let mut client = SentinelClient::build(sentinels, primary.clone(), node, SentinelServerType::Master)?;
                Ok(Link::Server(client.get_async_connection_with_config(&config).await?))
            }
            Self::Cluster(nodes) => cluster(nodes.clone()).await,
        }
    }
}

/// One address with its options, as the library parses it.
fn info(url: &str) -> Result<ConnectionInfo, String> {
    url.into_connection_info()
        .map_err(|error| format!("{FORMS}; {}", error.detail().unwrap_or("this one cannot be parsed")))
}

fn with_port(address: &ConnectionAddr, port: u16) -> ConnectionAddr {
    let mut address = address.clone();
    if let ConnectionAddr::Tcp(_, own) | ConnectionAddr::TcpTls { port: own, .. } = &mut address {
        *own = port;
    }
    address
}

/// User and password of the Sentinels themselves, still percent-encoded.
fn admission(query: &str) -> Result<String, String> {
    let (mut username, mut password) = ("", "");
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sentinel_username", value)) => username = value,
            Some(("sentinel_password", value)) => password = value,
            _ => return Err("may only have sentinel_username and sentinel_password after the ?".to_owned()),
        }
    }
    Ok(match (username, password) {
        ("", "") => String::new(),
        (username, password) => format!("{username}:{password}@"),
    })
}

async fn cluster(nodes: Vec<ConnectionInfo>) -> Result<Link, RedisError> {
    let client = ClusterClient::builder(nodes)
        .connection_timeout(HANDSHAKE)
        .response_timeout(ANSWER)
        .retries(3)
        .min_retry_wait(20)
        .max_retry_wait(500)
        .build()?;
    Ok(Link::Cluster(client.get_async_connection().await?))
}

/// `standalone`, `cluster` or `sentinel`; `None` when we may not ask (then it is treated as one server).
async fn mode(server: &mut MultiplexedConnection) -> Option<String> {
    let text: String = redis::cmd("INFO").arg("server").query_async(server).await.ok()?;
    let mode = text.lines().find_map(|line| line.strip_prefix("redis_mode:"))?;
    Some(mode.trim().to_owned())
}

/// An open connection; clones share it.
#[derive(Clone)]
pub enum Link {
    /// To one server.
    Server(MultiplexedConnection),
    /// To the nodes of a cluster. It handles failovers by itself.
    Cluster(ClusterConnection),
}

impl Link {
    /// Sends one command.
    pub async fn command(&mut self, command: &Cmd) -> Result<Value, RedisError> {
        match self {
            Self::Server(server) => server.req_packed_command(command).await,
            Self::Cluster(cluster) => cluster.req_packed_command(command).await,
        }
    }

    /// Sends a pipeline. In a cluster each command goes to the node of its key, all at the same time, so that a
    /// pipeline may name any keys; a transaction goes to one node.
    pub async fn commands(
        &mut self,
        pipeline: &Pipeline,
        offset: usize,
        count: usize,
    ) -> Result<Vec<Value>, RedisError> {
        match self {
            Self::Server(server) => server.req_packed_commands(pipeline, offset, count).await,
            Self::Cluster(cluster) if offset > 0 => cluster.req_packed_commands(pipeline, offset, count).await,
            Self::Cluster(cluster) => {
                let answers = pipeline.cmd_iter().map(|command| {
                    let mut node = cluster.clone();
                    async move { super::fault::as_in_pipeline(node.req_packed_command(command).await) }
                });
                futures::future::try_join_all(answers).await
            }
        }
    }

    /// Whether it leads to a cluster.
    pub const fn is_cluster(&self) -> bool {
        matches!(self, Self::Cluster(_))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Servers;

    #[rstest]
    #[case::one("redis://127.0.0.1:6379/", "One")]
    #[case::with_a_password("redis://user:p%40ss@redis.internal/2", "One")]
    #[case::tls("rediss://redis.internal:6380", "One")]
    #[case::sentinel("redis-sentinel://a:26379,b,[::1]:26380/main", "Sentinels")]
    #[case::sentinel_of_a_database("redis-sentinel://user:p%40ss@a/main/3?sentinel_password=x%26y", "Sentinels")]
    #[case::sentinel_tls("rediss-sentinel://a,b/main", "Sentinels")]
    #[case::cluster("redis-cluster://:secret@a:7000,b:7001", "Cluster")]
    #[case::cluster_tls("rediss-cluster://a:7000/", "Cluster")]
    fn urls_that_name_servers(#[case] url: &str, #[case] kind: &str) {
        assert_eq!(format!("{:?}", Servers::parse(url).unwrap()), kind);
    }

    #[rstest]
    #[case::nothing("", "redis://host:port")]
    #[case::another("http://a", "redis://host:port")]
    #[case::no_host("redis://", "redis://host:port")]
    #[case::no_primary("redis-sentinel://hunter2:hunter2@a:1,b:2", "name the primary")]
    #[case::no_such_option("redis-sentinel://a/main?hunter2=1", "sentinel_username")]
    #[case::no_such_port("redis-cluster://hunter2@a:x", "redis://host:port")]
    #[case::an_empty_host("redis-cluster://a,,b", "redis://host:port")]
    #[case::a_database_of_a_cluster("redis-cluster://a:1/2", "not name a database")]
    #[case::no_such_database("redis-sentinel://a/main/hunter2", "redis://host:port")]
    fn urls_that_name_none(#[case] url: &str, #[case] says: &str) {
        let problem = Servers::parse(url).unwrap_err();
        assert!(problem.contains(says) && !problem.contains("hunter2"), "{problem}");
    }

    #[test]
    fn ports_and_passwords_are_those_of_the_url() {
        let Servers::Sentinels {
            sentinels,
            primary,
            node,
        } = Servers::parse("redis-sentinel://u:p%40ss@a,b:1,[::1]/main/3?sentinel_username=s&sentinel_password=x%26y")
            .unwrap()
        else {
            panic!("not Sentinels")
        };
        let addresses: Vec<String> = sentinels.iter().map(|sentinel| sentinel.addr().to_string()).collect();
        assert_eq!(addresses, ["a:26379", "b:1", "::1:26379"]);
        assert_eq!(primary, "main");
        let admission = sentinels[0].redis_settings();
        assert_eq!((admission.username(), admission.password()), (Some("s"), Some("x&y")));
        assert!(format!("{node:?}").contains("db: 3"), "{node:?}");
    }
}
