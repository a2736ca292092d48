//! Signed webhooks, and ones with a flaw on purpose.

use hookline_webhook::scheme::{KeyEncoding, Method};
use hookline_webhook::{
    Delivery, Facts, Headers, InvalidProviderId, InvalidSecret, ObjectKey, PayloadHash, ProviderId, ProviderSecret,
    Query, Refusal, Route, Scheme, SignError, Unsigned, UtcTime, Verifier, WebhookId, names,
};

use crate::local::Answer;
use crate::sample::{Message, SampleError, random_bytes, random_uuid};

/// Signed this long ago, a webhook is stale for every scheme that signs its time.
const STALE_SECONDS: u64 = 3600;

/// API Gateway's answer where a required header is missing.
const MISSING_HEADER: u16 = 400;

/// A webhook ready to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// All headers.
    pub headers: Vec<(String, String)>,
    /// The exact bytes.
    pub body: Vec<u8>,
}

impl Webhook {
    /// The webhook as a configuration for `curl --config -`, to be posted to `url`; the answer's status follows its body.
    /// It holds the signature and not the secret. `None` where the body is not text, which such a file cannot hold.
    pub fn curl_config(&self, url: &str) -> Option<String> {
        let body = std::str::from_utf8(&self.body).ok()?;
        let mut lines = vec!["silent".to_owned(), "show-error".to_owned()];
        lines.push(format!("url = {}", quoted(url)));
        for (name, value) in &self.headers {
            lines.push(format!("header = {}", quoted(&format!("{name}: {value}"))));
        }
        lines.push(format!("data-binary = {}", quoted(body)));
        lines.push(format!("write-out = {}", quoted("\n%{http_code}\n")));
        Some(lines.join("\n"))
    }
}

/// What is wrong with a webhook, on purpose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing: it must be accepted.
    #[default]
    None,
    /// Signed with another secret.
    Forged,
    /// Signed rightly, an hour ago.
    Stale,
    /// Changed after it was signed.
    Tampered,
    /// Without its signature header.
    Unsigned,
}

