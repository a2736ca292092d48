//! What Terraform puts out, and the addresses in it as this machine reaches them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The outputs of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outputs {
    /// Generic route.
    pub api_endpoint_url: String,
    /// The ledger.
    pub dynamodb_table_name: String,
    /// The archive.
    pub s3_bucket_name: String,
    /// Accepted webhooks on their way to the bus.
    pub sqs_fifo_queue_url: String,
    /// The bus.
    pub eventbridge_bus_arn: String,
    /// Parked webhooks.
    pub dead_letter_queue_url: String,
    /// Webhooks on which the processing function died.
    pub redrive_queue_url: String,
    /// Provider -> name of its secret.
    pub secret_names: BTreeMap<String, String>,
    /// Provider -> native route.
    pub provider_endpoint_urls: BTreeMap<String, String>,
    /// Provider -> queue of its subscriber.
    pub subscriber_queue_urls: BTreeMap<String, String>,
    /// Name of the function behind the routes.
    pub ingestion_function_name: String,
    /// Name of the function behind the queue.
    pub processing_function_name: String,
}

impl Outputs {
    /// Reads the text of `terraform output -json`: `{"name": {"value": ...}}`.
    ///
    /// # Errors
    /// When an output is missing or has another shape.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        let outputs: BTreeMap<String, Value> = serde_json::from_str(text)?;
        let values = outputs.into_iter().map(|(name, mut output)| (name, output["value"].take())).collect();
        serde_json::from_value(Value::Object(values))
    }

    /// Names and values as Terraform shows them, in its order.
    pub fn lines(&self) -> Vec<(String, String)> {
        let Ok(Value::Object(all)) = serde_json::to_value(self) else {
            return Vec::new();
        };
        all.into_iter()
            .flat_map(|(name, value)| match value {
                Value::Object(map) => {
                    map.into_iter().map(|(key, value)| (format!("{name}.{key}"), text_of(&value))).collect::<Vec<_>>()
                }
                value => vec![(name, text_of(&value))],
            })
            .collect()
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// Where the emulator at `endpoint` serves what AWS serves at `url`
/// (`https://<api>.execute-api.<region>.amazonaws.com/<stage>/<path>`). Other addresses stay as they are.
pub fn local_url(endpoint: &str, url: &str) -> String {
    let parts = url.strip_prefix("https://").and_then(|rest| rest.split_once('/'));
    let Some((host, path)) = parts else {
        return url.to_owned();
    };
    match host.split_once(".execute-api.") {
        Some((api, domain)) if domain.contains("amazonaws.com") => {
            format!("{endpoint}/_aws/execute-api/{api}/{path}")
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invoke_urls_are_mapped_to_the_emulator() {
        assert_eq!(
            local_url("http://127.0.0.1:4566", "https://a1b2c3.execute-api.us-east-1.amazonaws.com/dev/webhook/stripe"),
            "http://127.0.0.1:4566/_aws/execute-api/a1b2c3/dev/webhook/stripe"
        );
    }

    #[test]
    fn other_urls_are_left_alone() {
        for url in [
            "https://hooks.example.com/webhook",
            "http://127.0.0.1:4566/x",
            "nonsense",
            "https://x.execute-api.example.com/dev",
        ] {
            assert_eq!(local_url("http://127.0.0.1:4566", url), url);
        }
    }

    #[test]
    fn outputs_are_read_from_terraforms_json() {
        let text = r#"{
            "api_endpoint_url": {"sensitive": false, "type": "string", "value": "u"},
            "dynamodb_table_name": {"value": "t"}, "s3_bucket_name": {"value": "b"}, "sqs_fifo_queue_url": {"value": "q"},
            "eventbridge_bus_arn": {"value": "arn"}, "dead_letter_queue_url": {"value": "d"}, "redrive_queue_url": {"value": "r"},
            "secret_names": {"value": {"stripe": "webhook-secret_stripe_dev"}},
            "provider_endpoint_urls": {"value": {"stripe": "u/stripe"}},
            "subscriber_queue_urls": {"value": {"stripe": "s"}},
            "ingestion_function_name": {"value": "i"}, "processing_function_name": {"value": "p"}, "later": {"value": 1}
        }"#;
        let outputs = Outputs::from_json(text).unwrap();
        assert_eq!(outputs.secret_names["stripe"], "webhook-secret_stripe_dev");
        assert!(outputs.lines().contains(&("provider_endpoint_urls.stripe".to_owned(), "u/stripe".to_owned())));
    }

    #[test]
    fn a_missing_output_is_named() {
        let error = Outputs::from_json(r#"{"api_endpoint_url": {"value": "u"}}"#).unwrap_err();
        assert!(error.to_string().contains("missing field"));
    }
}
