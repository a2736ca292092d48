//! `up`: the pipeline on this machine, left running in the background; again, and what has changed since is applied.
//!
//! What runs is noted in target/local/up/up.json before it is deployed to, so that `down` finds it in every case. When
//! Terraform fails half-way the emulator and the state stay for inspection; an interrupted start removes everything, an
//! interrupted change makes the next `up` start over.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::report::{heading, line, pair, say, step};
use super::stage::{Account, apply, deploy, difference, open_accounts, prepare};
use super::{CommandError, down, now};
use crate::checkout::Checkout;
use crate::console::complain;
use crate::local::{
    Deployment, Document, Emulator, EmulatorOptions, Outputs, Plan, Terraform, local_url, port_is_free, process_command,
};
use crate::sample::Samples;

/// A working day.
const LIFE: Duration = Duration::from_hours(8);

/// Options of `up`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct UpArguments {
    /// Port of the emulator [default: a free one]
    #[arg(long)]
    port: Option<u16>,
}

/// What runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Note {
    /// Process group of the emulator.
    pub(super) group: i32,
    /// Where it listens.
    pub(super) endpoint: String,
    /// The region it answers for.
    pub(super) region: String,
    /// The environment that is deployed.
    #[serde(default)]
    pub(super) environment_suffix: String,
    /// When it ends by itself, in seconds since 1970.
    pub(super) ends_at: u64,
    /// What is deployed; absent while Terraform works, and when it failed.
    pub(super) deployed: Option<Deployed>,
}

/// A finished deployment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Deployed {
    pub(super) outputs: Outputs,
    pub(super) accounts: BTreeMap<String, Account>,
}

/// The folder of `up`.
pub(super) fn folder(checkout: &Checkout) -> PathBuf {
    checkout.local("up")
}

impl Note {
    /// What an earlier `up` noted, if it did.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(folder.join("up.json")).ok()?).ok()
    }

    /// All or nothing, and for the owner's eyes only: it holds the secrets.
    fn write(&self, folder: &Path) -> Result<(), CommandError> {
        let file = folder.join("up.json");
        let part = folder.join("up.json.part");
        let written = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)
            .and_then(|mut opened| opened.write_all(&serde_json::to_vec_pretty(self).map_err(io::Error::other)?))
            .and_then(|()| fs::rename(&part, &file));
        written.map_err(|source| CommandError::File { path: file, source })
    }

    /// Whether its emulator still runs. Process ids are used again, so the command is looked at as well.
    pub(super) fn is_running(&self) -> bool {
        process_command(self.group).is_some_and(|command| command.contains("emulator.py"))
    }

    /// Why a changed document or another port cannot be had by a change of what runs: Terraform keeps its state for one
    /// environment in one region, and an emulator one port.
    fn cannot_become(&self, document: &Document, port: Option<u16>) -> Option<String> {
        let moved =
            |what: &str, from: &str, to: &str| (from != to).then(|| format!("the {what} is {to} now and was {from}"));
        let port = port.map_or_else(|| self.port().to_owned(), |port| port.to_string());
        moved("port", self.port(), &port)
            .or_else(|| moved("region", &self.region, &document.region))
            .or_else(|| moved("environment", &self.environment_suffix, &document.environment_suffix))
    }

    fn port(&self) -> &str {
        self.endpoint.rsplit_once(':').map_or("", |(_, port)| port)
    }

    /// The deployment, to look into.
    pub(super) fn deployment(&self) -> Option<Deployment> {
        let deployed = self.deployed.as_ref()?;
        Some(Deployment::new(&self.endpoint, &self.region, deployed.outputs.clone()))
    }
}

