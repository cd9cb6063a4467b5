//! A cluster per test.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::{LONG, TestRedis};
use crate::eventually::eventually;
use crate::port;

/// A cluster of three primaries that share the slots.
#[derive(Debug)]
pub struct TestCluster {
    /// The nodes.
    pub nodes: Vec<TestRedis>,
    buses: Vec<String>,
    arguments: Vec<String>,
}

impl TestCluster {
    /// Starts one and waits until all nodes agree.
    ///
    /// # Panics
    /// When they do not.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with further arguments of each node.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub async fn start_with(arguments: &[String]) -> Self {
        let (mut nodes, mut buses) = (Vec::new(), Vec::new());
        for (number, slots) in [(1, ("0", "5460")), (2, ("5461", "10922")), (3, ("10923", "16383"))] {
            let (node, bus) = node(arguments).await;
            let epoch = number.to_string();
            let () = node.ask(&["CLUSTER", "SET-CONFIG-EPOCH", &epoch]).await;
            let () = node.ask(&["CLUSTER", "ADDSLOTSRANGE", slots.0, slots.1]).await;
            nodes.push(node);
            buses.push(bus);
        }
        for node in &nodes[1..] {
            meet(node, &nodes[0], &buses[0]).await;
        }
        let cluster = Self {
            nodes,
            buses,
            arguments: arguments.to_vec(),
        };
        cluster.agree().await;
        cluster
    }

    /// Adds a replica of the first node and waits until it has caught up.
    ///
    /// # Panics
    /// When it does not.
    pub async fn add_replica(&self) -> TestRedis {
        let (replica, _bus) = node(&self.arguments).await;
        let primary = &self.nodes[0];
        meet(&replica, primary, &self.buses[0]).await;
        let id: String = primary.ask(&["CLUSTER", "MYID"]).await;
        eventually("a node that knows the primary", LONG, async || {
            let known: String = replica.ask(&["CLUSTER", "NODES"]).await;
            known.contains(&id).then_some(())
        })
        .await;
        let () = replica.ask(&["CLUSTER", "REPLICATE", &id]).await;
        let own: String = replica.ask(&["CLUSTER", "MYID"]).await;
        for node in &self.nodes {
            eventually("a replica that all know", LONG, async || {
                let known: String = node.ask(&["CLUSTER", "NODES"]).await;
                let mut lines = known.lines();
                lines
                    .any(|line| line.starts_with(&own) && line.contains("slave"))
                    .then_some(())
            })
            .await;
        }
        eventually("a replica", LONG, async || {
            let state: String = replica.ask(&["INFO", "replication"]).await;
            state.contains("master_link_status:up").then_some(())
        })
        .await;
        replica
    }

    /// Waits until a node is a primary, and the others report the cluster as complete.
    ///
    /// # Panics
    /// When it does not become one.
    pub async fn until_primary(&self, node: &TestRedis) {
        eventually("a primary", LONG, async || {
            let state: String = node.ask(&["INFO", "replication"]).await;
            state.contains("role:master").then_some(())
        })
        .await;
        self.agree().await;
    }

    /// Makes a replica take over by a coordinated failover.
    ///
    /// # Panics
    /// When it does not.
    pub async fn hand_over(&self, replica: &TestRedis) {
        let asked = Cell::new(None::<Instant>);
        eventually("a primary", LONG, async || {
            let state: String = replica.ask(&["INFO", "replication"]).await;
            if state.contains("role:master") {
                return Some(());
            }
            // On a busy machine Redis silently gives up after five seconds; a request before that would start over.
            if asked.get().is_none_or(|at| at.elapsed() > Duration::from_secs(6)) {
                let () = replica.ask(&["CLUSTER", "FAILOVER"]).await;
                asked.set(Some(Instant::now()));
            }
            None
        })
        .await;
        self.agree().await;
    }

    /// Waits until all nodes report the cluster as complete.
    ///
    /// # Panics
    /// When they do not.
    pub async fn agree(&self) {
        for node in &self.nodes {
            eventually("a whole cluster", LONG, async || {
                let state: String = node.ask(&["CLUSTER", "INFO"]).await;
                let is_whole = ["cluster_state:ok", "cluster_size:3", "cluster_slots_ok:16384"];
                is_whole.iter().all(|line| state.contains(line)).then_some(())
            })
            .await;
        }
    }

    /// Its URL, as `REDIS_URL` has it.
    #[must_use]
    pub fn url(&self) -> String {
        let hosts: Vec<String> = self
            .nodes
            .iter()
            .map(|node| format!("127.0.0.1:{}", node.port()))
            .collect();
        format!("redis-cluster://{}", hosts.join(","))
    }
}

/// A node that belongs to no cluster yet, and the port of its cluster bus (the default, its own port plus 10,000, may
/// be in use by another test).
async fn node(arguments: &[String]) -> (TestRedis, String) {
    let bus = port::free().port().to_string();
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments.extend(["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"]);
    arguments.extend(["--cluster-port", &bus]);
    (TestRedis::start_with(&arguments).await, bus)
}

async fn meet(node: &TestRedis, other: &TestRedis, bus: &str) {
    let port = other.port().to_string();
    let () = node.ask(&["CLUSTER", "MEET", "127.0.0.1", &port, bus]).await;
}
