//! What can be wrong with a scheme. Met by whoever writes one, in a test or at synth, never by a webhook.

/// A scheme that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemeError {
    /// Not JSON, or a setting is missing, unknown or has another value than the grammar allows; with line and column.
    #[error("not a scheme: {0}")]
    Shape(#[from] serde_json::Error),
    /// A template is malformed.
    #[error("template `{template}`: {problem}")]
    Template {
        /// The template as written.
        template: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The place of a fact is malformed.
    #[error("`{0}` is neither a JSON pointer (/a/b), pointers in text ({{/a}}.{{/b}}) nor header:Name")]
    Source(String),
    /// The place of the timestamp is malformed.
    #[error("`{0}` is neither header:Name nor an element of the signature header, such as t={{t}}")]
    TimestampSource(String),
    /// The text is not a name of a header.
    #[error("{setting} = `{name}`: a header's name is letters, digits, '-' and '_'")]
    HeaderName {
        /// Where it stands.
        setting: &'static str,
        /// The text.
        name: String,
    },
    /// Two settings contradict each other, or one is missing.
    #[error("{0}")]
    Inconsistent(&'static str),
    /// The name cannot be a scheme's.
    #[error("`{0}`: a scheme's name is 1 to 32 characters of a-z, 0-9 and '-'")]
    Name(String),
    /// A shipped scheme has this name.
    #[error("`{0}` is the name of a shipped scheme; give yours another")]
    Shipped(String),
}

impl SchemeError {
    pub(super) fn template(template: &str, problem: impl Into<String>) -> Self {
        Self::Template { template: template.to_owned(), problem: problem.into() }
    }
}
