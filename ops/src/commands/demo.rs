//! `demo`: the whole product in one run, and nothing of it left afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hookline_webhook::{Route, UtcTime, settings};

use super::report::{self, line, pair, say, step};
use super::stage::{Account, deploy, difference, open_accounts};
use super::{CommandError, DemoError, now};
use crate::checkout::Checkout;
use crate::local::{Answer, Deployment, Document, Emulator, EmulatorOptions, Inventory, Plan, Terraform};
use crate::sample::Samples;
use crate::send::{Flaw, Sender, Webhook};

/// The whole demo takes a minute; a forgotten one ends by itself.
const LIFE: Duration = Duration::from_mins(30);
/// First deliveries start both functions.
const PUBLISHED_WITHIN: Duration = Duration::from_mins(1);
/// Three attempts with the pauses between them.
const PARKED_WITHIN: Duration = Duration::from_mins(5);

/// Options of `demo`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DemoArguments {
    /// Port of the emulator [default: a free one]
    #[arg(long)]
    port: Option<u16>,
}

/// Runs the demo.
///
/// # Errors
/// With what went wrong and the remedy. Nothing keeps running; on a failure the working folder stays for inspection.
pub async fn run(arguments: &DemoArguments, checkout: &Checkout) -> Result<(), CommandError> {
    Terraform::available(&checkout.local_out())?;
    let document = Document::read(&checkout.local_out())?;
    let mut scratch = Scratch::new(checkout)?;
    let outcome = show(arguments, checkout, &document, &scratch.folder).await;
    let failed = outcome.as_ref().is_err_and(|error| !matches!(error, CommandError::Unheard));
    if failed && scratch.folder.join("emulator").exists() {
        scratch.keep = true;
        line(format!("what happened until then lies in {}", scratch.folder.display()));
    }
    outcome
}

/// A heading. Where nobody reads on the demo ends, since it does nothing but show.
fn heading(text: &str) -> Result<(), CommandError> {
    report::heading(text);
    if crate::console::unheard() {
        return Err(CommandError::Unheard);
    }
    Ok(())
}

async fn show(
    arguments: &DemoArguments,
    checkout: &Checkout,
    document: &Document,
    folder: &Path,
) -> Result<(), CommandError> {
    heading(&format!("1. An AWS account on this machine ({})", document.region))?;
    let options = EmulatorOptions {
        port: arguments.port,
        life: LIFE,
        region: document.region.clone(),
        ..EmulatorOptions::default()
    };
    let emulator = step("emulator", Emulator::start(checkout, &folder.join("emulator"), &options)).await?;
    line(emulator.endpoint());

    heading("2. terraform on target/local/out/main.tf.json")?;
    let (terraform, deployment) = deploy(checkout, document, &folder.join("terraform"), &emulator.endpoint()).await?;
    let accounts = open_accounts(document, &deployment, &BTreeMap::new()).await?;
    line(difference());
    line(format!("secrets stored for {}", accounts.keys().cloned().collect::<Vec<_>>().join(", ")));

    let mut play =
        Play { deployment: &deployment, samples: Samples::new(checkout.samples()), accounts, accepted: Vec::new() };
    play.accepted_ones().await?;
    play.refused_ones().await?;
    let poison = play.poison_message().await?;
    play.published_ones().await?;
    play.received_ones().await?;
    play.parked_one(&poison).await?;

    heading("9. Terraform outputs")?;
    for (name, value) in deployment.outputs().lines() {
        pair(&name, value);
    }
    tear_down(checkout, &terraform, &emulator).await?;
    emulator.stop().await;
    say("\nThat was all of it: deployed, used, destroyed. `./just up` does the same and leaves it running.");
    Ok(())
}

/// Everything the pipeline is shown to do.
struct Play<'a> {
    deployment: &'a Deployment,
    samples: Samples,
    accounts: BTreeMap<String, Account>,
    /// Provider and webhook id of what must be published, in the order it was accepted.
    accepted: Vec<(String, String)>,
}

