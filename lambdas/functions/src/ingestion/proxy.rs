//! API Gateway's proxy integration: the event it sends and the response it expects. What the response says is up to the
//! domain.
//!
//! The event is read without copying where JSON allows it.
//!
//! Guarantees: the body is exactly the bytes that were received, decoded according to the flag `isBase64Encoded`, never by
//! guessing; every value of a header is there (`multiValueHeaders`), whatever its case. An event of another shape is
//! refused with a 4xx, never with a failed invocation.

use std::collections::BTreeMap;

use hookline_webhook::names::{PROVIDER_PARAMETER, WEBHOOK_PATH};
use hookline_webhook::request::{self, RequestError};
use hookline_webhook::{Headers, Query, Response};
use serde::{Deserialize, Serialize};

use crate::borrowed::Text;

/// A delivery as received on one of the two routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyRequest {
    /// The provider of the native route, `POST /webhook/{provider}`; unchecked text.
    pub path_provider: Option<String>,
    /// Every value of every header.
    pub headers: Headers,
    /// Every value of every query parameter.
    pub query: Query,
    /// The exact bytes.
    pub body: Vec<u8>,
}

/// Why an event is not a delivery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequest {
    /// Another shape than API Gateway's.
    #[error("this is not a request of the webhook API")]
    Shape,
    /// Another method than POST.
    #[error("only POST is accepted here")]
    Method,
    /// The body cannot be decoded, or is too large.
    #[error("{}", .0.reason())]
    Body(RequestError),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProxyEvent<'a> {
    #[serde(borrow)]
    http_method: Option<Text<'a>>,
    #[serde(borrow, default)]
    multi_value_headers: Option<Multi<'a>>,
    #[serde(borrow, default)]
    headers: Option<Single<'a>>,
    #[serde(borrow, default)]
    multi_value_query_string_parameters: Option<Multi<'a>>,
    #[serde(borrow, default)]
    resource: Option<Text<'a>>,
    #[serde(borrow, default)]
    path_parameters: Option<Single<'a>>,
    #[serde(borrow, default)]
    body: Option<Text<'a>>,
    #[serde(default)]
    is_base64_encoded: bool,
}

type Multi<'a> = BTreeMap<Text<'a>, Option<Vec<Text<'a>>>>;
type Single<'a> = BTreeMap<Text<'a>, Option<Text<'a>>>;

impl ProxyRequest {
    /// Reads the event of a REST API proxy integration.
    ///
    /// # Errors
    /// [`InvalidRequest`] for anything that is not a POST with a readable body.
    pub fn read(event: &str) -> Result<Self, InvalidRequest> {
        let event: ProxyEvent<'_> = serde_json::from_str(event).map_err(|_| InvalidRequest::Shape)?;
        match event.http_method {
            Some(method) if method.0 == "POST" => {}
            Some(_) => return Err(InvalidRequest::Method),
            None => return Err(InvalidRequest::Shape),
        }
        let mut headers = Headers::new();
        match (event.multi_value_headers, event.headers) {
            (Some(multi), _) => each(multi, |name, value| headers.append(name, value)),
            (None, Some(single)) => {
                for (name, value) in single {
                    if let Some(value) = value {
                        headers.append(&name.0, value.0);
                    }
                }
            }
            (None, None) => {}
        }
        let mut query = Query::new();
        if let Some(multi) = event.multi_value_query_string_parameters {
            each(multi, |name, value| query.append(name, value));
        }
        let path_provider = event
            .resource
            .zip(event.path_parameters)
            .and_then(|(resource, parameters)| provider_of(&resource.0, parameters));
        let body = request::decode_body(event.body.map(|body| body.0.into_owned()), event.is_base64_encoded)
            .map_err(InvalidRequest::Body)?;
        Ok(Self { path_provider, headers, query, body })
    }
}

/// The provider of the native route. `resource` is the route as deployed, whatever domain or base path the sender used.
fn provider_of(resource: &str, parameters: Single<'_>) -> Option<String> {
    let native = format!("/{WEBHOOK_PATH}/{{{PROVIDER_PARAMETER}}}");
    let (_, value) =
        parameters.into_iter().find(|(name, _)| name.0 == PROVIDER_PARAMETER).filter(|_| resource == native)?;
    value.map(|provider| provider.0.into_owned())
}

