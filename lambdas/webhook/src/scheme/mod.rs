//! How a provider signs, as data.
//!
//! A scheme is one JSON entry (see the folder `providers/`), parsed once into types that leave the verifier
//! nothing to decide. The grammar:
//!
//! | setting | meaning |
//! |---|---|
//! | `title`, `caveat` | for people: the provider's name, and what one must know before relying on the scheme |
//! | `algorithm` | `hmac-sha1`, `hmac-sha256`, `hmac-sha512`, or `token` (the header equals the secret) |
//! | `signature.header` | the header with the signature |
//! | `signature.separator`, `.trim` | splits the header into elements, trimmed if so set; without it the value is one element |
//! | `signature.item` | template of an element with a signature: `v1={sig}`; `{kid}` matches a key id |
//! | `signature.timestamp` | template of the one element with the timestamp: `t={t}` |
//! | `signature.encoding` | `hex` (lower case), `hex-any-case`, `base64` (canonical, padded) |
//! | `timestamp.from` | `signature` or `header:Name`; `unit` `s`, `ms`, `auto`; `past`, `future`: tolerance in seconds |
//! | `signed` | ordered parts of text and `{body}` `{t}` `{url}` `{header:N}` `{query:N}` `{query:N\|or-lower}` (either spelling may be the signed one); a part that ends in `?` is dropped when its placeholder is absent |
//! | `bound` | a second form of signature, over headers that the signature header itself lists; see [`BoundForm`] |
//! | `key.encoding` | `utf8`, `hex`, `base64`; `strip_prefix`; `id_header` (not used to choose a key, but may occur once only) |
//! | `event.id` ... | `id`, `type`, `created`, `account`: a JSON pointer, `header:Name`, or pointers in text (`{/a}.{/b}`); a list of them is tried in order; `list`: the events of a delivery, to which `type`, `created` and `account` then refer |
//! | `event.id_except` | ids that name no event: documented constants of test deliveries, the provider's bare prefix |
//! | `response` | `ok` status, `body`, and `bad_signature` status, where the provider wants others than 200, JSON and 401 |

mod error;
mod grammar;
mod signed;
mod template;

pub use error::SchemeError;
pub use signed::{Piece, SignedPart};
pub use template::ItemTemplate;

use crate::pointer::Pointer;

/// A parsed scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    name: String,
    title: String,
    caveat: Option<String>,
    method: Method,
    signature_header: String,
    event: EventSources,
    response: ResponseWishes,
}

/// How a delivery proves itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// A message authentication code over signed content.
    Hmac(Box<HmacMethod>),
    /// The signature header equals the secret. Nothing is signed.
    Token,
    // Public-key schemes (wise: RSA) and schemes with code of their own are further variants.
}

/// Everything an HMAC verification needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HmacMethod {
    /// The hash function.
    pub hash: Hash,
    /// What splits the signature header.
    pub separator: Option<String>,
    /// Whether blanks around elements are ignored.
    pub trim: bool,
    /// The element with a signature.
    pub item: ItemTemplate,
    /// How the signature is written.
    pub encoding: Encoding,
    /// Where the timestamp is and how old it may be.
    pub timestamp: Option<TimestampRule>,
    /// The signed content.
    pub signed: Vec<SignedPart>,
    /// The second form of signature, for schemes that have one.
    pub bound: Option<BoundForm>,
    /// How the secret's text becomes the key.
    pub key: KeyRule,
}

/// A signature that covers headers beside the body, and says itself which: `h=content-type x-event-id,v1=...`.
///
/// A header may carry this form, the plain one of [`HmacMethod::item`], or both; every form that is there must
/// match, so a wrong signature is never excused by a right one beside it. Leaving this form out of a captured
/// delivery cannot be noticed, and gains nothing: no fact is ever taken from a header that only this form covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundForm {
    /// The element with a signature of this form.
    pub item: ItemTemplate,
    /// The one element that lists the names of the headers, separated by a blank.
    pub names: ItemTemplate,
    /// The signed content, with `{names}` (the list as sent) and `{values}` (their values, joined by `.`).
    pub signed: Vec<SignedPart>,
}