/// Why a webhook cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// No name for a provider.
    #[error(transparent)]
    Provider(#[from] InvalidProviderId),
    /// The secret does not fit the scheme.
    #[error("the secret does not fit the scheme {scheme}: {why}")]
    Secret {
        /// The scheme's name.
        scheme: &'static str,
        /// What is wrong with it.
        why: InvalidSecret,
    },
    /// The scheme cannot be signed here.
    #[error("a webhook of the scheme {scheme} cannot be signed here: {why}")]
    Sign {
        /// The scheme's name.
        scheme: &'static str,
        /// Why.
        why: SignError,
    },
    /// No randomness.
    #[error(transparent)]
    Sample(#[from] SampleError),
}

/// One who knows a provider's secret.
#[derive(Debug)]
pub struct Sender {
    provider: ProviderId,
    scheme: &'static Scheme,
    verifier: Verifier<'static>,
    forger: Verifier<'static>,
}

impl Sender {
    /// A sender by the value of the provider's secret (`{"secrets":[...],"params":{}}`).
    ///
    /// # Errors
    /// When the value does not fit the scheme.
    pub fn new(provider: &str, scheme: &'static Scheme, secret_value: &str) -> Result<Self, SigningError> {
        let provider = ProviderId::new(provider)?;
        let verifier = verifier(scheme, secret_value)?;
        let forger = verifier_of_forger(scheme, secret_value)?;
        Ok(Self { provider, scheme, verifier, forger })
    }

    /// The provider's id.
    pub fn provider(&self) -> &str {
        self.provider.as_str()
    }

    /// The id under which the pipeline will know the webhook.
    pub fn webhook_id(&self, webhook: &Webhook) -> WebhookId {
        let headers: Headers = webhook.headers.iter().cloned().collect();
        let facts = Facts::extract(self.scheme, &headers, &webhook.body);
        WebhookId::derive(&self.provider, facts.identity(), &PayloadHash::of(&webhook.body))
    }

    /// The statuses by which the pipeline may answer the webhook when it comes at `now`: by the scheme's own rules it is
    /// accepted or refused. Where a required header is missing API Gateway may refuse before the function can.
    pub fn expected(&self, webhook: &Webhook, route: Route, now: UtcTime) -> Vec<u16> {
        let headers: Headers = webhook.headers.iter().cloned().collect();
        let delivery = Delivery { route, headers: &headers, query: &Query::new(), body: &webhook.body };
        let response = self.scheme.response();
        match self.verifier.verify(&delivery, now) {
            Ok(_) => vec![response.ok],
            Err(Refusal::HeaderMissing(_)) => vec![response.bad_signature, MISSING_HEADER],
            Err(_) => vec![response.bad_signature],
        }
    }

    /// Where the pipeline will archive the webhook when it comes at `received_at`.
    pub fn object_key(&self, webhook: &Webhook, received_at: UtcTime) -> ObjectKey {
        ObjectKey::raw(&self.provider, received_at, &self.webhook_id(webhook), &PayloadHash::of(&webhook.body))
    }

    /// The scheme it signs by.
    pub fn scheme(&self) -> &'static Scheme {
        self.scheme
    }

    /// Signs a message as of `now`, for the provider's own route or for the generic one.
    ///
    /// # Errors
    /// When the scheme cannot be signed here.
    pub fn sign(&self, message: &Message, route: Route, flaw: Flaw, now: UtcTime) -> Result<Webhook, SigningError> {
        let verifier = if flaw == Flaw::Forged { &self.forger } else { &self.verifier };
        let at = if flaw == Flaw::Stale {
            UtcTime::from_unix_seconds(now.unix_seconds().saturating_sub(STALE_SECONDS))
        } else {
            now
        };
        let query = Query::new();
        let id = random_uuid()?;
        let unsigned = Unsigned { route, body: &message.body, at, id: &id, event_type: None, query: &query };
        let signed = verifier.sign(&unsigned).map_err(|why| SigningError::Sign { scheme: self.scheme.name(), why })?;

        let mut headers = signed.headers;
        // What the signature covers wins over the sample's own.
        let known: Headers = headers.iter().cloned().collect();
        headers.extend(message.headers.iter().filter(|(name, _)| known.get_all(name).next().is_none()).cloned());
        if route == Route::Generic {
            headers.push((names::GENERIC_PROVIDER_HEADER.to_owned(), self.provider.to_string()));
        }
        if flaw == Flaw::Unsigned {
            let signature = match route {
                Route::Generic => names::GENERIC_SIGNATURE_HEADER,
                Route::Native => self.scheme.signature_header(),
            };
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case(signature));
        }
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        let mut body = message.body.clone();
        if flaw == Flaw::Tampered {
            // JSON may end in any white space, so what changes is the bytes and not what they say.
            body.push(b' ');
        }
        Ok(Webhook { headers, body })
    }
}

