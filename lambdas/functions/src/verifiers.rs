//! Secrets at hand: read once, kept for five minutes, read again at once when a signature does not match.
//!
//! Guarantees:
//! - a secret taken off the list stops being accepted after [`SECRET_CACHE_SECONDS`] at the latest;
//! - a secret put on the list is accepted at once: a mismatch forces one refresh, at most every
//!   [`SECRET_REFRESH_SECONDS`] per provider, so that forged deliveries cannot drive the bill or the latency;
//! - "there is no secret" is never remembered: the next delivery asks again;
//! - what cannot be loaded is an error ([`SecretError`], answered with 503), never an empty list.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use hookline_webhook::settings::{SECRET_CACHE_SECONDS, SECRET_REFRESH_SECONDS};
use hookline_webhook::{Confidential, Delivery, ProviderId, ProviderSecret, Scheme, UtcTime, Verifier, names};

use crate::failure::SecretError;
use crate::ports::{Clock, SecretSource};

/// The secrets of all providers, by provider.
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

    /// The provider's verifier, from memory if they are young enough.
    ///
    /// # Errors
    /// They are not loadable.
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

    /// A verifier with newer secrets after a mismatch; `None` if those at hand were read a moment ago.
    ///
    /// # Errors
    /// They are not loadable; the answer has to be 503 then, since a rotation cannot be excluded.
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

    /// What must not leave the function with a delivery to this provider: beside the verifier's own secrets those of
    /// every provider read so far, since senders mistake endpoints.
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

/// Whether `now` lies in the seconds from `start` on. A clock that was set back ends every such time.
fn within(start: UtcTime, seconds: u64, now: UtcTime) -> bool {
    now.unix_millis().checked_sub(start.unix_millis()).is_some_and(|passed| passed < seconds * 1000)
}
