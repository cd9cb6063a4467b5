//! A tracking provider for the buses of a [`World`]: speaks the Wialon dialect at `/wialon/ajax.html` and GTFS-Realtime
//! at `/vehicle-positions.pb`. `GET /requests` returns the requests that it received; `POST /faults` injects faults.
//!
//! The token `demo-karpaty:SECRET` sees the buses of that account, the bare `SECRET` sees all.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use clients::tracking::WIALON_PATH;
use domain::position::RawFix;
use kernel::clock::Clock;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{EndpointExt, Route, Server, get, post};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::JoinHandle;

mod answer;
mod control;
mod drive;
mod gtfs_realtime;
mod wialon;
mod world;

pub use drive::Leg;
pub use world::{Unit, World, WorldError};

/// Path of the GTFS-Realtime file.
pub const FEED_PATH: &str = "/vehicle-positions.pb";
/// A session ends when it is unused for this time.
const SESSION_IDLE: TimeDelta = TimeDelta::minutes(5);

/// A fault of calls; fields that are not set change nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Waits for this time before it responds.
    pub slow_ms: u64,
    /// Answers with this HTTP status.
    pub status: Option<u16>,
    /// `Retry-After` beside the status, in seconds.
    pub retry_after: Option<u64>,
    /// Answers with this Wialon error.
    pub error: Option<i64>,
    /// `reason` beside the error.
    pub reason: Option<String>,
    /// Forgets every session first.
    pub sessions_lost: bool,
    /// Answers with text that is neither JSON nor a feed.
    pub garbage: bool,
    /// Answers with half of the answer.
    pub truncated: bool,
    /// Answers with 40 MB.
    pub huge: bool,
    /// Number of calls that it affects; one by default.
    pub count: Option<u32>,
}

/// The requests since its start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Logins, whether the token was valid or not.
    pub logins: u64,
    /// Searches for all units.
    pub lists: u64,
    /// Searches for some units.
    pub searches: u64,
    /// Fetches of the GTFS-Realtime file.
    pub feeds: u64,
    /// Calls with a session that has ended.
    pub sessions_lost: u64,
    /// How often each unit was asked for by its id.
    pub units: BTreeMap<u64, u64>,
}

impl Requests {
    /// All calls but logins.
    #[must_use]
    pub const fn data(&self) -> u64 {
        self.lists + self.searches + self.feeds
    }
}

#[derive(Debug)]
struct Session {
    fleet: Option<String>,
    used_at: DateTime<Utc>,
}

#[derive(Debug)]
struct State {
    token: SecretString,
    clock: Clock,
    world: World,
    placed: Mutex<HashMap<u64, RawFix>>,
    sessions: Mutex<HashMap<String, Session>>,
    faults: Mutex<VecDeque<Fault>>,
    requests: Mutex<Requests>,
    /// Whether answers are held back, and how many are.
    held: watch::Sender<(bool, usize)>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// The account whose buses a token sees; the inner `None` is all accounts.
    fn account_of(&self, token: &str) -> Option<Option<String>> {
        let secret = self.token.expose_secret();
        match token.rsplit_once(':') {
            Some((fleet, rest)) if rest == secret => Some(Some(fleet.to_owned())),
            None if token == secret => Some(None),
            _ => None,
        }
    }

    fn units<'a>(&'a self, fleet: Option<&'a str>) -> impl Iterator<Item = &'a Unit> {
        self.world
            .units
            .iter()
            .filter(move |unit| fleet.is_none_or(|fleet| fleet == unit.fleet))
    }

    fn fix(&self, unit: &Unit) -> Option<RawFix> {
        let placed = locked(&self.placed).get(&unit.id).copied();
        placed.or_else(|| unit.fix(self.clock.now()))
    }

    fn log_in(&self, fleet: Option<String>) -> String {
        let sid = uuid::Uuid::new_v4().simple().to_string();
        let used_at = self.clock.now();
        locked(&self.sessions).insert(sid.clone(), Session { fleet, used_at });
        sid
    }

