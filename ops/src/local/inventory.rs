//! What is left in the emulator's account, service by service.

use super::clients::Clients;

/// What exists, as `service: name`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Everything found.
    pub found: Vec<String>,
    /// The services that were asked.
    pub services: Vec<&'static str>,
}

/// A service did not answer.
#[derive(Debug, thiserror::Error)]
#[error("{service} could not be listed: {why}")]
pub struct InventoryError {
    /// The service.
    pub service: &'static str,
    /// What it said.
    pub why: String,
}

/// Services without a client here answer their list call over plain HTTP.
const REST_LISTS: [(&str, &str, &str); 2] = [
    ("API Gateway", "/restapis", "item"),
    ("Lambda", "/2015-03-31/functions", "Functions"),
];

/// JSON services without a client here: name, signing name, `X-Amz-Target`, list in the answer, name in an entry.
const JSON_LISTS: [(&str, &str, &str, &str, &str); 1] = [(
    "CloudWatch Logs",
    "logs",
    "Logs_20140328.DescribeLogGroups",
    "logGroups",
    "logGroupName",
)];

/// Query services without a client here: name, signing name, version, action, element that holds a name.
const QUERY_LISTS: [(&str, &str, &str, &str, &str); 4] = [
    ("IAM", "iam", "2010-05-08", "ListRoles", "RoleName"),
    (
        "CloudWatch",
        "monitoring",
        "2010-08-01",
        "DescribeAlarms",
        "AlarmName",
    ),
    (
        "CloudWatch dashboards",
        "monitoring",
        "2010-08-01",
        "ListDashboards",
        "DashboardName",
    ),
    ("SNS", "sns", "2010-03-31", "ListTopics", "TopicArn"),
];

impl Inventory {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Lists every service that the pipeline uses.
    ///
    /// # Errors
    /// When a service does not answer.
    pub async fn take(endpoint: &str, region: &str) -> Result<Self, InventoryError> {
        let mut inventory = Self::default();
        inventory
            .take_with_clients(&Clients::new(endpoint, region))
            .await?;
        inventory.take_over_http(endpoint, region).await?;
        Ok(inventory)
    }

    fn add(&mut self, service: &'static str, names: impl IntoIterator<Item = String>) {
        if !self.services.contains(&service) {
            self.services.push(service);
        }
        self.found
            .extend(names.into_iter().map(|name| format!("{service}: {name}")));
    }

    async fn take_with_clients(&mut self, clients: &Clients) -> Result<(), InventoryError> {
        let buckets = clients
            .s3
            .list_buckets()
            .send()
            .await
            .map_err(|error| unlisted("S3", &error))?;
        self.add(
            "S3",
            buckets
                .buckets()
                .iter()
                .filter_map(|bucket| bucket.name().map(ToOwned::to_owned)),
        );

        let tables = clients
            .dynamodb
            .list_tables()
            .send()
            .await
            .map_err(|error| unlisted("DynamoDB", &error))?;
        self.add("DynamoDB", tables.table_names().iter().cloned());

        let queues = clients
            .sqs
            .list_queues()
            .send()
            .await
            .map_err(|error| unlisted("SQS", &error))?;
        self.add("SQS", queues.queue_urls().iter().cloned());

        let secrets = clients
            .secretsmanager
            .list_secrets()
            .send()
            .await
            .map_err(|error| unlisted("Secrets Manager", &error))?;
        self.add(
            "Secrets Manager",
            secrets
                .secret_list()
                .iter()
                .filter_map(|secret| secret.name().map(ToOwned::to_owned)),
        );

        let buses = clients
            .eventbridge
            .list_event_buses()
            .send()
            .await
            .map_err(|error| unlisted("EventBridge", &error))?;
        let own = buses
            .event_buses()
            .iter()
            .filter_map(|bus| bus.name())
            .filter(|name| *name != "default");
        self.add("EventBridge", own.map(ToOwned::to_owned));
        Ok(())
    }

    async fn take_over_http(&mut self, endpoint: &str, region: &str) -> Result<(), InventoryError> {
        let http = crate::http::client();
        for (service, path, list) in REST_LISTS {
            let signing_name = if service == "Lambda" {
                "lambda"
            } else {
                "apigateway"
            };
            let request = http
                .get(format!("{endpoint}{path}"))
                .header("Authorization", authorization(signing_name, region));
            let text = text_of(service, request).await?;
            let answer: serde_json::Value =
                serde_json::from_str(&text).map_err(|error| unlisted(service, &error))?;
            let entries = answer[list].as_array().cloned().unwrap_or_default();
            self.add(
                service,
                entries
                    .iter()
                    .map(|entry| first_name(entry, &["FunctionName", "name"])),
            );
        }
        for (service, signing_name, target, list, name) in JSON_LISTS {
            let request = http
                .post(endpoint)
                .header("Authorization", authorization(signing_name, region))
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", target)
                .body("{}");
            let text = text_of(service, request).await?;
            let answer: serde_json::Value =
                serde_json::from_str(&text).map_err(|error| unlisted(service, &error))?;
            let entries = answer[list].as_array().cloned().unwrap_or_default();
            self.add(
                service,
                entries.iter().map(|entry| first_name(entry, &[name])),
            );
        }
        for (service, signing_name, version, action, element) in QUERY_LISTS {
            let request = http
                .post(endpoint)
                .header("Authorization", authorization(signing_name, region))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(format!("Action={action}&Version={version}"));
            let text = text_of(service, request).await?;
            self.add(service, elements(&text, element));
        }
        Ok(())
    }
}

/// The emulator reads service and account out of the header and does not check the signature of its root.
fn authorization(service: &str, region: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=test/20250101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
}

async fn text_of(
    service: &'static str,
    request: reqwest::RequestBuilder,
) -> Result<String, InventoryError> {
    let answer = request
        .send()
        .await
        .map_err(|error| unlisted(service, &error))?;
    let status = answer.status();
    let text = answer
        .text()
        .await
        .map_err(|error| unlisted(service, &error))?;
    if status.is_success() {
        Ok(text)
    } else {
        Err(InventoryError {
            service,
            why: format!("{status}: {text}"),
        })
    }
}

fn unlisted(service: &'static str, error: &dyn std::error::Error) -> InventoryError {
    let mut why = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        why = format!("{why}: {deeper}");
        cause = deeper.source();
    }
    InventoryError { service, why }
}

fn first_name(entry: &serde_json::Value, names: &[&str]) -> String {
    names
        .iter()
        .find_map(|name| entry[name].as_str())
        .unwrap_or("(without a name)")
        .to_owned()
}

/// The texts of all `<element>`s: enough for a list of names.
fn elements(xml: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    xml.split(&open)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(&close)?.0.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_query_answers() {
        let xml = "<R><Roles><member><RoleName>a</RoleName></member><member><RoleName>b</RoleName></member></Roles></R>";
        assert_eq!(elements(xml, "RoleName"), ["a", "b"]);
        assert!(elements("<R/>", "RoleName").is_empty());
    }
}