impl Play<'_> {
    fn sender(&self, provider: &str) -> Result<Sender, CommandError> {
        self.accounts[provider].sender(provider)
    }

    /// The provider that plays the lead: Stripe where it is configured.
    fn lead(&self) -> Result<String, CommandError> {
        let lead = self.accounts.get_key_value("stripe").or_else(|| self.accounts.first_key_value());
        lead.map(|(provider, _)| provider.clone()).ok_or_else(|| DemoError::NoProvider.into())
    }

    fn webhook(&self, sender: &Sender, event: &str, route: Route, flaw: Flaw) -> Result<Webhook, CommandError> {
        let now = now();
        let message = self.samples.message(sender.scheme().name(), event, now)?;
        Ok(sender.sign(&message, route, flaw, UtcTime::from_unix_seconds(now))?)
    }

    async fn accepted_ones(&mut self) -> Result<(), CommandError> {
        heading("3. Signed webhooks are accepted")?;
        let providers: Vec<String> = self.accounts.keys().cloned().collect();
        for provider in providers {
            let sender = self.sender(&provider)?;
            for event in self.samples.events(sender.scheme().name()).into_iter().take(2) {
                let webhook = self.webhook(&sender, &event, Route::Native, Flaw::None)?;
                self.expect_accepted(&provider, &event, &self.deployment.provider_url(&provider)?, &webhook).await?;
            }
        }
        let lead = self.lead()?;
        let sender = self.sender(&lead)?;
        let event = self.first_event(&sender)?;
        let webhook = self.webhook(&sender, &event, Route::Generic, Flaw::None)?;
        self.expect_accepted(&lead, &format!("{event} (generic route)"), &self.deployment.generic_url(), &webhook)
            .await?;

        let again = self.deployment.send(&self.deployment.generic_url(), &webhook).await?;
        tell(&lead, "the same delivery again", &again);
        // Some providers want another body than ours.
        match again.field("status") {
            Some(said) if said != "duplicate" => {
                Err(DemoError::NoDuplicate { status: again.status, body: again.body }.into())
            }
            _ => expect(&again, &[sender.scheme().response().ok]),
        }
    }

    fn first_event(&self, sender: &Sender) -> Result<String, CommandError> {
        let scheme = sender.scheme().name();
        let first = self.samples.events(scheme).into_iter().next();
        first.ok_or_else(|| DemoError::NoSample(scheme.to_owned()).into())
    }

    async fn expect_accepted(
        &mut self,
        provider: &str,
        what: &str,
        url: &str,
        webhook: &Webhook,
    ) -> Result<(), CommandError> {
        let answer = self.deployment.send(url, webhook).await?;
        tell(provider, what, &answer);
        if !(200..300).contains(&answer.status) {
            return Err(DemoError::Refused { provider: provider.to_owned(), what: what.to_owned() }.into());
        }
        let id = self.sender(provider)?.webhook_id(webhook).to_string();
        // Some providers want another body than ours.
        if answer.field("id").is_some_and(|told| told != id) {
            return Err(DemoError::OtherId { provider: provider.to_owned(), what: what.to_owned(), id }.into());
        }
        self.accepted.push((provider.to_owned(), id));
        Ok(())
    }

    async fn refused_ones(&mut self) -> Result<(), CommandError> {
        heading("4. Everything else is refused")?;
        let lead = self.lead()?;
        let sender = self.sender(&lead)?;
        let event = self.first_event(&sender)?;
        let native = self.deployment.provider_url(&lead)?;
        let flaws = [
            ("without its signature header", Flaw::Unsigned),
            ("signed with another secret", Flaw::Forged),
            ("changed after it was signed", Flaw::Tampered),
            ("signed an hour ago", Flaw::Stale),
        ];
        for (what, flaw) in flaws {
            let webhook = self.webhook(&sender, &event, Route::Native, flaw)?;
            let at = UtcTime::from_unix_seconds(now());
            let expected = sender.expected(&webhook, Route::Native, at);
            let answer = self.deployment.send(&native, &webhook).await?;
            tell(&lead, what, &answer);
            expect(&answer, &expected)?;
            // A scheme that does not sign its time, or its body, cannot tell.
            if (200..300).contains(&answer.status) {
                self.accepted.push((lead.clone(), sender.webhook_id(&webhook).to_string()));
            }
        }
        Ok(())
    }

    /// The ids of the poison message and of a sound one behind it, in the same ordered lane.
    async fn poison_message(&self) -> Result<[String; 2], CommandError> {
        heading("5. One webhook that cannot be processed: its archived bytes lie in Glacier")?;
        let (provider, _) = self.accounts.last_key_value().ok_or(DemoError::NoProvider)?;
        let sender = self.sender(provider)?;
        let event = self.first_event(&sender)?;
        let webhook = self.webhook(&sender, &event, Route::Native, Flaw::None)?;
        // Ingestion finds the bytes already archived and accepts; processing gets `InvalidObjectState` at every attempt.
        let key = sender.object_key(&webhook, UtcTime::from_unix_seconds(now()));
        self.deployment.put_unreadable_object(key.as_str(), &webhook.body).await?;
        let behind = self.webhook(&sender, &event, Route::Native, Flaw::None)?;
        let url = self.deployment.provider_url(provider)?;
        for (what, webhook) in [("the poison message", &webhook), ("a sound one behind it", &behind)] {
            let answer = self.deployment.send(&url, webhook).await?;
            tell(provider, what, &answer);
            expect(&answer, &[sender.scheme().response().ok])?;
        }
        Ok([&webhook, &behind].map(|webhook| sender.webhook_id(webhook).to_string()))
    }

    async fn published_ones(&self) -> Result<(), CommandError> {
        heading("6. The ledger: every accepted one becomes published")?;
        for (_, id) in &self.accepted {
            let record = self.deployment.wait_for_status(id, "published", PUBLISHED_WITHIN).await?;
            let archived = self.deployment.object(record.s3_key()).await?.len();
            line(format!("{id}  published  {archived} bytes archived, sha256 {:.16}", record.field("payload_sha256")));
        }
        Ok(())
    }

    async fn received_ones(&self) -> Result<(), CommandError> {
        heading("7. The subscribers: each queue has its provider's events, in order")?;
        for provider in self.accounts.keys() {
            let sent: Vec<&str> =
                self.accepted.iter().filter(|(by, _)| by == provider).map(|(_, id)| id.as_str()).collect();
            let events = self.deployment.wait_for_events(provider, sent.len(), PUBLISHED_WITHIN).await?;
            for event in &events {
                let sequence = event.json["detail"]["sequence"].to_string();
                let kind = event.json["detail-type"].as_str().unwrap_or_default();
                line(format!("{provider:<20} {kind:<34} sequence …{}", last(sequence.trim_matches('"'), 8)));
            }
            let received: Vec<&str> = events.iter().map(crate::local::Event::webhook_id).collect();
            if received != sent {
                let [sent, received] = [sent, received].map(|ids| ids.join(", "));
                return Err(DemoError::NotReceived { provider: provider.clone(), sent, received }.into());
            }
        }
        Ok(())
    }

    async fn parked_one(&self, [id, behind]: &[String; 2]) -> Result<(), CommandError> {
        heading(&format!(
            "8. The dead letters: parked after {} attempts, and its lane goes on",
            settings::MAX_RECEIVES
        ))?;
        let record =
            step("waiting for the last attempt", self.deployment.wait_for_status(id, "failed", PARKED_WITHIN)).await?;
        pair("webhook", id);
        pair("attempts", record.field("attempts"));
        pair("reason", record.field("failure.reason"));
        let parked = self.deployment.receive_dead_letters().await?;
        if !parked.iter().any(|letter| letter.text.contains(id)) {
            return Err(DemoError::NotParked(id.clone()).into());
        }
        pair("dead-letter queue", format!("{} message", parked.len()));
        self.deployment.wait_for_status(behind, "published", PUBLISHED_WITHIN).await?;
        pair("the one behind it", format!("{behind}  published"));
        Ok(())
    }
}

