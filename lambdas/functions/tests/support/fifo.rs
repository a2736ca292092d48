//! A model of an SQS FIFO queue: group lock, receive counts, redrive after three receives, content deduplication
//! for five minutes, visibility.

use std::collections::HashMap;

pub const DEDUPLICATION_MS: u64 = 5 * 60 * 1000;
pub const VISIBILITY_MS: u64 = 180 * 1000;
pub const MAX_RECEIVES: u32 = 3;

#[derive(Debug, Clone)]
pub struct Queued {
    pub sequence: u64,
    /// The webhook the body is about.
    pub webhook_id: String,
    pub group: String,
    pub body: String,
    pub resend: bool,
    pub trace_header: Option<String>,
    pub receive_count: u32,
    pub visible_at: u64,
    pub receipt: String,
}

impl Queued {
    fn in_flight(&self, now: u64) -> bool {
        self.receive_count > 0 && self.visible_at > now
    }

    /// The message as Lambda's poller passes it on.
    pub fn event_record(&self) -> serde_json::Value {
        let mut attributes = serde_json::json!({
            "ApproximateReceiveCount": self.receive_count.to_string(),
            "SequenceNumber": format!("{:020}", self.sequence),
            "MessageGroupId": self.group,
        });
        if let Some(header) = &self.trace_header {
            attributes["AWSTraceHeader"] = header.as_str().into();
        }
        let message_attributes = if self.resend {
            serde_json::json!({"resend": {"stringValue": "1", "dataType": "String"}})
        } else {
            serde_json::json!({})
        };
        serde_json::json!({
            "messageId": format!("message-{}", self.sequence), "receiptHandle": self.receipt, "body": self.body,
            "attributes": attributes, "messageAttributes": message_attributes,
        })
    }
}

/// The webhook a message body is about; empty if it is unreadable.
pub fn webhook_id(body: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    body["webhook_id"].as_str().unwrap_or_default().to_owned()
}

#[derive(Debug, Default)]
pub struct Fifo {
    pub messages: Vec<Queued>,
    /// What was received three times and not deleted.
    pub redrive: Vec<Queued>,
    /// Messages appended as re-sends.
    pub resends: usize,
    last_sequence: u64,
    receipts: u64,
    recent: HashMap<(String, String), (u64, u64)>,
}

impl Fifo {
    /// Appends a message, or drops a duplicate; returns the sequence number of the one that is kept.
    pub fn send(&mut self, now: u64, group: &str, body: &str, resend: bool, trace: Option<&str>) -> u64 {
        let key = (group.to_owned(), body.to_owned());
        if let Some((sent_at, sequence)) = self.recent.get(&key)
            && now - sent_at < DEDUPLICATION_MS
        {
            return *sequence;
        }
        let sequence = self.append(now, group, body, resend, trace);
        self.recent.insert(key, (now, sequence));
        sequence
    }

    /// Appends a message under its own deduplication id, as a redrive does.
    pub fn append(&mut self, now: u64, group: &str, body: &str, resend: bool, trace: Option<&str>) -> u64 {
        self.last_sequence += 1;
        self.resends += usize::from(resend);
        self.messages.push(Queued {
            sequence: self.last_sequence,
            webhook_id: webhook_id(body),
            group: group.to_owned(),
            body: body.to_owned(),
            resend,
            trace_header: trace.map(ToOwned::to_owned),
            receive_count: 0,
            visible_at: now,
            receipt: String::new(),
        });
        self.last_sequence
    }

    /// Hands out up to `max` messages. A group with a message in flight is locked.
    pub fn receive(&mut self, now: u64, max: usize) -> Vec<Queued> {
        let exhausted = |message: &Queued| message.receive_count >= MAX_RECEIVES && !message.in_flight(now);
        while let Some(index) = self.messages.iter().position(exhausted) {
            let message = self.messages.remove(index);
            self.redrive.push(message);
        }
        let locked: Vec<String> = self.messages.iter().filter(|m| m.in_flight(now)).map(|m| m.group.clone()).collect();
        let mut handed_out = Vec::new();
        for message in &mut self.messages {
            if handed_out.len() == max {
                break;
            }
            if locked.contains(&message.group) {
                continue;
            }
            self.receipts += 1;
            message.receive_count += 1;
            message.visible_at = now + VISIBILITY_MS;
            message.receipt = format!("receipt-{}", self.receipts);
            handed_out.push(message.clone());
        }
        handed_out
    }

    pub fn delete(&mut self, receipt: &str) {
        self.messages.retain(|message| message.receipt != receipt);
    }

    pub fn change_visibility(&mut self, now: u64, receipt: &str, delay_ms: u64) {
        if let Some(message) = self.messages.iter_mut().find(|message| message.receipt == receipt) {
            message.visible_at = now + delay_ms;
        }
    }

    /// When the next message in flight becomes visible again.
    pub fn next_release(&self, now: u64) -> Option<u64> {
        self.messages.iter().map(|message| message.visible_at).filter(|at| *at > now).min()
    }
}
