//! The steps of ingestion, in their order.

use std::cell::RefCell;

use hookline_webhook::names::GENERIC_SIGNATURE_HEADER;
use hookline_webhook::request::{self, Target};
use hookline_webhook::{
    Answer, Delivery, Facts, Headers, Message, ObjectKey, PayloadHash, Record, Refusal, Route,
    Status,
};

use crate::call::Call;
use crate::failure::ArchiveError;
use crate::log::Sink;
use crate::ports::{
    Archive, Clock, Created, Ledger, NewObject, Outgoing, Queue, SecretSource, Stored,
};

use super::error::IngestionError;
use super::request::Received;
use super::{Acknowledged, Ingestion, Known};

/// Puts in all when another write to the same key is under way. The other one decides within milliseconds.
const PUT_ATTEMPTS: usize = 3;
/// Longest value of an object's metadata; S3 takes 2 KB in all.
const MAX_METADATA_CHARS: usize = 512;

impl<A: Archive, L: Ledger, Q: Queue, X: SecretSource, C: Clock, S: Sink>
    Ingestion<A, L, Q, X, C, S>
{
    pub(super) async fn receive(
        &self,
        event: &str,
        call: &Call,
        known: &RefCell<Known>,
    ) -> Result<Acknowledged, IngestionError> {
        let received = Received::read(event)?;
        let target = request::resolve(
            received.path_provider.as_deref(),
            &received.headers,
            &self.options.providers,
        )
        .map_err(IngestionError::Request)?;
        let payload = PayloadHash::of(&received.body);
        let size = received.body.len() as u64;
        {
            let mut known = known.borrow_mut();
            known.provider = Some(target.provider.clone());
            known.payload = Some((payload, size));
        }

        if let Err(error) = self.verify(&target, &received).await {
            if matches!(error, IngestionError::Signature { .. }) && self.options.quarantine {
                let kept = self.quarantine(&target, &received, &payload, call).await;
                known.borrow_mut().quarantined = Some(kept);
            }
            return Err(error);
        }

        let facts = Facts::extract(target.scheme, &received.headers, &received.body);
        let record = Record::received(hookline_webhook::Received {
            provider: target.provider.clone(),
            facts,
            scope: self.options.scope,
            received_at: self.clock.now(),
            payload_sha256: payload,
            size,
            ledger_days: self.options.ledger_days,
        });
        known.borrow_mut().webhook_id = Some(record.webhook_id.clone());

        let metadata = metadata(
            &target,
            &received.headers,
            call,
            &record.received_at.to_string(),
        );
        self.archive(&record.s3_key, &received.body, &payload, &metadata)
            .await?;
        let created = self.ledger.create(&record).await?;
        let (stored, first) = match created {
            Created::New => (record, true),
            Created::Existing(stored) => (*stored, false),
        };
        // Also with other bytes: the first ones may be stored and not yet sent.
        if first || stored.status == Status::Received {
            let body = Message::from_record(&stored).to_body();
            let sequence = self
                .queue
                .send(&Outgoing {
                    group: &stored.group,
                    body: &body,
                    resend: !first,
                    trace_header: call.trace_header.as_deref(),
                })
                .await?;
            known.borrow_mut().sequence = sequence;
        }
        let (answer, outcome) = if first {
            (
                Answer::accepted(target.scheme, &stored.webhook_id),
                "accepted",
            )
        } else {
            (
                Answer::duplicate(target.scheme, &stored.webhook_id),
                "duplicate",
            )
        };
        Ok(Acknowledged {
            response: answer.into(),
            outcome,
            conflict: stored.payload_sha256 != payload,
        })
    }

    /// Checks the signature against the secrets at hand, and against fresh ones if a rotation could explain the
    /// mismatch.
    async fn verify(&self, target: &Target, received: &Received) -> Result<(), IngestionError> {
        let delivery = Delivery {
            route: target.route,
            headers: &received.headers,
            query: &received.query,
            body: &received.body,
        };
        let check = |verifier: &hookline_webhook::Verifier<'_>| {
            verifier.verify(&delivery, self.clock.now()).map(drop)
        };
        let refused = |refusal: Refusal| IngestionError::Signature {
            scheme: target.scheme,
            refusal,
        };

        let verifier = self
            .secrets
            .get(&target.provider, target.scheme, &self.clock)
            .await?;
        let Err(refusal) = check(&verifier) else {
            return Ok(());
        };
        if !refusal.may_be_rotation() {
            return Err(refused(refusal));
        }
        match self
            .secrets
            .refreshed(&target.provider, target.scheme, &self.clock)
            .await?
        {
            Some(verifier) => check(&verifier).map_err(refused),
            None => Err(refused(refusal)),
        }
    }

    /// Stores the raw bytes once.
    async fn archive(
        &self,
        key: &ObjectKey,
        bytes: &[u8],
        sha256: &PayloadHash,
        metadata: &[(&'static str, String)],
    ) -> Result<Stored, ArchiveError> {
        let object = NewObject {
            key,
            bytes,
            sha256,
            metadata,
        };
        let mut stored = self.archive.put(&object).await;
        for _ in 1..PUT_ATTEMPTS {
            if stored != Err(ArchiveError::Conflict) {
                break;
            }
            stored = self.archive.put(&object).await;
        }
        stored
    }

    /// Keeps a refused delivery for a week, so that a mishap in a rotation can be repaired. Best effort: the answer
    /// is 401 either way.
    async fn quarantine(
        &self,
        target: &Target,
        received: &Received,
        payload: &PayloadHash,
        call: &Call,
    ) -> Result<String, String> {
        let now = self.clock.now();
        let key = ObjectKey::quarantine(&target.provider, now, payload);
        let metadata = metadata(target, &received.headers, call, &now.to_string());
        match self.archive(&key, &received.body, payload, &metadata).await {
            Ok(_) => Ok(key.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// What is kept beside the bytes, so that the signature can be checked again by an auditor.
fn metadata(
    target: &Target,
    headers: &Headers,
    call: &Call,
    received_at: &str,
) -> Vec<(&'static str, String)> {
    let signature_header = match target.route {
        Route::Generic => GENERIC_SIGNATURE_HEADER,
        Route::Native => target.scheme.signature_header(),
    };
    let header = |name: &str| headers.single(name).ok().flatten().unwrap_or_default();
    [
        ("received-at", received_at),
        ("request-id", call.request_id.as_str()),
        ("content-type", header("content-type")),
        ("scheme", target.scheme.name()),
        ("signature", header(signature_header)),
    ]
    .into_iter()
    .filter(|(_, value)| storable(value))
    .map(|(name, value)| (name, value.to_owned()))
    .collect()
}

/// S3 metadata travels in headers: visible ASCII and spaces, not too long. Anything else is left out.
fn storable(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= MAX_METADATA_CHARS
        && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
