//! The whole pipeline on an emulator of its own: the real document, the real terraform, the real function binaries.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use hookline_ops::checkout::Checkout;
use hookline_ops::local::{Answer, Deployment, Emulator, EmulatorOptions, Inventory, Terraform};
use hookline_ops::sample::{Message, Samples};
use hookline_ops::send::{Flaw, Sender, Webhook, new_secret};
use hookline_stack::artifacts::{Artifacts, INGESTION_ZIP, PROCESSING_ZIP};
use hookline_stack::config::{Overrides, Settings};
use hookline_stack::synthesize;
use hookline_webhook::{RetryDelays, Route, UtcTime};
use tempfile::TempDir;

/// Long enough for a machine busy with other tests; a wait that ends earlier is the rule.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A working folder with the synthesized document and an emulator to deploy it to.
pub struct Workshop {
    /// The AWS account of the test, IAM policies enforced.
    pub emulator: Emulator,
    /// terraform on a copy of the document.
    pub terraform: Terraform,
    settings: Settings,
    retries: RetryDelays,
    checkout: Checkout,
    // Removed with the test, after emulator and terraform are gone.
    folder: TempDir,
}

/// A deployed pipeline whose providers have secrets.
pub struct Pipeline {
    /// What terraform deployed.
    pub deployment: Deployment,
    /// Where it was deployed from and to.
    pub workshop: Workshop,
    senders: BTreeMap<String, Sender>,
    secrets: BTreeMap<String, String>,
}

impl Workshop {
    /// Synthesizes the document of `config` (text of a `hookline.toml`) and starts an emulator.
    ///
    /// What failed is tried again after `retries`: soon, unless the test is about the time between.
    async fn open_with(config: &str, retries: RetryDelays) -> Self {
        let checkout = Checkout::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("out");
        std::fs::create_dir(&out).unwrap();
        for zip in [INGESTION_ZIP, PROCESSING_ZIP] {
            let built = checkout.local_out().join(zip);
            std::fs::copy(&built, out.join(zip))
                .unwrap_or_else(|error| panic!("{}: {error}: run `./just build --local` first", built.display()));
        }
        let settings = Settings::from_toml(Path::new("hookline.toml"), config, &Overrides::default()).unwrap();
        let artifacts = Artifacts::inspect(&out, settings.architecture).unwrap_or_else(|error| panic!("{error}"));
        synthesize(&settings, &artifacts).unwrap_or_else(|findings| panic!("{findings}")).write(&out).unwrap();

        let emulator = Emulator::start(&checkout, &folder.path().join("emulator"), &EmulatorOptions::default())
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let working = folder.path().join("terraform");
        let terraform = Terraform::prepare(&checkout, &out, &working, &emulator.endpoint(), retries)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        terraform.init().await.unwrap_or_else(|error| panic!("{error}"));
        Self { emulator, terraform, settings, retries, checkout, folder }
    }

    /// As [`Self::open_with`], with what failed tried again soon.
    pub async fn open(config: &str) -> Self {
        Self::open_with(config, RetryDelays::LOCAL).await
    }

    /// Synthesizes the document anew, over the same state.
    pub async fn change(&mut self, config: &str) {
        let out = self.folder.path().join("out");
        let settings = Settings::from_toml(Path::new("hookline.toml"), config, &Overrides::default()).unwrap();
        let artifacts = Artifacts::inspect(&out, settings.architecture).unwrap_or_else(|error| panic!("{error}"));
        synthesize(&settings, &artifacts).unwrap_or_else(|findings| panic!("{findings}")).write(&out).unwrap();
        let working = self.folder.path().join("terraform");
        self.terraform = Terraform::prepare(&self.checkout, &out, &working, &self.emulator.endpoint(), self.retries)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        self.settings = settings;
    }

    /// `terraform apply`, which must succeed.
    pub async fn apply(&self) -> String {
        self.terraform.apply().await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// What terraform deployed.
    pub async fn deployment(&self) -> Deployment {
        let outputs = self.terraform.outputs().await.unwrap_or_else(|error| panic!("{error}"));
        Deployment::new(self.emulator.endpoint(), self.emulator.region(), outputs)
    }

    /// What exists in the emulator's account.
    pub async fn inventory(&self) -> Inventory {
        let emulator = &self.emulator;
        Inventory::take(&self.checkout, &emulator.endpoint(), emulator.region())
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// The checkout under test.
    pub fn checkout(&self) -> &Checkout {
        &self.checkout
    }
}

impl Pipeline {
    /// Deploys the pipeline of `config` and gives every provider a fresh secret.
    pub async fn deploy(config: &str) -> Self {
        Self::deploy_with(config, RetryDelays::LOCAL).await
    }

    /// As [`Self::deploy`], with retries after the time that passes on AWS.
    pub async fn deploy_with_real_retries(config: &str) -> Self {
        Self::deploy_with(config, RetryDelays::DEPLOYED).await
    }

    async fn deploy_with(config: &str, retries: RetryDelays) -> Self {
        let workshop = Workshop::open_with(config, retries).await;
        workshop.apply().await;
        let deployment = workshop.deployment().await;
        let mut senders = BTreeMap::new();
        let mut secrets = BTreeMap::new();
        for (provider, scheme) in workshop.settings.providers.iter() {
            let url = deployment.public_url(provider.as_str()).unwrap();
            let secret = new_secret(scheme, scheme.needs_notification_url().then_some(url)).unwrap();
            deployment.put_secret(provider.as_str(), &secret).await.unwrap();
            senders.insert(provider.to_string(), Sender::new(provider.as_str(), scheme, &secret).unwrap());
            secrets.insert(provider.to_string(), secret);
        }
        Self { deployment, workshop, senders, secrets }
    }

    /// Puts every provider's secret again, as after its container was replaced.
    pub async fn put_secrets(&self) {
        for (provider, secret) in &self.secrets {
            self.deployment.put_secret(provider, secret).await.unwrap();
        }
    }

    /// One who knows the provider's secret.
    pub fn sender(&self, provider: &str) -> &Sender {
        &self.senders[provider]
    }

    /// Signs and posts a message on the provider's own route.
    pub async fn deliver(&self, provider: &str, message: &Message) -> Answer {
        self.deliver_flawed(provider, message, Flaw::None).await
    }

    /// As [`Self::deliver`], with something wrong on purpose.
    pub async fn deliver_flawed(&self, provider: &str, message: &Message, flaw: Flaw) -> Answer {
        let webhook = self.sender(provider).sign(message, Route::Native, flaw, now()).unwrap();
        self.post(&self.deployment.provider_url(provider).unwrap(), &webhook).await
    }

    /// Posts as it is.
    pub async fn post(&self, url: &str, webhook: &Webhook) -> Answer {
        self.deployment.send(url, webhook).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// A realistic message of the provider's scheme.
    pub fn sample(&self, provider: &str, event: &str) -> Message {
        let samples = Samples::new(self.workshop.checkout().samples());
        samples.message(self.sender(provider).scheme().name(), event, now().unix_seconds()).unwrap()
    }
}

/// A Stripe event with this id and a number to recognise it by.
pub fn stripe_event(id: &str, number: usize) -> Message {
    let body = format!(
        r#"{{"id":"{id}","object":"event","type":"payment_intent.succeeded","created":{},"data":{{"number":{number}}}}}"#,
        now().unix_seconds()
    );
    Message { headers: Vec::new(), body: body.into_bytes() }
}

/// The time, which the functions under test read from the same clock.
pub fn now() -> UtcTime {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    UtcTime::from_unix_seconds(since_1970.as_secs())
}
