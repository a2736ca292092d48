//! The AWS emulator as a child process.
//!
//! Guarantees: it binds loopback only; it sees nothing of this process's environment (its functions inherit its own);
//! it ends with [`Emulator::stop`], with the drop of the handle, with the death of this process (its standard input
//! ends), and at the latest when its life time is over. Everything it knows is in memory and in its own folder.

use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{ChildStdin, Command};

use super::poll::until;
use super::process::Group;
use crate::checkout::{Checkout, CheckoutError};

/// A cold start on a busy machine takes a few seconds; a start that takes longer does not come.
const READY_WITHIN: Duration = Duration::from_mins(1);
/// The launcher gives its functions five seconds of their own.
const STOP_WITHIN: Duration = Duration::from_secs(8);

/// How to start the emulator.
#[derive(Debug, Clone)]
pub struct EmulatorOptions {
    /// A port of its own, or any free one.
    pub port: Option<u16>,
    /// It ends by itself after this time.
    pub life: Duration,
    /// Enforce the functions' IAM policies, so that a missing permission shows.
    pub authorize: bool,
    /// The one region it answers for.
    pub region: String,
}

impl Default for EmulatorOptions {
    fn default() -> Self {
        Self { port: None, life: Duration::from_hours(1), authorize: true, region: "us-east-1".to_owned() }
    }
}

/// A running emulator.
#[derive(Debug)]
pub struct Emulator {
    port: u16,
    region: String,
    folder: PathBuf,
    group: Group,
    // Held open: its end tells the launcher that we are gone.
    lifeline: Option<ChildStdin>,
}

/// Why there is no emulator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// Another program listens on the port.
    #[error(
        "port {0} is taken: choose another with --port, or end what listens there (`./just down`, if it was `./just up`)"
    )]
    PortTaken(u16),
    /// The pinned tools are not there.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// It could not be started.
    #[error("the emulator could not be started in {}: {source}", folder.display())]
    Start {
        /// Its folder.
        folder: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It started and did not become ready.
    #[error("the emulator did not become ready: {why}; its log is {}:\n{tail}", log.display())]
    NotReady {
        /// Ended or too slow.
        why: String,
        /// The whole log.
        log: PathBuf,
        /// The end of the log.
        tail: String,
    },
}

impl Emulator {
    /// Starts an emulator that ends with this process, with its files in `folder` (made anew), and waits until it is
    /// ready.
    ///
    /// # Errors
    /// [`EmulatorError`], naming the remedy.
    pub async fn start(checkout: &Checkout, folder: &Path, options: &EmulatorOptions) -> Result<Self, EmulatorError> {
        let python = checkout.python()?;
        let port = choose_port(options.port)?;
        let start_error = |source| EmulatorError::Start { folder: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(start_error)?;
        let log = folder.join("emulator.log");
        let output = std::fs::File::create(&log).map_err(start_error)?;

        let mut command = Command::new(python);
        command
            .arg(checkout.tool("emulator.py"))
            .arg("--life")
            .arg(options.life.as_secs().to_string())
            .arg("--watch-stdin")
            .env_clear()
            .envs(settings(folder, port, options))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(output.try_clone().map_err(start_error)?)
            .stderr(output);
        let mut group = Group::spawn(&mut command).map_err(start_error)?;
        let lifeline = group.take_stdin();
        let mut emulator = Self { port, region: options.region.clone(), folder: folder.to_owned(), group, lifeline };
        match emulator.wait_until_ready().await {
            Ok(()) => Ok(emulator),
            Err(why) => {
                emulator.group.stop(Duration::ZERO).await;
                let text = std::fs::read_to_string(&log).unwrap_or_default();
                if text.contains("already in use") {
                    return Err(EmulatorError::PortTaken(port));
                }
                Err(EmulatorError::NotReady { why, log, tail: last_lines(&text, 12) })
            }
        }
    }

    /// Asks until the emulator says that it is ready, or has ended.
    async fn wait_until_ready(&mut self) -> Result<(), String> {
        let url = format!("{}/_ministack/ready", self.endpoint());
        let http = crate::http::client();
        until("the emulator", READY_WITHIN, async || {
            if let Ok(Some(status)) = self.group.child().try_wait() {
                return Some(Err(format!("it ended with {status}")));
            }
            let answer = http.get(&url).timeout(Duration::from_secs(2)).send().await;
            answer.is_ok_and(|answer| answer.status().is_success()).then_some(Ok(()))
        })
        .await
        .unwrap_or_else(|timed_out| Err(timed_out.to_string()))
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The region it answers for.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Its process group.
    pub fn group(&self) -> i32 {
        self.group.id()
    }

    /// What it wrote.
    pub fn log(&self) -> PathBuf {
        self.folder.join("emulator.log")
    }

    /// Ends it and everything it started.
    pub async fn stop(mut self) {
        self.group.stop(STOP_WITHIN).await;
    }

    /// Lets it go on when this process ends, until its life time is over. [`Emulator::group`] is what to end earlier.
    pub async fn leave_running(mut self) {
        if let Some(mut lifeline) = self.lifeline.take() {
            // A launcher that cannot be told ends with this process, which is the safe side.
            let _ = lifeline.write_all(b"stay\n").await;
            let _ = lifeline.flush().await;
        }
        self.group.detach();
    }
}

/// The emulator's whole environment. Its functions inherit it, hence nothing of ours, and `AWS_ENDPOINT_URL`: without
/// it they would dial AWS itself.
fn settings(folder: &Path, port: u16, options: &EmulatorOptions) -> Vec<(&'static str, String)> {
    let folder = folder.display().to_string();
    let mut settings = vec![
        ("PATH", "/usr/bin:/bin".to_owned()),
        ("HOME", folder.clone()),
        ("TMPDIR", folder),
        ("BIND_HOST", "127.0.0.1".to_owned()),
        ("GATEWAY_PORT", port.to_string()),
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
        ("MINISTACK_REGION", options.region.clone()),
        ("LOG_LEVEL", "WARNING".to_owned()),
        ("IOT_MTLS_ENABLED", "0".to_owned()),
        ("SFTP_ENABLED", "0".to_owned()),
    ];
    if options.authorize {
        settings.push(("AUTH", "true".to_owned()));
    }
    settings
}

/// Whether an emulator could listen on `port`: to be asked before anything is ended for it.
///
/// # Errors
/// [`EmulatorError::PortTaken`]
pub fn port_is_free(port: u16) -> Result<(), EmulatorError> {
    choose_port(Some(port)).map(|_| ())
}

/// The port asked for, if it is free, or any free one.
fn choose_port(wanted: Option<u16>) -> Result<u16, EmulatorError> {
    let port = wanted.unwrap_or(0);
    TcpListener::bind(("127.0.0.1", port))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|_| EmulatorError::PortTaken(port))
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_cannot_dial_aws_by_accident() {
        let settings = settings(Path::new("/x"), 4567, &EmulatorOptions::default());
        assert!(settings.contains(&("AWS_ENDPOINT_URL", "http://127.0.0.1:4567".to_owned())));
        assert!(settings.contains(&("BIND_HOST", "127.0.0.1".to_owned())));
    }

    #[test]
    fn a_taken_port_is_an_error_that_names_the_remedy() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = choose_port(Some(port)).unwrap_err();
        assert!(error.to_string().starts_with(&format!("port {port} is taken: choose another with --port")));
    }

    #[test]
    fn the_tail_of_a_short_log_is_the_log() {
        assert_eq!(last_lines("a\nb", 12), "a\nb");
        assert_eq!(last_lines("a\nb\nc", 2), "b\nc");
    }
}