fn each(fields: Multi<'_>, mut take: impl FnMut(&str, String)) {
    for (name, values) in fields {
        for value in values.unwrap_or_default() {
            take(&name.0, value.0.into_owned());
        }
    }
}

/// A response for API Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProxyResponse {
    /// The HTTP status.
    pub status_code: u16,
    /// Response headers.
    pub headers: BTreeMap<&'static str, &'static str>,
    /// The body as text.
    pub body: String,
    /// Always false: our bodies are text.
    pub is_base64_encoded: bool,
}

impl From<Response> for ProxyResponse {
    fn from(response: Response) -> Self {
        Self {
            status_code: response.status,
            headers: response.content_type.map(|content_type| ("content-type", content_type)).into_iter().collect(),
            body: response.body,
            is_base64_encoded: false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    fn read(event: &Value) -> Result<ProxyRequest, InvalidRequest> {
        ProxyRequest::read(&event.to_string())
    }

    #[test]
    fn the_body_is_decoded_by_the_flag_and_only_by_it() {
        let encoded = json!({"httpMethod": "POST", "body": "aGVsbG8=", "isBase64Encoded": true});
        assert_eq!(read(&encoded).unwrap().body, b"hello");
        let plain = json!({"httpMethod": "POST", "body": "aGVsbG8=", "isBase64Encoded": false});
        assert_eq!(read(&plain).unwrap().body, b"aGVsbG8=");
    }

    #[test]
    fn a_body_that_is_no_utf8_survives_byte_for_byte() {
        let event = json!({"httpMethod": "POST", "body": "/wD+Cg==", "isBase64Encoded": true});
        assert_eq!(read(&event).unwrap().body, [0xff, 0x00, 0xfe, 0x0a]);
    }

    #[test]
    fn a_broken_base64_body_is_a_bad_request() {
        let event = json!({"httpMethod": "POST", "body": "%%%", "isBase64Encoded": true});
        assert!(matches!(read(&event), Err(InvalidRequest::Body(error)) if error.status() == 400));
    }

    #[test]
    fn every_value_of_a_header_counts_whatever_its_case() {
        let event = json!({"httpMethod": "POST", "headers": {"x-provider-id": "b"},
            "multiValueHeaders": {"X-Provider-Id": ["a"], "x-provider-id": ["b"]}});
        let received = read(&event).unwrap();
        assert_eq!(received.headers.get_all("X-Provider-ID").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn the_path_names_the_provider_of_the_native_route() {
        let native = json!({"httpMethod": "POST", "resource": "/webhook/{provider}",
            "path": "/hooks/webhook/stripe", "pathParameters": {"provider": "stripe"}});
        assert_eq!(read(&native).unwrap().path_provider.as_deref(), Some("stripe"));
        for resource in [json!("/webhook"), json!("/other/{provider}"), json!(null)] {
            let generic = json!({"httpMethod": "POST", "resource": resource, "path": "/webhook",
                "pathParameters": {"provider": "stripe"}});
            assert_eq!(read(&generic).unwrap().path_provider, None, "{resource}");
        }
    }

    #[test]
    fn another_method_or_shape_is_not_a_delivery() {
        assert_eq!(read(&json!({"httpMethod": "GET"})), Err(InvalidRequest::Method));
        for event in [json!({"Records": []}), json!("x"), json!({"httpMethod": "POST", "body": 7})] {
            assert_eq!(read(&event), Err(InvalidRequest::Shape), "{event}");
        }
    }

    #[test]
    fn a_response_has_the_form_of_the_proxy_integration() {
        let response = Response { status: 200, content_type: Some("text/plain"), body: "[accepted]".to_owned() };
        assert_eq!(
            serde_json::to_string(&ProxyResponse::from(response)).ok().as_deref(),
            Some(
                r#"{"statusCode":200,"headers":{"content-type":"text/plain"},"body":"[accepted]","isBase64Encoded":false}"#
            )
        );
    }
}