/// The hash function of an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1; 20 bytes.
    Sha1,
    /// SHA-256; 32 bytes.
    Sha256,
    /// SHA-512; 64 bytes.
    Sha512,
}

/// How a signature is written; each accepts one spelling of the bytes (`HexAnyCase`: both cases).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Lower-case hex.
    Hex,
    /// Hex in any case.
    HexAnyCase,
    /// Canonical, padded base64.
    Base64,
}

/// Where the timestamp is, and the seconds it may be off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampRule {
    /// Where it is.
    pub from: TimestampSource,
    /// Its unit.
    pub unit: TimestampUnit,
    /// Seconds it may lie in the past.
    pub past_seconds: u64,
    /// Seconds it may lie in the future.
    pub future_seconds: u64,
}

/// Where a timestamp is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimestampSource {
    /// An element of the signature header.
    Signature(ItemTemplate),
    /// A header of its own.
    Header(String),
}

/// A timestamp's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Milliseconds if the number is too large for seconds.
    Auto,
}

/// How the secret's text becomes the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRule {
    /// How the key is written.
    pub encoding: KeyEncoding,
    /// Text before it that is not part of the key.
    pub strip_prefix: Option<String>,
    /// The header that names the key; the key is never chosen by it.
    pub id_header: Option<String>,
}

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyEncoding {
    /// The text itself.
    Utf8,
    /// Hex.
    Hex,
    /// Padded base64.
    Base64,
}

/// Where the facts of an event are: for each the places to look, the first that has it wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventSources {
    /// The event's id.
    pub id: Vec<Source>,
    /// Ids that name no event.
    pub id_except: Vec<String>,
    /// Its type.
    pub kind: Vec<Source>,
    /// When it happened.
    pub created: Vec<Source>,
    /// Whose account it concerns.
    pub account: Vec<Source>,
    /// The events of a delivery that carries several.
    pub list: Option<Pointer>,
}

/// Where one fact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In the body.
    Pointer(Pointer),
    /// In a header.
    Header(String),
    /// Several values of the body and the text between them: `{/resource_type}.{/action}`.
    Joined(Vec<Join>),
}

/// A piece of a [`Source::Joined`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Join {
    /// Text.
    Literal(String),
    /// A value of the body; without it there is no fact.
    Value(Pointer),
}

/// The answers a provider wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseWishes {
    /// Status of an accepted delivery.
    pub ok: u16,
    /// Body of an accepted delivery, instead of ours.
    pub body: Option<String>,
    /// Status of a delivery whose signature is refused.
    pub bad_signature: u16,
}

impl Default for ResponseWishes {
    fn default() -> Self {
        Self { ok: 200, body: None, bad_signature: 401 }
    }
}

impl Scheme {
    /// Parses an entry.
    ///
    /// # Errors
    /// [`SchemeError`] when the entry is not in the grammar or contradicts itself.
    pub fn parse(name: &str, json: &str) -> Result<Self, SchemeError> {
        grammar::parse(name, json)
    }

    /// The scheme's name, as configured: `stripe`, `standard-webhooks`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The provider's name, for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What one must know before relying on it, if anything.
    #[must_use]
    pub fn caveat(&self) -> Option<&str> {
        self.caveat.as_deref()
    }

    /// The header with the signature on the native route.
    #[must_use]
    pub fn signature_header(&self) -> &str {
        &self.signature_header
    }

    /// How a delivery proves itself.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Where the facts of an event are.
    #[must_use]
    pub fn event(&self) -> &EventSources {
        &self.event
    }

    /// The answers the provider wants.
    #[must_use]
    pub fn response(&self) -> &ResponseWishes {
        &self.response
    }

    /// The headers without which no delivery on the native route can be valid, for API Gateway to demand.
    ///
    /// ```
    /// # use hookline_webhook::providers;
    /// let scheme = providers::find("standard-webhooks").expect("registered");
    /// assert_eq!(scheme.required_headers(), ["webhook-signature", "webhook-timestamp", "webhook-id"]);
    /// ```
    #[must_use]
    pub fn required_headers(&self) -> Vec<&str> {
        let mut names = vec![self.signature_header()];
        if let Some(header) = self.timestamp_header() {
            names.push(header);
        }
        for part in self.signed_parts().iter().filter(|part| !part.optional) {
            names.extend(header_names(part));
        }
        distinct(names)
    }

