//! The steps of ingestion, in their order.

use std::cell::RefCell;
use std::rc::Rc;

use hookline_webhook::request::{Target, resolve};
use hookline_webhook::{
    AcceptedDelivery, Delivery, Evidence, Facts, Message, ObjectKey, PayloadHash, Record, Refusal, Response, Status,
    UtcTime, Verified, Verifier,
};

use crate::failure::ArchiveError;
use crate::invocation::Invocation;
use crate::log::Outcome;
use crate::ports::{Archive, Clock, Created, Ledger, NewObject, Outgoing, Queue, Services, Stored};

use super::error::IngestionError;
use super::proxy::ProxyRequest;
use super::{Acknowledged, Ingestion, Known};

/// Puts in total while another write to the same key is in progress. That one finishes within milliseconds.
const PUT_ATTEMPTS: usize = 3;

/// The verdict on a delivery, and the verifier that gave it.
type Checked = (Rc<Verifier<'static>>, Result<Verified, Refusal>);

impl<S: Services> Ingestion<S> {
    pub(super) async fn receive(
        &self,
        event: &str,
        invocation: &Invocation,
        known: &RefCell<Known>,
    ) -> Result<Acknowledged, IngestionError> {
        let received_at = self.clock.now();
        let request = ProxyRequest::read(event)?;
        let target =
            resolve(request.path_provider.as_deref(), &request.headers, self.providers.get(&self.archive).await?)
                .map_err(IngestionError::Target)?;
        let payload = PayloadHash::of(&request.body);
        let size = request.body.len() as u64;
        {
            let mut known = known.borrow_mut();
            known.provider = Some(target.provider.clone());
            known.payload = Some((payload, size));
        }

        let delivery =
            Delivery { route: target.route, headers: &request.headers, query: &request.query, body: &request.body };
        let (verifier, verdict) = self.verify(&target, &delivery, received_at).await?;
        // From here on, whatever is derived from the delivery and leaves the function is searched for secrets.
        let confidential = self.verifiers.confidential(&verifier, &delivery);
        let evidence = Evidence::of(&verifier, &delivery, &verdict, received_at, &confidential);
        if let Err(refusal) = verdict {
            // Without the header there is nothing to verify later.
            let verifiable = !matches!(refusal, Refusal::HeaderMissing(_));
            if verifiable && self.options.quarantine {
                let key = ObjectKey::quarantine(&target.provider, received_at, &payload);
                let kept = self.archive(&key, &request.body, &payload, &evidence, invocation).await;
                let kept = kept.map(|_| key.to_string()).map_err(|e| e.to_string());
                known.borrow_mut().quarantined = Some(kept);
            }
            return Err(IngestionError::Signature { scheme: target.scheme, refusal });
        }

        let facts = Facts::extract(target.scheme, &request.headers, &request.body);
        let record = Record::received(AcceptedDelivery {
            provider: target.provider.clone(),
            facts: facts.without(&confidential),
            scope: self.options.scope,
            received_at,
            payload_sha256: payload,
            size,
            ledger_days: self.options.ledger_days,
        });
        known.borrow_mut().webhook_id = Some(record.webhook_id.clone());

        self.archive(&record.payload.s3_key, &request.body, &payload, &evidence, invocation).await?;
        let created = self.ledger.create(&record).await?;
        let (stored, first) = match created {
            Created::New => (record, true),
            Created::Existing(stored) => (*stored, false),
        };
        // Even with other bytes: the first ones may be stored and not yet sent.
        if first || stored.progress.status == Status::Received {
            let body = Message::from_record(&stored).to_body();
            let sequence = self
                .queue
                .send(&Outgoing {
                    group: &stored.group,
                    body: &body,
                    resend: !first,
                    trace_header: (invocation.trace_header.as_deref()).filter(|header| !confidential.is_in(header)),
                })
                .await?;
            known.borrow_mut().sequence = sequence;
        }
        let (response, outcome) = if first {
            (Response::accepted(target.scheme, &stored.webhook_id), Outcome::Accepted)
        } else {
            (Response::duplicate(target.scheme, &stored.webhook_id), Outcome::Duplicate)
        };
        Ok(Acknowledged { response: response.into(), outcome, conflict: stored.payload.sha256 != payload })
    }

    /// Checks the signature against the cached secrets, and against fresh ones if a rotation could explain a mismatch.
    async fn verify(
        &self,
        target: &Target,
        delivery: &Delivery<'_>,
        received_at: UtcTime,
    ) -> Result<Checked, IngestionError> {
        let (provider, scheme) = (&target.provider, target.scheme);
        let verifier = self.verifiers.get(provider, scheme, &self.clock).await?;
        let verdict = verifier.verify(delivery, received_at);
        if let Err(refusal) = &verdict
            && refusal.may_be_rotation()
            && let Some(fresh) = self.verifiers.refreshed(provider, scheme, &self.clock).await?
        {
            let verdict = fresh.verify(delivery, received_at);
            return Ok((fresh, verdict));
        }
        Ok((verifier, verdict))
    }

    /// Stores the raw bytes and their evidence, each once. Evidence that does not fit the object's metadata is written
    /// first: the object then always has its evidence, whoever wrote it and whichever call failed in between.
    async fn archive(
        &self,
        key: &ObjectKey,
        bytes: &[u8],
        sha256: &PayloadHash,
        evidence: &Evidence,
        invocation: &Invocation,
    ) -> Result<Stored, ArchiveError> {
        let kept = evidence.keep_with(key, &invocation.request_id);
        if let Some((key, document)) = &kept.sidecar {
            self.put(&NewObject { key, bytes: document, sha256: &PayloadHash::of(document), metadata: &[] }).await?;
        }
        self.put(&NewObject { key, bytes, sha256, metadata: &kept.metadata }).await
    }

    async fn put(&self, object: &NewObject<'_>) -> Result<Stored, ArchiveError> {
        let mut stored = self.archive.put(object).await;
        for _ in 1..PUT_ATTEMPTS {
            if stored != Err(ArchiveError::Conflict) {
                break;
            }
            stored = self.archive.put(object).await;
        }
        stored
    }
}
