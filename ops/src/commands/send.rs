//! `send`: signed test webhooks, to what `up` runs or to any other deployment.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use hookline_webhook::{Route, UtcTime};

use super::report::say;
use super::stage::{Account, scheme};
use super::up::{Note, folder};
use super::{CommandError, now};
use crate::checkout::Checkout;
use crate::local::{Deployment, DeploymentError};
use crate::sample::Samples;
use crate::send::{Flaw, Sender, post};

/// Long enough for a first delivery, which starts the functions.
const PUBLISHED_WITHIN: Duration = Duration::from_secs(30);

/// Why nothing was sent, or what was wrong with the answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// No pipeline runs here.
    #[error("nothing is up to send to: run `./just up` first, or name a deployment with --endpoint and --secret-file")]
    NothingUp,
    /// One starts, or failed to.
    #[error("the deployment is not finished: run `./just up` again")]
    Unfinished,
    /// The provider is not in what runs.
    #[error("the provider {provider} is not deployed: there is {}", known.join(", "))]
    UnknownProvider {
        /// Who was to send.
        provider: String,
        /// Who can.
        known: Vec<String>,
    },
    /// A command line cannot hold the body.
    #[error("the body is not text: send it without --curl")]
    NotText,
    /// Another answer than expected.
    #[error("{wrong} of {sent} answered otherwise than expected: {status} instead of {expected}, by {url}")]
    Answered {
        /// How many answers were.
        wrong: usize,
        /// How many webhooks were sent.
        sent: usize,
        /// The first wrong status.
        status: u16,
        /// What it should have been.
        expected: String,
        /// Who answered.
        url: String,
    },
}

/// Options of `send`.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "they are the flags of a command line")]
pub struct SendArguments {
    /// Who sends: the provider's name in hookline.toml
    provider: String,
    /// Type of the event; `list` shows those that there are samples of
    event: String,
    /// How many, each a new event
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,
    /// Sign with another secret; success is a refusal
    #[arg(long, group = "flaw")]
    forge: bool,
    /// Sign as of an hour ago; success is a refusal where the scheme signs the time
    #[arg(long, group = "flaw")]
    stale: bool,
    /// Change the body after signing; success is a refusal where the scheme signs the body
    #[arg(long, group = "flaw")]
    tamper: bool,
    /// Leave the signature out; success is a refusal
    #[arg(long, group = "flaw")]
    unsigned: bool,
    /// The HTTP status that is a success [default: what the scheme says of such a webhook]
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(100..=599))]
    expect: Option<u16>,
    /// Print the signed request for `curl --config -` instead of sending it
    #[arg(long, conflicts_with_all = ["expect", "twice", "no_wait"])]
    curl: bool,
    /// Send each one twice
    #[arg(long)]
    twice: bool,
    /// Use the generic route (X-Provider-ID and X-Webhook-Signature)
    #[arg(long)]
    generic: bool,
    /// Do not wait until the webhook is published
    #[arg(long)]
    no_wait: bool,
    /// A deployment elsewhere: the URL to post to, as `terraform output` shows it
    #[arg(long, requires = "secret_file", value_name = "URL")]
    endpoint: Option<String>,
    /// File with the secret's value: {"secrets":[...],"params":{}}
    #[arg(long, requires = "endpoint", value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// How the provider signs [default: as it is configured; with --endpoint, the provider's name]
    #[arg(long)]
    scheme: Option<String>,
}

impl SendArguments {
    fn flaw(&self) -> Flaw {
        match self {
            Self { forge: true, .. } => Flaw::Forged,
            Self { stale: true, .. } => Flaw::Stale,
            Self { tamper: true, .. } => Flaw::Tampered,
            Self { unsigned: true, .. } => Flaw::Unsigned,
            _ => Flaw::None,
        }
    }

    fn route(&self) -> Route {
        if self.generic { Route::Generic } else { Route::Native }
    }
}

/// Where to, and as whom.
struct Target {
    url: String,
    sender: Sender,
    /// To look into, where we may.
    deployment: Option<Deployment>,
}

