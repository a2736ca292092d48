//! How a provider signs, as data.
//!
//! A scheme is one JSON file (see the folder `providers/`) or a table `[schemes.<name>]` in hookline.toml, read once
//! into types that leave the verifier nothing to decide. [`Definition`] is the grammar:
//!
//! | setting | meaning |
//! |---|---|
//! | `title`, `caveat`, `guide` | for people: the provider's name, what one must know before relying on the scheme, what the documentation says of it |
//! | `algorithm` | `hmac-sha1`, `hmac-sha256`, `hmac-sha512`, or `token` (the header equals the secret) |
//! | `signature.header` | the header with the signature |
//! | `signature.separator`, `.trim` | splits the header into elements, trimmed if so set; without it the value is one element |
//! | `signature.item` | template of an element with a signature: `v1={sig}`; `{kid}` matches a key id |
//! | `signature.encoding` | `hex` (lower case), `hex-any-case`, `base64` (canonical, padded) |
//! | `timestamp.from` | `header:Name`, or the template of the one element of the signature header: `t={t}`; `unit` `s`, `ms`, `auto`; `past`, `future`: tolerance in seconds |
//! | `signed` | ordered parts of text and `{body}` `{t}` `{url}` `{header:N}` `{query:N}` `{query:N\|or-lower}` (either spelling may be the signed one); a part that ends in `?` is dropped when its placeholder is absent |
//! | `bound` | a second form of signature, over headers that the signature header itself lists; see [`BoundForm`] |
//! | `key.encoding` | `utf8`, `hex`, `base64`; `strip_prefix`; `id_header` (not used to choose a key, but may occur once only) |
//! | `event.id` ... | `id`, `type`, `created`, `account`: a JSON pointer, `header:Name`, or pointers in text (`{/a}.{/b}`); a list of them is tried in order; `list`: the events of a delivery, to which `type`, `created` and `account` then refer |
//! | `event.id_except` | ids that name no event: documented constants of test deliveries, the provider's bare prefix |
//! | `response` | `ok` status, `body`, and `bad_signature` status, where the provider wants others than 200, JSON and 401 |

mod check;
mod definition;
mod error;
mod reference;
mod signed;
mod source;
mod template;

pub use definition::{
    Algorithm, BoundForm, Definition, Encoding, Guide, KeyEncoding, KeyRule, ResponseWishes, SignatureHeader,
    TimestampRule, TimestampSource, TimestampUnit,
};
pub use error::SchemeError;
pub use reference::SchemeRef;
pub use signed::{Piece, SignedPart};
pub use source::{EventSources, Join, Source, Sources};
pub use template::ItemTemplate;

/// A scheme whose settings fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    name: String,
    definition: Definition,
    method: Method,
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

impl Scheme {
    /// A scheme of that name.
    ///
    /// # Errors
    /// [`SchemeError`] when settings are missing or contradict each other.
    pub fn new(name: &str, definition: Definition) -> Result<Self, SchemeError> {
        let method = check::method(&definition)?;
        Ok(Self { name: name.to_owned(), definition, method })
    }

    /// The same, from JSON.
    ///
    /// # Errors
    /// [`SchemeError`] when the text is not in the grammar, with line and column, or contradicts itself.
    pub fn parse(name: &str, json: &str) -> Result<Self, SchemeError> {
        Self::new(name, serde_json::from_str(json)?)
    }

    /// As it is written.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The same, if the scheme is not a shipped one, which its name is enough to find.
    #[must_use]
    pub fn own_definition(&self) -> Option<&Definition> {
        crate::providers::find(&self.name).is_none().then_some(&self.definition)
    }

    /// The scheme's name, as configured: `stripe`, `standard-webhooks`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The provider's name, for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.definition.title
    }

    /// What one must know before relying on it, if anything.
    #[must_use]
    pub fn caveat(&self) -> Option<&str> {
        self.definition.caveat.as_deref()
    }

    /// The header with the signature on the native route.
    #[must_use]
    pub fn signature_header(&self) -> &str {
        &self.definition.signature.header
    }

    /// How a delivery proves itself.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Where the facts of an event are.
    #[must_use]
    pub fn event(&self) -> &EventSources {
        &self.definition.event
    }

    /// The answers the provider wants.
    #[must_use]
    pub fn response(&self) -> &ResponseWishes {
        &self.definition.response
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
        names.extend(self.event().all().filter_map(|source| match source {
            Source::Header(name) => Some(name.as_str()),
            _ => None,
        }));
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