    /// The account of a live session, which this call prolongs.
    fn session(&self, sid: &str) -> Option<Option<String>> {
        let now = self.clock.now();
        let mut sessions = locked(&self.sessions);
        sessions.retain(|_, session| now - session.used_at < SESSION_IDLE);
        let session = sessions.get_mut(sid)?;
        session.used_at = now;
        Some(session.fleet.clone())
    }

    /// Takes the next fault off the list.
    fn fault(&self) -> Fault {
        let mut faults = locked(&self.faults);
        let Some(next) = faults.front_mut() else {
            return Fault::default();
        };
        let fault = next.clone();
        match next.count {
            Some(count) if count > 1 => next.count = Some(count - 1),
            _ => {
                faults.pop_front();
            }
        }
        fault
    }

    /// Waits while answers are held back.
    async fn pass(&self) {
        let mut watched = self.held.subscribe();
        self.held.send_if_modified(|(held, waiting)| {
            *waiting += usize::from(*held);
            *held
        });
        // The sender lives as long as this state.
        let _ = watched.wait_for(|(held, _)| !held).await;
    }
}

/// A running provider; it ends when it is dropped.
#[derive(Debug)]
pub struct TrackingSimulator {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl TrackingSimulator {
    /// Starts the provider. Buses are where they should be by the clock.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn start(listen: SocketAddr, token: SecretString, world: World, clock: Clock) -> io::Result<Self> {
        let acceptor = TcpListener::bind(listen).into_acceptor().await?;
        let address = acceptor
            .local_addr()
            .into_iter()
            .find_map(|a| a.0.as_socket_addr().copied());
        let state = Arc::new(State {
            token,
            clock,
            world,
            placed: Mutex::default(),
            sessions: Mutex::default(),
            faults: Mutex::default(),
            requests: Mutex::default(),
            held: watch::Sender::new((false, 0)),
        });
        let routes = Route::new()
            .at("/healthz", get(control::healthz))
            .at("/requests", get(control::requests))
            .at("/faults", post(control::add_fault).delete(control::clear_faults))
            .at(WIALON_PATH, get(wialon::ajax).post(wialon::ajax))
            .at(FEED_PATH, get(gtfs_realtime::feed))
            .data(Arc::clone(&state));
        let task = tokio::spawn(async move {
            if let Err(error) = Server::new_with_acceptor(acceptor).run(routes).await {
                tracing::error!(%error, "tracking simulator ended");
            }
        });
        Ok(Self {
            address: address.unwrap_or(listen),
            state,
            task,
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base URL, which is that of a Wialon account.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// URL of the GTFS-Realtime file.
    #[must_use]
    pub fn feed_url(&self) -> String {
        format!("http://{}{FEED_PATH}", self.address)
    }

    /// Makes coming calls fail; several faults are used up in order. Logins are calls too.
    pub fn fail_next(&self, fault: Fault) {
        locked(&self.state.faults).push_back(fault);
    }

    /// Forgets every session, as Wialon does after a restart.
    pub fn lose_sessions(&self) {
        locked(&self.state.sessions).clear();
    }

    /// Places a unit at a position, regardless of its timetable.
    pub fn place(&self, unit: u64, fix: RawFix) {
        locked(&self.state.placed).insert(unit, fix);
    }

    /// The requests that it received.
    #[must_use]
    pub fn requests(&self) -> Requests {
        locked(&self.state.requests).clone()
    }

    /// Number of live sessions.
    #[must_use]
    pub fn sessions(&self) -> usize {
        locked(&self.state.sessions).len()
    }

    /// Holds answers to searches back until [`release`](Self::release).
    pub fn hold(&self) {
        self.state.held.send_replace((true, 0));
    }

    /// Number of answers that are held back.
    #[must_use]
    pub fn held(&self) -> usize {
        self.state.held.borrow().1
    }

    /// Releases the answers that are held back.
    pub fn release(&self) {
        self.state.held.send_replace((false, 0));
    }
}

impl Drop for TrackingSimulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}