/// Sends.
///
/// # Errors
/// When there is nothing to send to, no answer, or one that is not as expected: a sound webhook must be accepted, a
/// flawed one refused, and `--expect` overrules both.
pub async fn run(arguments: &SendArguments, checkout: &Checkout) -> Result<(), CommandError> {
    let samples = Samples::new(checkout.samples());
    if arguments.event == "list" {
        return list(arguments, checkout, &samples);
    }
    let target = target(arguments, checkout)?;
    let http = crate::http::client();
    let (mut sent, mut wrong) = (0, Vec::new());
    let mut requests = Vec::new();
    for _ in 0..arguments.count {
        let now = UtcTime::from_unix_seconds(now());
        let scheme = target.sender.scheme().name();
        let message = samples.message(scheme, &arguments.event, now.unix_seconds())?;
        let route = arguments.route();
        let webhook = target.sender.sign(&message, route, arguments.flaw(), now)?;
        if arguments.curl {
            let request = webhook.curl_config(&target.url).ok_or(SendError::NotText)?;
            requests.push(request);
            continue;
        }
        let expected =
            arguments.expect.map_or_else(|| target.sender.expected(&webhook, route, now), |status| vec![status]);
        let mut accepted = true;
        for _ in 0..=u32::from(arguments.twice) {
            let answer = post(&http, &target.url, &webhook)
                .await
                .map_err(|source| DeploymentError::Send { url: target.url.clone(), source })?;
            say(format!("{}  {}", answer.status, answer.body.trim()));
            sent += 1;
            accepted &= (200..300).contains(&answer.status);
            if !expected.contains(&answer.status) {
                wrong.push((expected.clone(), answer.status));
            }
        }
        let deployment = target.deployment.as_ref();
        if let Some(deployment) = deployment.filter(|_| accepted && !arguments.no_wait) {
            let id = target.sender.webhook_id(&webhook);
            let record = deployment.wait_for_status(id.as_str(), "published", PUBLISHED_WITHIN).await?;
            say(format!("     {id} is {}, archived as {}", record.status(), record.s3_key()));
        }
    }
    if arguments.curl {
        say(requests.join("\nnext\n"));
    }
    let Some((expected, status)) = wrong.first() else {
        return Ok(());
    };
    let expected: Vec<String> = expected.iter().map(u16::to_string).collect();
    Err(SendError::Answered {
        wrong: wrong.len(),
        sent,
        status: *status,
        expected: expected.join(" or "),
        url: target.url,
    }
    .into())
}

/// The events there are samples of; needs nothing that runs.
fn list(arguments: &SendArguments, checkout: &Checkout, samples: &Samples) -> Result<(), CommandError> {
    let deployed = Note::read(&folder(checkout)).and_then(|note| note.deployed);
    let configured = deployed.and_then(|mut deployed| deployed.accounts.remove(&arguments.provider));
    let name = arguments
        .scheme
        .clone()
        .or(configured.map(|account| account.scheme))
        .unwrap_or_else(|| arguments.provider.clone());
    say(samples.events(scheme(&name)?.name()).join("\n"));
    Ok(())
}

fn target(arguments: &SendArguments, checkout: &Checkout) -> Result<Target, CommandError> {
    if let (Some(url), Some(file)) = (&arguments.endpoint, &arguments.secret_file) {
        let secret = fs::read_to_string(file).map_err(|source| CommandError::File { path: file.clone(), source })?;
        let scheme = scheme(arguments.scheme.as_ref().unwrap_or(&arguments.provider))?;
        let sender = Sender::new(&arguments.provider, scheme, &secret)?;
        return Ok(Target { url: url.clone(), sender, deployment: None });
    }
    let note = Note::read(&folder(checkout)).filter(Note::is_running).ok_or(SendError::NothingUp)?;
    let (Some(deployed), Some(deployment)) = (&note.deployed, note.deployment()) else {
        return Err(SendError::Unfinished.into());
    };
    let account = deployed.accounts.get(&arguments.provider).ok_or_else(|| SendError::UnknownProvider {
        provider: arguments.provider.clone(),
        known: deployed.accounts.keys().cloned().collect(),
    })?;
    let url = match arguments.route() {
        Route::Generic => deployment.generic_url(),
        Route::Native => deployment.provider_url(&arguments.provider)?,
    };
    let account =
        Account { scheme: arguments.scheme.clone().unwrap_or_else(|| account.scheme.clone()), ..account.clone() };
    Ok(Target { url, sender: account.sender(&arguments.provider)?, deployment: Some(deployment) })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        arguments: SendArguments,
    }

    fn parse(words: &[&str]) -> Result<SendArguments, String> {
        let words = std::iter::once("send").chain(words.iter().copied());
        Line::try_parse_from(words).map(|line| line.arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn one_sound_webhook_is_the_default() {
        let arguments = parse(&["stripe", "charge.refunded"]).unwrap();
        assert_eq!((arguments.count, arguments.flaw(), arguments.route()), (1, Flaw::None, Route::Native));
    }

    #[test]
    fn a_webhook_has_at_most_one_flaw() {
        assert_eq!(parse(&["stripe", "charge.refunded", "--stale"]).unwrap().flaw(), Flaw::Stale);
        assert!(
            parse(&["stripe", "charge.refunded", "--stale", "--forge"]).unwrap_err().contains("cannot be used with")
        );
    }

    #[test]
    fn an_endpoint_needs_the_secret() {
        let error = parse(&["stripe", "charge.refunded", "--endpoint", "https://x.example.com"]).unwrap_err();
        assert!(error.contains("--secret-file"));
    }

    #[test]
    fn a_count_of_zero_is_refused() {
        assert!(parse(&["stripe", "charge.refunded", "--count", "0"]).is_err());
    }
}