/// How the text of a curl configuration (`curl --config`) quotes a value.
fn quoted(value: &str) -> String {
    let mut quoted = String::from("\"");
    for character in value.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn verifier(scheme: &'static Scheme, secret_value: &str) -> Result<Verifier<'static>, SigningError> {
    ProviderSecret::parse(secret_value)
        .and_then(|secret| Verifier::new(scheme, &secret))
        .map_err(|why| SigningError::Secret { scheme: scheme.name(), why })
}

/// The same parameters (a forger knows the notification URL), another secret.
fn verifier_of_forger(scheme: &'static Scheme, secret_value: &str) -> Result<Verifier<'static>, SigningError> {
    let value: serde_json::Value = serde_json::from_str(secret_value).unwrap_or_default();
    let notification_url = value["params"]["notification_url"].as_str();
    verifier(scheme, &new_secret(scheme, notification_url)?)
}

/// The value of a fresh secret that fits the scheme, in the form Secrets Manager holds it.
///
/// # Errors
/// When the scheme's keys cannot be made here, or the system gives no random numbers.
pub fn new_secret(scheme: &'static Scheme, notification_url: Option<&str>) -> Result<String, SigningError> {
    use base64::Engine as _;
    let random = random_bytes::<24>()?;
    let as_base64 = base64::engine::general_purpose::STANDARD.encode(random);
    let text = match scheme.method() {
        Method::Hmac(hmac) => {
            let key = match hmac.key.encoding {
                KeyEncoding::Hex => hex::encode(random),
                KeyEncoding::Utf8 | KeyEncoding::Base64 => as_base64,
            };
            format!("{}{key}", hmac.key.strip_prefix.as_deref().unwrap_or_default())
        }
        // A token is text of the sender's choice.
        _ => as_base64,
    };
    let mut params = serde_json::Map::new();
    if let Some(url) = notification_url {
        params.insert("notification_url".to_owned(), url.into());
    }
    let value = serde_json::json!({ "secrets": [text], "params": params }).to_string();
    verifier(scheme, &value)?;
    Ok(value)
}

/// Posts a webhook and reads the answer, whatever it is.
///
/// # Errors
/// When no answer comes.
pub async fn post(http: &reqwest::Client, url: &str, webhook: &Webhook) -> Result<Answer, reqwest::Error> {
    let mut request = http.post(url).body(webhook.body.clone());
    for (name, value) in &webhook.headers {
        request = request.header(name, value);
    }
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    Ok(Answer { status, body: answer.text().await? })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use hookline_webhook::{Delivery, providers};

    use super::*;
    use crate::checkout::Checkout;
    use crate::sample::Samples;

    const NOW: u64 = 1_700_000_000;

    fn samples() -> Samples {
        Samples::new(Checkout::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap().samples())
    }

    fn sender(scheme: &'static Scheme) -> Sender {
        let secret = new_secret(scheme, Some("https://hooks.example.com/webhook")).unwrap();
        Sender::new(scheme.name(), scheme, &secret).unwrap()
    }

    /// What the pipeline would say: nothing, or why it refuses.
    fn verdict(sender: &Sender, webhook: &Webhook, route: Route) -> Option<&'static str> {
        let headers: Headers = webhook.headers.iter().cloned().collect();
        let delivery = Delivery { route, headers: &headers, query: &Query::new(), body: &webhook.body };
        sender.verifier.verify(&delivery, UtcTime::from_unix_seconds(NOW)).err().map(|refusal| refusal.reason())
    }

    #[test]
    fn every_sample_is_signed_so_that_its_scheme_accepts_it_and_knows_its_type() {
        for name in samples().schemes() {
            let scheme = providers::find(&name).unwrap_or_else(|| panic!("ops/samples/{name} is no scheme"));
            let sender = sender(scheme);
            for event in samples().events(&name) {
                let message = samples().message(&name, &event, NOW).unwrap();
                for route in [Route::Native, Route::Generic] {
                    let webhook = sender.sign(&message, route, Flaw::None, UtcTime::from_unix_seconds(NOW)).unwrap();
                    assert_eq!(verdict(&sender, &webhook, route), None, "{name}/{event} on {route:?}");
                    let headers: Headers = webhook.headers.iter().cloned().collect();
                    let facts = Facts::extract(scheme, &headers, &webhook.body);
                    assert_eq!(facts.event.event_type.as_str().replace(['/', ':', ' '], "-"), event, "{name}");
                }
            }
        }
    }

    #[test]
    fn every_scheme_has_a_sample() {
        let without: Vec<_> =
            providers::all().map(Scheme::name).filter(|name| samples().events(name).is_empty()).collect();
        assert_eq!(without, Vec::<&str>::new());
    }

    #[test]
    fn every_flaw_is_refused() {
        let scheme = providers::find("stripe").unwrap();
        let sender = sender(scheme);
        let message = samples().message("stripe", "charge.refunded", NOW).unwrap();
        for flaw in [Flaw::Forged, Flaw::Stale, Flaw::Tampered, Flaw::Unsigned] {
            let webhook = sender.sign(&message, Route::Native, flaw, UtcTime::from_unix_seconds(NOW)).unwrap();
            assert!(verdict(&sender, &webhook, Route::Native).is_some(), "{flaw:?} was accepted");
        }
    }
}