    /// Every header the scheme reads, required or not. A second value of any of them refuses the delivery.
    #[must_use]
    pub fn used_headers(&self) -> Vec<&str> {
        let mut names = self.required_headers();
        names.extend(self.signed_parts().iter().flat_map(header_names));
        if let Method::Hmac(hmac) = &self.method {
            names.extend(hmac.key.id_header.as_deref());
        }
        let event = &self.event;
        for source in [&event.id, &event.kind, &event.created, &event.account].into_iter().flatten() {
            if let Source::Header(name) = source {
                names.push(name);
            }
        }
        distinct(names)
    }

    /// Every query parameter the scheme reads.
    #[must_use]
    pub fn used_parameters(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for piece in self.signed_parts().iter().flat_map(|part| &part.pieces) {
            if let Piece::Query { name, .. } = piece
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    /// The further headers that a signature covers, by its own word: the names it lists, as it spells them. Empty
    /// for schemes without a [`BoundForm`].
    ///
    /// ```
    /// # use hookline_webhook::providers;
    /// let scheme = providers::find("coinbase-cdp").expect("registered");
    /// let signature = "t=1728394718,v0=9f8e,h=content-type x-event-id,v1=a1b2";
    /// assert_eq!(scheme.bound_headers(signature), ["content-type", "x-event-id"]);
    /// ```
    #[must_use]
    pub fn bound_headers<'v>(&self, signature: &'v str) -> Vec<&'v str> {
        let Method::Hmac(method) = &self.method else {
            return vec![];
        };
        let Some(bound) = &method.bound else {
            return vec![];
        };
        method
            .elements(signature)
            .into_iter()
            .filter_map(|element| bound.names.matches(element))
            .flat_map(|names| names.split(' '))
            .collect()
    }

    /// Whether the secret's `params` must hold `notification_url`.
    #[must_use]
    pub fn needs_notification_url(&self) -> bool {
        self.signs(&Piece::Url)
    }

    /// Whether a fact at that place is covered by the signature, so that it can be an identity.
    #[must_use]
    pub fn covers(&self, source: &Source) -> bool {
        match source {
            Source::Pointer(_) | Source::Joined(_) => self.signs(&Piece::Body),
            Source::Header(name) => self
                .signed_parts()
                .iter()
                .flat_map(header_names)
                .chain(self.timestamp_header())
                .any(|signed| signed.eq_ignore_ascii_case(name)),
        }
    }

    fn signs(&self, piece: &Piece) -> bool {
        self.signed_parts().iter().any(|part| part.pieces.contains(piece))
    }

    fn signed_parts(&self) -> &[SignedPart] {
        match &self.method {
            Method::Hmac(hmac) => &hmac.signed,
            Method::Token => &[],
        }
    }

    fn timestamp_header(&self) -> Option<&str> {
        match self.method.timestamp_rule()?.from {
            TimestampSource::Header(ref name) => Some(name),
            TimestampSource::Signature(_) => None,
        }
    }
}

impl HmacMethod {
    /// The elements of a signature header.
    pub(crate) fn elements<'v>(&self, header: &'v str) -> Vec<&'v str> {
        let elements = match &self.separator {
            Some(separator) => header.split(separator.as_str()).collect(),
            None => vec![header],
        };
        if self.trim {
            elements.into_iter().map(|element: &str| element.trim_matches([' ', '\t'])).collect()
        } else {
            elements
        }
    }
}

impl Method {
    fn timestamp_rule(&self) -> Option<&TimestampRule> {
        match self {
            Self::Hmac(hmac) => hmac.timestamp.as_ref(),
            Self::Token => None,
        }
    }
}

fn header_names(part: &SignedPart) -> impl Iterator<Item = &str> {
    part.pieces.iter().filter_map(|piece| match piece {
        Piece::Header(name) => Some(name.as_str()),
        _ => None,
    })
}

fn distinct(names: Vec<&str>) -> Vec<&str> {
    let mut kept: Vec<&str> = Vec::with_capacity(names.len());
    for name in names {
        if !kept.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            kept.push(name);
        }
    }
    kept
}
