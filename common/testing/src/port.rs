//! Ports for servers in separate processes, which cannot report the port that the kernel chose for them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that the kernel gives to clients (from 32768 on): a connection could take one of these after it was
/// found to be free, before the server listens on it or after it was stopped.
const FIRST: u16 = 12_000;

/// Number of ports.
const COUNT: u16 = 20_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A free port of this machine, which no other call in this process returns.
///
/// # Panics
/// When there is none: a test cannot run without one.
#[must_use]
#[expect(clippy::panic, reason = "a test harness may panic")]
pub fn free() -> SocketAddr {
    // Processes begin far from each other, so that concurrent ones rarely try the same port.
    let start = std::process::id().wrapping_mul(37) % u32::from(COUNT);
    for _ in 0..COUNT {
        let offset = (start + u32::from(NEXT.fetch_add(1, Ordering::Relaxed))) % u32::from(COUNT);
        let port = FIRST + u16::try_from(offset).unwrap_or_default();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no port is free");
}
