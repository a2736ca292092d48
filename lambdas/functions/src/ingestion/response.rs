//! Answers in the form API Gateway's proxy integration expects; what they say is the domain's.

use std::collections::BTreeMap;

use hookline_webhook::Answer;
use serde::Serialize;

/// An answer for API Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The HTTP status.
    pub status_code: u16,
    /// Response headers.
    pub headers: BTreeMap<&'static str, &'static str>,
    /// The body as text.
    pub body: String,
    /// Always false: our bodies are text.
    pub is_base64_encoded: bool,
}

impl Response {
    /// A refusal that the domain knows nothing of, since it was no delivery in the first place.
    pub(super) fn error(status: u16, reason: &'static str) -> Self {
        let body = format!(r#"{{"error":"{reason}"}}"#);
        Answer { status, content_type: Some("application/json"), body }.into()
    }
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        Self {
            status_code: answer.status,
            headers: answer.content_type.map(|content_type| ("content-type", content_type)).into_iter().collect(),
            body: answer.body,
            is_base64_encoded: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_has_the_form_of_the_proxy_integration() {
        let answer = Answer { status: 200, content_type: Some("text/plain"), body: "[accepted]".to_owned() };
        assert_eq!(
            serde_json::to_string(&Response::from(answer)).ok().as_deref(),
            Some(
                r#"{"statusCode":200,"headers":{"content-type":"text/plain"},"body":"[accepted]","isBase64Encoded":false}"#
            )
        );
    }
}