async fn tear_down(checkout: &Checkout, terraform: &Terraform, emulator: &Emulator) -> Result<(), CommandError> {
    heading("10. A second plan, and the end")?;
    match step("terraform plan", terraform.plan()).await? {
        Plan::NoChanges => line("no changes: what is deployed is what is written"),
        Plan::Changes(changes) => return Err(DemoError::PlanChanges(changes).into()),
    }
    step("terraform destroy", terraform.destroy()).await?;
    let left = Inventory::take(checkout, &emulator.endpoint(), emulator.region()).await?;
    if !left.is_empty() {
        return Err(DemoError::LeftBehind(left.found().join("\n")).into());
    }
    line(format!("nothing left in {}", left.services().into_iter().collect::<Vec<_>>().join(", ")));
    Ok(())
}

fn tell(provider: &str, what: &str, answer: &Answer) {
    let said = answer.body.trim();
    line(format!("{provider:<20} {what:<44} {} {said:.90}", answer.status));
}

fn expect(answer: &Answer, statuses: &[u16]) -> Result<(), CommandError> {
    if statuses.contains(&answer.status) {
        return Ok(());
    }
    let expected: Vec<String> = statuses.iter().map(u16::to_string).collect();
    Err(DemoError::Answered { expected: expected.join(" or "), status: answer.status, body: answer.body.clone() }
        .into())
}

fn last(text: &str, count: usize) -> &str {
    text.get(text.len().saturating_sub(count)..).unwrap_or(text)
}

/// The demo's own folder, gone when the demo is.
struct Scratch {
    folder: PathBuf,
    keep: bool,
}

impl Scratch {
    /// A folder named after this process; those of processes that are gone are removed.
    fn new(checkout: &Checkout) -> Result<Self, CommandError> {
        let all = checkout.local("demo");
        let folder = all.join(std::process::id().to_string());
        fs::create_dir_all(&all).map_err(|source| CommandError::File { path: all.clone(), source })?;
        for old in fs::read_dir(&all).into_iter().flatten().flatten() {
            let id = old.file_name().to_str().and_then(|name| name.parse().ok());
            if id.is_some_and(|id| !crate::local::process_is_alive(id)) {
                let _ = fs::remove_dir_all(old.path());
            }
        }
        fs::create_dir_all(&folder).map_err(|source| CommandError::File { path: folder.clone(), source })?;
        Ok(Self { folder, keep: false })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
