//! Processes that are restarted whenever they end.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::Result;
use crate::figures::locked;

/// Pause before a process that has ended is started again.
const PAUSE: Duration = Duration::from_millis(200);

/// Arguments and environment of a process.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its name, also that of its log file.
    pub name: &'static str,
    /// The program.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Environment variables, in addition to those of this process.
    pub environment: HashMap<&'static str, String>,
}

/// A process that runs while it is wanted. When this program ends for any reason, the process is killed.
#[derive(Debug)]
pub struct Program {
    name: &'static str,
    wanted: watch::Sender<bool>,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct State {
    pid: Mutex<Option<u32>>,
    starts: AtomicU32,
}

impl State {
    fn set(&self, pid: Option<u32>) {
        *locked(&self.pid) = pid;
    }

    fn pid(&self) -> Option<u32> {
        *locked(&self.pid)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // The child is killed with the task that owns it.
        self.task.abort();
    }
}

impl Program {
    /// Starts it; its output goes to a file in `logs`.
    pub fn start(spec: Spec, logs: &Path) -> Self {
        let (name, log) = (spec.name, logs.join(format!("{}.log", spec.name)));
        let wanted = watch::Sender::new(true);
        let state = Arc::new(State::default());
        let task = tokio::spawn(keep(spec, log, wanted.subscribe(), Arc::clone(&state)));
        Self {
            name,
            wanted,
            state,
            task,
        }
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How often it was started.
    pub fn starts(&self) -> u32 {
        self.state.starts.load(Ordering::SeqCst)
    }

    /// Whether it is running at this moment.
    pub fn runs(&self) -> bool {
        self.state.pid().is_some()
    }

    /// Sets whether it is to run. When not, it is killed, and not restarted until it is wanted.
    pub fn want(&self, wanted: bool) {
        self.wanted.send_replace(wanted);
    }

    /// Sends it a signal, such as `STOP`. Returns whether it was running.
    ///
    /// # Errors
    /// When `kill` cannot be run.
    pub async fn signal(&self, signal: &str) -> Result<bool> {
        match self.state.pid() {
            Some(pid) => send(signal, pid).await,
            None => Ok(false),
        }
    }
}

/// Sends a signal to a process. Returns whether it was sent; it is not when the process has ended.
///
/// # Errors
/// When `kill` cannot be run.
pub async fn send(signal: &str, pid: u32) -> Result<bool> {
    let sent = Command::new("kill")
        .args(["-s", signal, &pid.to_string()])
        .stderr(Stdio::null())
        .status()
        .await?;
    Ok(sent.success())
}

async fn keep(spec: Spec, log: PathBuf, mut wanted: watch::Receiver<bool>, state: Arc<State>) {
    loop {
        if wanted.wait_for(|wanted| *wanted).await.is_err() {
            return;
        }
        if let Ok(mut child) = spawn(&spec, &log) {
            state.set(child.id());
            state.starts.fetch_add(1, Ordering::SeqCst);
            let is_unwanted = tokio::select! {
                _ = child.wait() => false,
                unwanted = wanted.wait_for(|wanted| !wanted) => unwanted.is_ok(),
            };
            state.set(None);
            if is_unwanted {
                // It may just have ended.
                let _ = child.kill().await;
                continue;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn spawn(spec: &Spec, log: &Path) -> std::io::Result<Child> {
    let log = OpenOptions::new().create(true).append(true).open(log)?;
    // If this program is killed, the child is not dropped: then the kernel kills it.
    Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "--"])
        .arg(&spec.path)
        .args(&spec.arguments)
        .envs(&spec.environment)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
}
