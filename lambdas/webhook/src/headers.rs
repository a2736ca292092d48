//! Header and query fields with all their values.
//!
//! API Gateway's single-value maps keep the last of repeated fields, other software joins them with commas, and a
//! verifier that sees one while the consumer sees another can be fooled. So all values are kept, and code that
//! depends on a field asks for its only value.

use std::collections::BTreeMap;

/// A field was sent more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sent more than once")]
pub struct Repeated;

/// HTTP headers; names are case-insensitive.
///
/// ```
/// # use hookline_webhook::Headers;
/// let mut headers = Headers::new();
/// headers.append("Webhook-Id", "msg_1");
/// assert_eq!(headers.single("webhook-id"), Ok(Some("msg_1")));
/// headers.append("WEBHOOK-ID", "msg_2");
/// assert!(headers.single("webhook-id").is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Fields);

/// Query parameters, already percent-decoded; names are case-sensitive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Fields);

type Fields = BTreeMap<String, Vec<String>>;

/// Letters, digits, `-` and `_`: narrower than HTTP's own names, which could hold the dot that ends the list.
pub(crate) fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn single<'f>(fields: &'f Fields, name: &str) -> Result<Option<&'f str>, Repeated> {
    match fields.get(name).map(Vec::as_slice) {
        None | Some([]) => Ok(None),
        Some([only]) => Ok(Some(only)),
        Some(_) => Err(Repeated),
    }
}

impl Headers {
    /// No headers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one value; a repeated name keeps all its values.
    pub fn append(&mut self, name: &str, value: impl Into<String>) {
        self.0.entry(name.to_ascii_lowercase()).or_default().push(value.into());
    }

    /// Every value of the header, in the order received.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(&name.to_ascii_lowercase()).into_iter().flatten().map(String::as_str)
    }

    /// The only value of the header, or `None` when it was not sent.
    ///
    /// # Errors
    /// [`Repeated`] when it has a second value, even an equal one.
    pub fn single(&self, name: &str) -> Result<Option<&str>, Repeated> {
        single(&self.0, &name.to_ascii_lowercase())
    }
}

impl Query {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one value; a repeated name keeps all its values.
    pub fn append(&mut self, name: &str, value: impl Into<String>) {
        self.0.entry(name.to_owned()).or_default().push(value.into());
    }

    /// Every value of the parameter, in the order received.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }

    /// The only value of the parameter, or `None` when it was not sent.
    ///
    /// # Errors
    /// [`Repeated`] when it has a second value.
    pub fn single(&self, name: &str) -> Result<Option<&str>, Repeated> {
        single(&self.0, name)
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut headers = Self::new();
        pairs.into_iter().for_each(|(name, value)| headers.append(name.as_ref(), value));
        headers
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Query {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut query = Self::new();
        pairs.into_iter().for_each(|(name, value)| query.append(name.as_ref(), value));
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_case_insensitive() {
        let headers: Headers = [("X-A", "1"), ("x-b", "2"), ("X-B", "3")].into_iter().collect();
        assert_eq!(headers.single("x-a"), Ok(Some("1")));
        assert_eq!(headers.single("X-B"), Err(Repeated));
        assert_eq!(headers.get_all("X-b").collect::<Vec<_>>(), ["2", "3"]);
        assert_eq!(headers.single("x-c"), Ok(None));
    }

    #[test]
    fn query_parameter_names_are_case_sensitive() {
        let query: Query = [("data.id", "1"), ("DATA.ID", "2")].into_iter().collect();
        assert_eq!(query.single("data.id"), Ok(Some("1")));
    }
}
