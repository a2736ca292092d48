//! Child processes that take their own children along.
//!
//! A child leads a process group: a Ctrl-C in the terminal reaches only us, and we decide in which order things end.
//! Dropping the handle kills the whole group, so an aborted future or an early return leaves nothing behind.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process, test_kill_process_group};
use tokio::process::{Child, ChildStdin, Command};

/// A child and everything it started.
#[derive(Debug)]
pub(crate) struct Group {
    child: Child,
    id: Pid,
    finished: bool,
}

impl Group {
    /// Starts `command` as the leader of a new process group.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<Self> {
        let child = command.process_group(0).spawn()?;
        let id = child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw)
            .ok_or_else(|| io::Error::other("the process has no id"))?;
        Ok(Self { child, id, finished: false })
    }

    /// The leader's process id, which is the group's as well.
    pub(crate) fn id(&self) -> i32 {
        self.id.as_raw_nonzero().get()
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The other end of the child's standard input; closing it tells the child that its owner is gone.
    pub(crate) fn take_stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Waits for the leader.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.finished = true;
        Ok(status)
    }

    /// SIGTERM, and SIGKILL to the whole group when the leader is not gone within `grace`.
    pub(crate) async fn stop(&mut self, grace: Duration) {
        if !self.finished {
            let _ = kill_process_group(self.id, Signal::TERM);
            let _ = tokio::time::timeout(grace, self.child.wait()).await;
        }
        let _ = kill_process_group(self.id, Signal::KILL);
        let _ = self.child.wait().await;
        self.finished = true;
    }

    /// Lets the group go on after this handle is dropped.
    pub(crate) fn detach(&mut self) {
        self.finished = true;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.finished {
            let _ = kill_process_group(self.id, Signal::KILL);
        }
    }
}

/// Whether any process of the group is left.
pub fn group_is_alive(id: i32) -> bool {
    Pid::from_raw(id).is_some_and(|id| test_kill_process_group(id).is_ok())
}

/// Ends a group that an earlier process started: SIGTERM, then SIGKILL after `grace`.
pub async fn kill_group(id: i32, grace: Duration) {
    let Some(group) = Pid::from_raw(id) else {
        return;
    };
    let _ = kill_process_group(group, Signal::TERM);
    let gone = super::until("the processes to end", grace, async || (!group_is_alive(id)).then_some(())).await;
    if gone.is_err() {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Whether the process exists.
pub fn process_is_alive(id: i32) -> bool {
    Pid::from_raw(id).is_some_and(|id| test_kill_process(id).is_ok())
}

/// The command line of a process, if it exists.
pub fn process_command(id: i32) -> Option<String> {
    if let Ok(words) = std::fs::read(format!("/proc/{id}/cmdline")) {
        return Some(String::from_utf8_lossy(&words).replace('\0', " "));
    }
    // Where there is no /proc.
    let output = std::process::Command::new("ps").args(["-o", "command=", "-p", &id.to_string()]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
