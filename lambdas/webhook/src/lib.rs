//! The webhook domain: who sends what, whether it is genuine, how it is identified, and how it is passed on.
//!
//! Pure: no AWS, no clock, no I/O. The functions call it between their reads and writes; the stack reads its names
//! and limits. The way of one delivery through it:
//!
//! ```
//! use hookline_webhook::*;
//!
//! // Configuration.
//! let configured = ConfiguredProviders::parse(r#"{"acme":"standard-webhooks"}"#)?;
//! let secret = ProviderSecret::parse(r#"{"secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#)?;
//!
//! // A request.
//! let headers: Headers = [
//!     ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
//!     ("webhook-timestamp", "1614265330"),
//!     ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
//! ].into_iter().collect();
//! let body = request::decode_body(Some(r#"{"test": 2432232314}"#.to_owned()), false)?;
//! let received_at = UtcTime::from_unix_seconds(1_614_265_331);
//!
//! // Who sent it, and is it genuine?
//! let target = request::resolve(Some("acme"), &headers, &configured)?;
//! let verifier = Verifier::new(target.scheme, &secret)?;
//! let delivery = Delivery { route: target.route, headers: &headers, query: &Query::new(), body: &body };
//! let verdict = verifier.verify(&delivery, received_at);
//! let confidential = verifier.confidential(&delivery);
//! let evidence = Evidence::of(&verifier, &delivery, &verdict, received_at, &confidential);
//! assert!(verdict.is_ok());
//!
//! // How is it identified, and how is it passed on?
//! let record = Record::received(AcceptedDelivery {
//!     facts: Facts::extract(target.scheme, &headers, &body).without(&confidential),
//!     provider: target.provider,
//!     scope: OrderingScope::Provider,
//!     received_at,
//!     payload_sha256: PayloadHash::of(&body),
//!     size: body.len() as u64,
//!     ledger_days: 90,
//! });
//! assert_eq!(record.webhook_id.as_str(), "acme.msg_p5jXN8AQM9LWM0D4loKWxJek");
//! let kept = evidence.keep_with(&record.payload.s3_key, "request-1");
//! let message = Message::parse(&Message::from_record(&record).to_body())?;
//!
//! // What does the bus see?
//! let sequence = Sequence::new("18870000000000000001")?;
//! let event = Event::build(&EventInput {
//!     message: &message, sequence: &sequence, attempt: 1, payload: Some(&body), partition: "aws", bucket: "b",
//! })?;
//! assert_eq!(event.source, "webhooks.acme");
//! assert!(event.detail.contains(r#""payload":{"test": 2432232314}"#));
//!
//! // What does an auditor do with the archive?
//! let metadata = |name: &str| kept.metadata.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str());
//! let again = Evidence::read(metadata, None)?.verify(&secret, &body)?;
//! assert_eq!(again, Rechecked::Verdict(verdict));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod event;
mod evidence;
mod facts;
mod group;
mod headers;
mod identity;
mod json;
mod message;
pub mod names;
mod pointer;
pub mod providers;
mod record;
pub mod request;
mod response;
mod retry;
pub mod scheme;
mod secret;
mod sequence;
pub mod settings;
mod signature;
mod switch;
mod text;
mod time;

pub use event::{Event, EventError, EventInput};
pub use evidence::{Evidence, EvidenceError, Kept, Rechecked};
pub use facts::{EventFacts, EventType, Facts, InvalidEventType};
pub use group::{GroupId, InvalidGroupId, InvalidOrderingScope, OrderingScope};
pub use headers::{Headers, Query, Repeated};
pub use identity::{
    EventId, Identity, InvalidEventId, InvalidObjectKey, InvalidPayloadHash, InvalidProviderId, InvalidWebhookId,
    ObjectKey, PayloadHash, ProviderId, WebhookId,
};
pub use message::{InvalidReplayId, Message, MessageError, ReplayId};
pub use pointer::Pointer;
pub use providers::{ConfiguredProviders, InvalidConfiguration};
pub use record::{
    AcceptedDelivery, ArchivedPayload, Change, Failure, FailureKind, ForbiddenTransition, InvalidFailureKind,
    InvalidStatus, Progress, Record, Status, Summary,
};
pub use request::{RequestError, Target};
pub use response::Response;
pub use retry::{InvalidRetryDelays, RetryDelays};
pub use scheme::{Scheme, SchemeError};
pub use secret::{InvalidSecret, ProviderSecret};
pub use sequence::{InvalidSequence, Sequence};
pub use signature::{Confidential, Delivery, Refusal, Route, SignError, Signed, Unsigned, Verified, Verifier};
pub use switch::{InvalidSwitch, Switch};
pub use time::{InvalidTime, UtcTime};
