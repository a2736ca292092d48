//! A verifier per provider: its secrets are read once, kept for five minutes, and read again when a signature does not
//! match.
//!
//! Guarantees:
//! - a secret removed from the list stops being accepted after [`SECRET_CACHE_SECONDS`] at the latest;
//! - a secret added to the list is accepted at once: a mismatch forces one refresh, at most every
//!   [`SECRET_REFRESH_SECONDS`] per provider, so that forged deliveries cannot drive up the bill or the latency;
//! - a missing secret is never remembered: the next delivery asks again;
//! - what cannot be loaded is an error ([`SecretError`], answered with 503), never an empty list.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use hookline_webhook::settings::{SECRET_CACHE_SECONDS, SECRET_REFRESH_SECONDS};
use hookline_webhook::{Confidential, Delivery, ProviderId, ProviderSecret, Scheme, UtcTime, Verifier, names};

use crate::failure::SecretError;
use crate::ports::{Clock, SecretSource};

/// The verifiers of all providers, by provider.
#[derive(Debug)]
pub struct Verifiers<S> {
    source: S,
    environment: String,
    cached: RefCell<HashMap<ProviderId, CachedVerifier>>,
}

#[derive(Debug)]
struct CachedVerifier {
    verifier: Rc<Verifier<'static>>,
    read_at: UtcTime,
    /// When the last forced refresh failed, if it did since the value was read.
    refresh_failed_at: Option<UtcTime>,
}

impl<S: SecretSource> Verifiers<S> {
    /// Nothing read yet.
    pub fn new(source: S, environment: impl Into<String>) -> Self {
        Self { source, environment: environment.into(), cached: RefCell::default() }
    }

    /// The provider's verifier, from memory if its secrets were read recently.
    ///
    /// # Errors
    /// The secrets cannot be loaded.
    pub async fn get(
        &self,
        provider: &ProviderId,
        scheme: &'static Scheme,
        clock: &impl Clock,
    ) -> Result<Rc<Verifier<'static>>, SecretError> {
        let now = clock.now();
        if let Some(entry) = self.cached.borrow().get(provider)
            && within(entry.read_at, SECRET_CACHE_SECONDS, now)
        {
            return Ok(Rc::clone(&entry.verifier));
        }
        self.read(provider, scheme, now).await
    }

    /// A verifier with newer secrets after a mismatch; `None` if the cached ones were read a moment ago.
    ///
    /// # Errors
    /// The secrets cannot be loaded; the response must be 503 then, since a rotation cannot be ruled out.
    pub async fn refreshed(
        &self,
        provider: &ProviderId,
        scheme: &'static Scheme,
        clock: &impl Clock,
    ) -> Result<Option<Rc<Verifier<'static>>>, SecretError> {
        let now = clock.now();
        if let Some(entry) = self.cached.borrow().get(provider) {
            if entry.refresh_failed_at.is_some_and(|at| within(at, SECRET_REFRESH_SECONDS, now)) {
                return Err(SecretError::RefreshFailed);
            }
            if within(entry.read_at, SECRET_REFRESH_SECONDS, now) {
                return Ok(None);
            }
        }
        match self.read(provider, scheme, now).await {
            Ok(verifier) => Ok(Some(verifier)),
            Err(error) => {
                if let Some(entry) = self.cached.borrow_mut().get_mut(provider) {
                    entry.refresh_failed_at = Some(now);
                }
                Err(error)
            }
        }
    }

    /// What must not leave the function with a delivery to this provider: besides the verifier's own secrets those of
    /// every provider read so far, since senders mix up endpoints.
    pub fn confidential(&self, verifier: &Verifier<'_>, delivery: &Delivery<'_>) -> Confidential {
        let mut confidential = verifier.confidential(delivery);
        for entry in self.cached.borrow().values() {
            confidential.extend(&entry.verifier);
        }
        confidential
    }

    async fn read(
        &self,
        provider: &ProviderId,
        scheme: &'static Scheme,
        now: UtcTime,
    ) -> Result<Rc<Verifier<'static>>, SecretError> {
        let name = names::secret_name(provider, &self.environment);
        let text = self.source.value(&name).await?;
        let verifier = ProviderSecret::parse(&text)
            .and_then(|secret| Verifier::new(scheme, &secret))
            .map_err(|problem| SecretError::Malformed { name, problem: format!("{}: {problem}", problem.reason()) })?;
        let verifier = Rc::new(verifier);
        let entry = CachedVerifier { verifier: Rc::clone(&verifier), read_at: now, refresh_failed_at: None };
        self.cached.borrow_mut().insert(provider.clone(), entry);
        Ok(verifier)
    }
}

/// Whether `now` lies in the seconds from `start` on. If the clock was set back, it does not.
fn within(start: UtcTime, seconds: u64, now: UtcTime) -> bool {
    now.unix_millis().checked_sub(start.unix_millis()).is_some_and(|passed| passed < seconds * 1000)
}
