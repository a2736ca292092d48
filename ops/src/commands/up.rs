//! `up`: the pipeline on this machine, left running in the background.
//!
//! What runs is noted in target/local/up/up.json before it is deployed to, so that `down` finds it in every case. When
//! Terraform fails half-way the emulator and the state stay for inspection; an interrupt removes everything.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::report::{heading, line, pair, say, step};
use super::stage::{Account, deploy, open_accounts};
use super::{CommandError, down, now};
use crate::checkout::Checkout;
use crate::local::{
    Deployment, Document, Emulator, EmulatorOptions, Outputs, Terraform, local_url, process_command,
};

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
            .and_then(|mut opened| {
                opened.write_all(&serde_json::to_vec_pretty(self).map_err(io::Error::other)?)
            })
            .and_then(|()| fs::rename(&part, &file));
        written.map_err(|source| CommandError::File { path: file, source })
    }

    /// Whether its emulator still runs. Process ids are used again, so the command is looked at as well.
    pub(super) fn is_running(&self) -> bool {
        process_command(self.group).is_some_and(|command| command.contains("emulator.py"))
    }

    /// The deployment, to look into.
    pub(super) fn deployment(&self) -> Option<Deployment> {
        let deployed = self.deployed.as_ref()?;
        Some(Deployment::new(
            &self.endpoint,
            &self.region,
            deployed.outputs.clone(),
        ))
    }
}

/// Starts the pipeline, or says that it runs already.
///
/// # Errors
/// With what went wrong and the remedy.
pub async fn run(arguments: &UpArguments) -> Result<(), CommandError> {
    let checkout = Checkout::find()?;
    let folder = folder(&checkout);
    if let Some(note) = Note::read(&folder).filter(Note::is_running) {
        if note.deployed.is_some() {
            say("It is already up (`./just down` stops it).");
            explain(&note);
            return Ok(());
        }
        say("An earlier `up` was not finished: starting over.");
    }
    Terraform::available(&checkout.out())?;
    let document = Document::read(&checkout.out())?;
    down::clear(&checkout).await?;
    fs::create_dir_all(&folder).map_err(|source| CommandError::File {
        path: folder.clone(),
        source,
    })?;
    let mut guard = Interrupted {
        folder: Some(folder.clone()),
    };

    heading(&format!(
        "An AWS account on this machine ({})",
        document.region
    ));
    let options = EmulatorOptions {
        port: arguments.port,
        life: LIFE,
        region: document.region.clone(),
        ..EmulatorOptions::default()
    };
    let emulator = step(
        "emulator",
        Emulator::start(&checkout, &folder.join("emulator"), &options),
    )
    .await?;
    let mut note = Note {
        group: emulator.group(),
        endpoint: emulator.endpoint(),
        region: document.region.clone(),
        ends_at: now() + LIFE.as_secs(),
        deployed: None,
    };
    note.write(&folder)?;

    heading("terraform on out/main.tf.json");
    let deployed = match deploy(
        &checkout,
        &document,
        &folder.join("terraform"),
        &note.endpoint,
    )
    .await
    {
        Ok((_, deployment)) => {
            let accounts = open_accounts(&document, &deployment).await?;
            Deployed {
                outputs: deployment.outputs().clone(),
                accounts,
            }
        }
        Err(error) => {
            // For inspection; `down` removes it.
            guard.folder = None;
            emulator.leave_running().await;
            line(
                "the emulator and Terraform's state stay for inspection: `./just down` removes both",
            );
            return Err(error);
        }
    };
    note.deployed = Some(deployed);
    note.write(&folder)?;
    guard.folder = None;
    emulator.leave_running().await;
    explain(&note);
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
fn explain(note: &Note) {
    let Some(deployed) = &note.deployed else {
        return;
    };
    heading("It is up");
    pair("AWS endpoint", &note.endpoint);
    pair(
        "generic route",
        local_url(&note.endpoint, &deployed.outputs.api_endpoint_url),
    );
    for (provider, url) in &deployed.outputs.provider_endpoint_urls {
        pair(
            &format!("route of {provider}"),
            local_url(&note.endpoint, url),
        );
    }
    pair(
        "ends by itself in",
        format!("{} minutes", note.ends_at.saturating_sub(now()) / 60),
    );

    heading("Send");
    let provider = if deployed.accounts.contains_key("stripe") {
        "stripe"
    } else {
        "standard-webhooks"
    };
    let event = if provider == "stripe" {
        "payment_intent.succeeded"
    } else {
        "invoice.paid"
    };
    line(format!(
        "./just send {provider} {event}\n./just send {provider} {event} --forge"
    ));
    if let Some(curl) = stripe_curl(note, deployed) {
        heading("Send with curl");
        say(curl);
    }

    heading("Look");
    let queue = deployed.outputs.subscriber_queue_urls.get(provider);
    if let Some(queue) = queue {
        line(format!(
            "curl -s '{}/_ministack/sqs/messages?QueueUrl={queue}'",
            note.endpoint
        ));
    }
    line("with the AWS command line:");
    let aws = "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws";
    let aws = format!(
        "{aws} --region {} --endpoint-url {}",
        note.region, note.endpoint
    );
    line(format!(
        "{aws} dynamodb scan --table-name {}",
        deployed.outputs.dynamodb_table_name
    ));
    line(format!(
        "{aws} s3 ls --recursive s3://{}/raw/",
        deployed.outputs.s3_bucket_name
    ));
    if let Some(queue) = queue {
        line(format!("{aws} sqs receive-message --queue-url {queue}"));
    }

    heading("Stop");
    line("./just down");
}

/// A command to copy that signs like Stripe does, at the moment it runs.
fn stripe_curl(note: &Note, deployed: &Deployed) -> Option<String> {
    let account = deployed
        .accounts
        .get("stripe")
        .filter(|account| account.scheme == "stripe")?;
    let secret: serde_json::Value = serde_json::from_str(&account.secret).ok()?;
    let secret = secret["secrets"][0].as_str()?;
    let url = local_url(
        &note.endpoint,
        deployed.outputs.provider_endpoint_urls.get("stripe")?,
    );
    Some(format!(
        r#"body='{{"id":"evt_'$RANDOM$RANDOM'","object":"event","type":"payment_intent.succeeded","created":'$(date +%s)',"data":{{"object":{{"id":"pi_1","amount":2599,"currency":"eur"}}}}}}'
t=$(date +%s); v1=$(printf '%s.%s' "$t" "$body" | openssl dgst -sha256 -hmac '{secret}' -r | cut -d' ' -f1)
curl -sS '{url}' -H 'Content-Type: application/json' -H "Stripe-Signature: t=$t,v1=$v1" --data-binary "$body""#
    ))
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
            ends_at: 7,
            deployed: None,
        };
        note.write(folder.path()).unwrap();
        let read = Note::read(folder.path()).unwrap();
        assert_eq!((read.group, read.ends_at), (i32::MAX, 7));
        assert!(!read.is_running(), "no such process");
        let mode = fs::metadata(folder.path().join("up.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_process_that_is_not_the_emulator_does_not_count_as_running() {
        let own = i32::try_from(std::process::id()).unwrap();
        let note = Note {
            group: own,
            endpoint: String::new(),
            region: String::new(),
            ends_at: 0,
            deployed: None,
        };
        assert!(!note.is_running());
    }
}
