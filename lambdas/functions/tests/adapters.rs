//! The AWS adapters against a server that records their requests and responds like AWS.
//!
//! What the simulation assumes is tested here: every write is conditional, every error code means what the port says,
//! a failed entry in a 200 response is a failure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Duration;

use assert_json_diff::{assert_json_eq, assert_json_include};
use hookline_functions::aws::{
    Connection, DynamoLedger, EventBridgeBus, Patience, S3Archive, SecretsManager, SqsBacklog, SqsQueue,
};
use hookline_functions::failure::{ArchiveError, SecretError};
use hookline_functions::ports::{
    Archive, Backlog, Bus, Created, DeadLetter, Ledger, NewObject, Outgoing, Queue, SecretSource, Stored, Updated,
};
use hookline_webhook::{
    AcceptedDelivery, Change, Event, Facts, Failure, FailureKind, GroupId, Headers, ObjectKey, OrderingScope,
    PayloadHash, ProviderId, Record, Sequence, UtcTime, WebhookId, providers,
};
use serde_json::{Value, json};

const PATIENCE: Patience = Patience {
    connect: Duration::from_millis(500),
    attempt: Duration::from_millis(500),
    call: Duration::from_secs(2),
    attempts: 2,
};

struct Request {
    line: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Request {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A server that gives these responses, one per connection, and returns the requests.
struct Server {
    url: String,
    thread: JoinHandle<Vec<Request>>,
}

impl Server {
    fn answering(answers: Vec<(u16, &'static str, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let thread = std::thread::spawn(move || {
            let mut requests = Vec::new();
            for (status, headers, body) in answers {
                let (mut stream, _) = listener.accept().unwrap();
                requests.push(read(&mut BufReader::new(&stream)));
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
                    body.len()
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
            requests
        });
        Self { url, thread }
    }

    /// A server of the JSON protocols.
    fn json(answers: &[(u16, Value)]) -> Self {
        let headers = "content-type: application/x-amz-json-1.0\r\n";
        Self::answering(answers.iter().map(|(status, body)| (*status, headers, body.to_string())).collect())
    }

    fn connection(&self) -> Connection {
        let url = self.url.clone();
        let variable = move |name: &str| match name {
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
            "AWS_REGION" => Some("us-east-1".to_owned()),
            "AWS_ENDPOINT_URL" => Some(url.clone()),
            _ => None,
        };
        Connection::from_environment(variable, PATIENCE).unwrap()
    }

    fn requests(self) -> Vec<Request> {
        self.thread.join().unwrap()
    }

    fn request(self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1);
        requests.remove(0)
    }
}

fn read(stream: &mut impl BufRead) -> Request {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    Request { line: line.trim_end().to_owned(), headers, body }
}

fn record() -> Record {
    let scheme = providers::find("stripe").unwrap();
    let body = br#"{"id":"evt_1","type":"charge.succeeded","created":1614265330}"#;
    Record::received(AcceptedDelivery {
        provider: ProviderId::new("stripe").unwrap(),
        facts: Facts::extract(scheme, &Headers::new(), body),
        scope: OrderingScope::Provider,
        received_at: UtcTime::from_unix_seconds(1_614_265_331),
        payload_sha256: PayloadHash::of(body),
        size: body.len() as u64,
        ledger_days: 90,
    })
}

fn id() -> WebhookId {
    WebhookId::new("stripe.evt_1").unwrap()
}

/// The record as `DynamoDB` stores and returns it.
fn stored() -> Value {
    json!({
        "id": {"S": "stripe.evt_1"},
        "provider": {"S": "stripe"},
        "event_id": {"S": "evt_1"},
        "type": {"S": "charge.succeeded"},
        "occurred_at": {"S": "2021-02-25T15:02:10.000Z"},
        "received_at": {"S": "2021-02-25T15:02:11.000Z"},
        "s3_key": {"S": record().payload.s3_key.as_str()},
        "payload_sha256": {"S": record().payload.sha256.to_string()},
        "size": {"N": "61"},
        "message_group": {"S": "stripe"},
        "status": {"S": "received"},
        "attempts": {"N": "0"},
        "expires_at": {"N": "1622041331"},
    })
}

fn key() -> ObjectKey {
    ObjectKey::new("raw/stripe/2021/02/25/stripe.evt_1-ba7816bf8f01cfea").unwrap()
}

async fn put(answers: &[u16]) -> (Result<Stored, ArchiveError>, Vec<Request>) {
    let answers = answers.iter().map(|status| (*status, "", String::new())).collect();
    let server = Server::answering(answers);
    let archive = S3Archive::new(&server.connection(), "bucket");
    let hash = PayloadHash::of(b"abc");
    let metadata = [("scheme", "stripe".to_owned())];
    let result = archive.put(&NewObject { key: &key(), bytes: b"abc", sha256: &hash, metadata: &metadata }).await;
    (result, server.requests())
}

#[tokio::test]
async fn an_object_is_put_only_if_absent_and_with_its_checksum() {
    let (result, requests) = put(&[200]).await;
    assert_eq!(result, Ok(Stored::Created));
    let request = &requests[0];
    assert!(
        request.line.starts_with("PUT /bucket/raw/stripe/2021/02/25/stripe.evt_1-ba7816bf8f01cfea"),
        "{}",
        request.line
    );
    assert_eq!(request.headers["if-none-match"], "*");
    assert_eq!(request.headers["x-amz-checksum-sha256"], "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    assert_eq!(request.headers["x-amz-meta-scheme"], "stripe");
    assert_eq!(request.body, b"abc", "not in chunks");
    assert!(!request.headers.keys().any(|name| name.contains("crc32")), "no second checksum");
}

#[tokio::test]
async fn the_list_of_providers_is_read_by_version_and_asked_for_twice() {
    let unavailable = (503, "", String::new());
    let list = (200, "", r#"{"stripe":"stripe"}"#.to_owned());
    let server = Server::answering(vec![unavailable, list]);
    let archive = S3Archive::new(&server.connection(), "payloads");
    let read = archive.configuration("config/providers.json", "v.7").await;
    assert_eq!(read.unwrap(), br#"{"stripe":"stripe"}"#);
    let requests = server.requests();
    assert!(requests[1].line.starts_with("GET /payloads/config/providers.json?"), "{}", requests[1].line);
    assert!(requests[1].line.contains("versionId=v.7"), "{}", requests[1].line);
}

#[tokio::test]
async fn an_existing_object_and_a_concurrent_write_are_distinguished() {
    assert_eq!(put(&[412]).await.0, Ok(Stored::AlreadyThere));
    assert_eq!(put(&[409]).await.0, Err(ArchiveError::Conflict));
}

#[tokio::test]
async fn a_failing_call_is_retried_once_and_is_transient() {
    let (result, requests) = put(&[503, 503]).await;
    assert!(!result.unwrap_err().is_permanent());
    assert_eq!(requests.len(), 2);
    assert_eq!(put(&[500, 200]).await.0, Ok(Stored::Created));
}

#[tokio::test]
async fn a_call_that_hangs_is_abandoned() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let variable = move |name: &str| Some(if name == "AWS_ENDPOINT_URL" { url.clone() } else { "x".to_owned() });
    let patience = Patience { attempt: Duration::from_millis(30), call: Duration::from_millis(100), ..PATIENCE };
    let connection = Connection::from_environment(variable, patience).unwrap();
    let error = DynamoLedger::new(&connection, "table").get(&id()).await.unwrap_err();
    assert_eq!(error.to_string(), "GetItem unavailable: timeout");
}

#[tokio::test]
async fn a_missing_object_is_permanent() {
    let body = "<Error><Code>NoSuchKey</Code><Message>x</Message></Error>".to_owned();
    let server = Server::answering(vec![(404, "", body)]);
    let archive = S3Archive::new(&server.connection(), "bucket");
    assert_eq!(archive.get(&key()).await, Err(ArchiveError::Missing));
    assert!(server.request().line.starts_with("GET /bucket/raw/stripe/"));
}

#[tokio::test]
async fn an_object_is_read_byte_for_byte() {
    let server = Server::answering(vec![(200, "", "exact\r\nbytes".to_owned())]);
    let archive = S3Archive::new(&server.connection(), "bucket");
    assert_eq!(archive.get(&key()).await.unwrap(), b"exact\r\nbytes");
}

#[tokio::test]
async fn a_record_is_put_only_if_absent() {
    let server = Server::json(&[(200, json!({}))]);
    let ledger = DynamoLedger::new(&server.connection(), "table");
    assert_eq!(ledger.create(&record()).await, Ok(Created::New));
    assert_json_eq!(
        server.request().json(),
        json!({"TableName": "table", "Item": stored(), "ConditionExpression": "attribute_not_exists(#id)",
            "ExpressionAttributeNames": {"#id": "id"}, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
    );
}

#[tokio::test]
async fn an_existing_record_is_returned() {
    let conflict = json!({"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "Message": "The conditional request failed", "Item": stored()});
    let server = Server::json(&[(400, conflict)]);
    let ledger = DynamoLedger::new(&server.connection(), "table");
    assert_eq!(ledger.create(&record()).await, Ok(Created::Existing(Box::new(record()))));
    server.request();
}

#[tokio::test]
async fn a_record_is_read_consistently() {
    let server = Server::json(&[(200, json!({"Item": stored()}))]);
    let ledger = DynamoLedger::new(&server.connection(), "table");
    assert_eq!(ledger.get(&id()).await, Ok(Some(record())));
    assert_json_eq!(
        server.request().json(),
        json!({"TableName": "table", "Key": {"id": {"S": "stripe.evt_1"}}, "ConsistentRead": true})
    );
    let server = Server::json(&[(200, json!({}))]);
    assert_eq!(DynamoLedger::new(&server.connection(), "table").get(&id()).await, Ok(None));
    server.request();
}

#[tokio::test]
async fn a_record_is_marked_only_from_the_statuses_the_change_allows() {
    let server = Server::json(&[(200, json!({}))]);
    let change = Change::Published { sequence: Sequence::new("18").unwrap(), attempts: 2 };
    let ledger = DynamoLedger::new(&server.connection(), "table");
    assert_eq!(ledger.update(&id(), &change).await, Ok(Updated::Done));
    let request = server.request().json();
    assert_eq!(request["ConditionExpression"], "#status IN (:from0, :from1)");
    assert_eq!(request["UpdateExpression"], "SET #s0 = :s0, #s1 = :s1, #s2 = :s2 REMOVE #r0");
    let names = &request["ExpressionAttributeNames"];
    let values = &request["ExpressionAttributeValues"];
    let set: BTreeMap<&str, &Value> =
        (0..3).map(|index| (names[format!("#s{index}")].as_str().unwrap(), &values[format!(":s{index}")])).collect();
    assert_json_eq!(
        serde_json::to_value(set).unwrap(),
        json!({"status": {"S": "published"}, "sequence": {"S": "18"}, "attempts": {"N": "2"}})
    );
    assert_json_include!(
        actual: names.clone(),
        expected: json!({"#status": "status", "#r0": "failure"})
    );
    assert_json_include!(
        actual: values.clone(),
        expected: json!({":from0": {"S": "received"}, ":from1": {"S": "failed"}})
    );
}

#[tokio::test]
async fn a_mark_that_does_not_apply_is_not_a_failure() {
    let conflict = json!({"__type": "ConditionalCheckFailedException", "message": "x"});
    let server = Server::json(&[(400, conflict)]);
    let failure = Failure {
        kind: FailureKind::Transient,
        reason: "PutEvents unavailable: InternalFailure".to_owned(),
        at: UtcTime::from_unix_seconds(1_614_265_331),
    };
    let change = Change::Failed { failure, sequence: Sequence::new("18").unwrap(), attempts: 3 };
    let ledger = DynamoLedger::new(&server.connection(), "table");
    assert_eq!(ledger.update(&id(), &change).await, Ok(Updated::NotApplicable));
    server.request();
}

#[tokio::test]
async fn a_message_goes_to_its_group_with_its_trace_and_no_deduplication_id() {
    let server = Server::json(&[(200, json!({"MessageId": "m", "MD5OfMessageBody": "x", "SequenceNumber": "18"}))]);
    let url = format!("{}/000000000000/q.fifo", server.url);
    let queue = SqsQueue::new(&server.connection(), &url);
    let group = GroupId::of(OrderingScope::Provider, &ProviderId::new("stripe").unwrap(), None);
    let message = Outgoing { group: &group, body: "{}", resend: true, trace_header: Some("Root=1") };
    assert_eq!(queue.send(&message).await.unwrap().as_deref(), Some("18"));
    assert_json_eq!(
        server.request().json(),
        json!({"QueueUrl": url, "MessageBody": "{}", "MessageGroupId": "stripe",
            "MessageAttributes": {"resend": {"DataType": "String", "StringValue": "1"}},
            "MessageSystemAttributes": {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}}})
    );
}

#[tokio::test]
async fn a_dead_letter_keeps_the_body_and_says_why() {
    let server = Server::json(&[(200, json!({"MessageId": "m", "MD5OfMessageBody": "x"}))]);
    let backlog = SqsBacklog::new(&server.connection(), "http://q.fifo", "http://dlq");
    let failure = Failure {
        kind: FailureKind::Permanent,
        reason: "the message is not readable".to_owned(),
        at: UtcTime::from_unix_seconds(0),
    };
    let sequence = Sequence::new("18").unwrap();
    let letter = DeadLetter {
        body: "not json",
        failure: &failure,
        message: None,
        group: "stripe",
        sequence: Some(&sequence),
        receive_count: 1,
        trace_header: None,
    };
    backlog.park(&letter).await.unwrap();
    let text = |text: &str| json!({"DataType": "String", "StringValue": text});
    assert_json_eq!(
        server.request().json(),
        json!({"QueueUrl": "http://dlq", "MessageBody": "not json", "MessageAttributes": {
            "kind": text("permanent"), "reason": text("the message is not readable"), "group": text("stripe"),
            "sequence": text("18"), "receive_count": text("1")}})
    );
}

#[tokio::test]
async fn visibility_is_changed_for_each_message_and_any_failure_is_returned() {
    let server = Server::json(&[(200, json!({}))]);
    let backlog = SqsBacklog::new(&server.connection(), "http://q.fifo", "http://dlq");
    backlog.retry_in(&[("a", Duration::from_secs(5))]).await.unwrap();
    assert_json_eq!(
        server.request().json(),
        json!({"QueueUrl": "http://q.fifo", "ReceiptHandle": "a", "VisibilityTimeout": 5})
    );
    let invalid = json!({"__type": "com.amazonaws.sqs#ReceiptHandleIsInvalid", "message": "x"});
    let server = Server::json(&[(200, json!({})), (400, invalid)]);
    let backlog = SqsBacklog::new(&server.connection(), "http://q.fifo", "http://dlq");
    let receipts = [("a", Duration::from_secs(5)), ("b", Duration::from_secs(5))];
    assert!(backlog.retry_in(&receipts).await.is_err());
    assert_eq!(server.requests().len(), 2);
}

fn event() -> Event {
    Event {
        source: "webhooks.stripe".to_owned(),
        detail_type: "charge.succeeded".to_owned(),
        detail: r#"{"webhook_id":"stripe.evt_1"}"#.to_owned(),
        time: UtcTime::from_unix_seconds(1_614_265_331),
        resources: vec!["arn:aws:s3:::bucket/key".to_owned()],
    }
}

#[tokio::test]
async fn an_event_is_one_entry_with_its_trace() {
    let server = Server::json(&[(200, json!({"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]}))]);
    let bus = EventBridgeBus::new(&server.connection(), "webhook-bus-dev");
    bus.publish(&event(), Some("Root=1")).await.unwrap();
    assert_json_eq!(
        server.request().json(),
        json!({"Entries": [{"Time": 1_614_265_331, "Source": "webhooks.stripe", "Resources": ["arn:aws:s3:::bucket/key"],
            "DetailType": "charge.succeeded", "Detail": r#"{"webhook_id":"stripe.evt_1"}"#,
            "EventBusName": "webhook-bus-dev", "TraceHeader": "Root=1"}]})
    );
}

#[tokio::test]
async fn a_failed_entry_in_a_200_response_is_a_failure() {
    for (code, permanent) in [("InternalFailure", false), ("ThrottlingException", false), ("MalformedDetail", true)] {
        let answer = json!({"FailedEntryCount": 1, "Entries": [{"ErrorCode": code, "ErrorMessage": "x"}]});
        let server = Server::json(&[(200, answer)]);
        let bus = EventBridgeBus::new(&server.connection(), "webhook-bus-dev");
        let error = bus.publish(&event(), None).await.unwrap_err();
        assert_eq!(error.is_permanent(), permanent, "{code}");
        server.request();
    }
}

#[tokio::test]
async fn a_secret_without_a_value_is_distinguished_from_a_failing_service() {
    let server = Server::json(&[(400, json!({"__type": "ResourceNotFoundException", "Message": "x"}))]);
    let secrets = SecretsManager::new(&server.connection());
    assert_eq!(secrets.value("s").await, Err(SecretError::NotFound { name: "s".to_owned() }));
    server.request();
    let server = Server::json(&[(400, json!({"__type": "AccessDeniedException", "Message": "x"}))]);
    let error = SecretsManager::new(&server.connection()).value("s").await.unwrap_err();
    assert_eq!(error.to_string(), "GetSecretValue unavailable: AccessDeniedException");
    server.request();
    let server = Server::json(&[(200, json!({"Name": "s", "SecretString": "v"}))]);
    assert_eq!(SecretsManager::new(&server.connection()).value("s").await.unwrap(), "v");
    assert_json_eq!(server.request().json(), json!({"SecretId": "s"}));
}