/// One `up` or `down` at a time: two would end each other's emulator.
pub(super) fn lock(checkout: &Checkout) -> Result<fs::File, CommandError> {
    let path = checkout.local("up.lock");
    let failed = |source| CommandError::File { path: path.clone(), source };
    fs::create_dir_all(checkout.local("")).map_err(failed)?;
    let file = fs::File::create(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(CommandError::Busy),
        Err(fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Starts the pipeline; where it runs already, applies what has changed since, or starts over where that cannot be.
///
/// # Errors
/// With what went wrong and the remedy.
pub async fn run(arguments: &UpArguments, checkout: &Checkout) -> Result<(), CommandError> {
    let _lock = lock(checkout)?;
    Terraform::available(&checkout.local_out())?;
    let document = Document::read(&checkout.local_out())?;
    let running = Note::read(&folder(checkout)).filter(Note::is_running);
    let Some(note) = running else {
        return start(arguments.port, checkout, &document, &BTreeMap::new()).await;
    };
    let Some(deployed) = note.deployed.clone() else {
        say("An earlier `up` was not finished: starting over.");
        return start(arguments.port, checkout, &document, &BTreeMap::new()).await;
    };
    let Some(why) = note.cannot_become(&document, arguments.port) else {
        return change(note, &deployed, checkout, &document).await;
    };
    let port = arguments.port.or_else(|| note.port().parse().ok());
    if let Some(port) = port.filter(|port| port.to_string() != note.port()) {
        port_is_free(port)?;
    }
    say(format!("It is up, but {why}: starting over. The secrets stay; what the old one had received goes."));
    start(port, checkout, &document, &deployed.accounts).await
}

/// Applies what has changed in the document since the pipeline was deployed, and says what that was.
async fn change(
    mut note: Note,
    deployed: &Deployed,
    checkout: &Checkout,
    document: &Document,
) -> Result<(), CommandError> {
    heading("It is up already; what has changed since?");
    let folder = folder(checkout);
    let terraform = prepare(checkout, &folder.join("terraform"), &note.endpoint).await?;
    step("terraform init", terraform.init()).await?;
    let Plan::Changes(changes) = step("terraform plan", terraform.plan()).await? else {
        line("nothing: what runs is what hookline.toml and the functions say");
        explain(&note, checkout);
        return Ok(());
    };
    let headings = changes.lines().filter_map(|text| text.strip_prefix("  # "));
    // Reasons stand in brackets on lines of their own.
    for change in headings.filter(|text| !text.starts_with('(')) {
        line(change);
    }
    note.deployed = None;
    note.write(&folder)?;
    let mut half_way = HalfWay(true);
    if let Err(error) = apply(&terraform).await {
        half_way.0 = false;
        line(STAYS);
        return Err(error);
    }
    let outputs = terraform.outputs().await?;
    let deployment = Deployment::new(&note.endpoint, &note.region, outputs.clone());
    let accounts = open_accounts(document, &deployment, &deployed.accounts).await?;
    for (provider, account) in &accounts {
        if deployed.accounts.get(provider).map(|known| &known.secret) != Some(&account.secret) {
            line(format!("a fresh secret is stored for {provider}"));
        }
    }
    note.deployed = Some(Deployed { outputs, accounts });
    note.write(&folder)?;
    half_way.0 = false;
    explain(&note, checkout);
    Ok(())
}

/// What became of a failed apply.
const STAYS: &str =
    "the emulator and Terraform's state stay for inspection: `./just down` removes both, `./just up` starts over";

/// Says what an interrupt in the middle of a change means.
struct HalfWay(bool);

impl Drop for HalfWay {
    fn drop(&mut self) {
        if self.0 {
            complain("the change was not finished: `./just up` starts over, `./just down` removes what runs");
        }
    }
}

/// Removes what an earlier `up` left, starts an emulator and deploys to it, with the secrets that are known.
async fn start(
    port: Option<u16>,
    checkout: &Checkout,
    document: &Document,
    known: &BTreeMap<String, Account>,
) -> Result<(), CommandError> {
    let folder = folder(checkout);
    down::clear(checkout).await?;
    fs::create_dir_all(&folder).map_err(|source| CommandError::File { path: folder.clone(), source })?;
    let mut guard = Interrupted { folder: Some(folder.clone()) };

    heading(&format!("An AWS account on this machine ({})", document.region));
    let options = EmulatorOptions { port, life: LIFE, region: document.region.clone(), ..EmulatorOptions::default() };
    let emulator = step("emulator", Emulator::start(checkout, &folder.join("emulator"), &options)).await?;
    let mut note = Note {
        group: emulator.group(),
        endpoint: emulator.endpoint(),
        region: document.region.clone(),
        environment_suffix: document.environment_suffix.clone(),
        ends_at: now() + LIFE.as_secs(),
        deployed: None,
    };
    note.write(&folder)?;

    heading("terraform on target/local/out/main.tf.json");
    let deployed = match deploy(checkout, document, &folder.join("terraform"), &note.endpoint).await {
        Ok((_, deployment)) => {
            let accounts = open_accounts(document, &deployment, known).await?;
            Deployed { outputs: deployment.outputs().clone(), accounts }
        }
        Err(error) => {
            // For inspection; `down` removes it.
            guard.folder = None;
            emulator.leave_running().await;
            line(STAYS);
            return Err(error);
        }
    };
    note.deployed = Some(deployed);
    note.write(&folder)?;
    guard.folder = None;
    emulator.leave_running().await;
    explain(&note, checkout);
    Ok(())
}

/// Removes the folder unless told otherwise.
struct Interrupted {
    folder: Option<PathBuf>,
}

impl Drop for Interrupted {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// How to use what runs.
fn explain(note: &Note, checkout: &Checkout) {
    let Some(deployed) = &note.deployed else {
        return;
    };
    heading("It is up");
    pair("AWS endpoint", &note.endpoint);
    pair("generic route", local_url(&note.endpoint, &deployed.outputs.api_endpoint_url));
    for (provider, url) in &deployed.outputs.provider_endpoint_urls {
        pair(&format!("route of {provider}"), local_url(&note.endpoint, url));
    }
    line(difference());
    pair("ends by itself in", format!("{} minutes", note.ends_at.saturating_sub(now()) / 60));

    heading("Send");
    let lead = lead(&deployed.accounts, &Samples::new(checkout.samples()));
    let provider = lead.as_ref().map_or("", |(provider, _)| provider);
    if let Some((provider, event)) = &lead {
        line(format!(
            "./just send {provider} {event}\n./just send {provider} {event} --forge\n{}",
            with_curl(provider, event)
        ));
    }

    heading("Look");
    let queue = deployed.outputs.subscriber_queue_urls.get(provider);
    if let Some(queue) = queue {
        line(format!("curl -s '{}/_ministack/sqs/messages?QueueUrl={queue}'", note.endpoint));
    }
    line("with the AWS command line:");
    let aws = "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws";
    let aws = format!("{aws} --region {} --endpoint-url {}", note.region, note.endpoint);
    line(format!("{aws} dynamodb scan --table-name {}", deployed.outputs.dynamodb_table_name));
    line(format!("{aws} s3 ls --recursive s3://{}/raw/", deployed.outputs.s3_bucket_name));
    if let Some(queue) = queue {
        line(format!("{aws} sqs receive-message --queue-url {queue}"));
    }

    heading("Stop");
    line("./just down");
}

/// Who is sent from in examples: Stripe where it is configured, else the first; and what.
fn lead(accounts: &BTreeMap<String, Account>, samples: &Samples) -> Option<(String, String)> {
    let (provider, account) = accounts.get_key_value("stripe").or_else(|| accounts.first_key_value())?;
    let events = samples.events(&account.scheme);
    let familiar = "payment_intent.succeeded";
    let event = events.iter().find(|event| *event == familiar).or_else(|| events.first())?;
    Some((provider.clone(), event.clone()))
}

/// A command to copy into any shell. It signs at the moment it runs, each time a new event; the secret stays in the
/// process that signs, where neither `ps` nor a history sees it.
pub fn with_curl(provider: &str, event: &str) -> String {
    format!("./just send {provider} {event} --curl | curl --config -")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back_and_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let note = Note {
            group: i32::MAX,
            endpoint: "http://127.0.0.1:1".into(),
            region: "us-east-1".into(),
            environment_suffix: "dev".into(),
            ends_at: 7,
            deployed: None,
        };
        note.write(folder.path()).unwrap();
        let read = Note::read(folder.path()).unwrap();
        assert_eq!((read.group, read.ends_at), (i32::MAX, 7));
        assert!(!read.is_running(), "no such process");
        let mode = fs::metadata(folder.path().join("up.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_process_that_is_not_the_emulator_does_not_count_as_running() {
        let own = i32::try_from(std::process::id()).unwrap();
        let note = Note {
            group: own,
            endpoint: String::new(),
            region: String::new(),
            environment_suffix: String::new(),
            ends_at: 0,
            deployed: None,
        };
        assert!(!note.is_running());
    }
}
