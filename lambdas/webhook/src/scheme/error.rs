//! What can be wrong with a scheme entry. Met by whoever adds one, in a test, never by a webhook.

/// A scheme entry that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemeError {
    /// Not JSON, a field missing, unknown or of the wrong type.
    #[error("the entry does not have the shape of a scheme: {0}")]
    Shape(#[from] serde_json::Error),
    /// The algorithm is none of those the engine can verify.
    #[error(
        "algorithm `{0}` is not one of hmac-sha1, hmac-sha256, hmac-sha512, token; others need a verifier of their own"
    )]
    Algorithm(String),
    /// A template is malformed.
    #[error("template `{template}`: {problem}")]
    Template {
        /// The template as written.
        template: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A `header:` or pointer reference is malformed.
    #[error("`{0}` is neither a JSON pointer (/a/b), pointers in text ({{/a}}.{{/b}}) nor header:Name")]
    Source(String),
    /// Two settings of the entry contradict each other, or one is missing.
    #[error("{0}")]
    Inconsistent(&'static str),
}

impl SchemeError {
    pub(super) fn template(template: &str, problem: &'static str) -> Self {
        Self::Template { template: template.to_owned(), problem }
    }
}
