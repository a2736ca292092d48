//! Senders that share no code with this project: the official Python packages of Stripe and of Standard Webhooks.

use std::path::Path;
use std::process::Stdio;

use hookline_ops::checkout::Checkout;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// The headers that the official package of `scheme` gives a body, signed now.
pub async fn official_headers(checkout: &Checkout, scheme: &str, secret: &str, body: &str) -> Vec<(String, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("senders/official.py");
    let mut child = Command::new(checkout.python().unwrap())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let question = json!({"scheme": scheme, "secret": secret, "body": body}).to_string();
    child.stdin.take().unwrap().write_all(question.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "the official package of {scheme} did not sign");
    let headers: Value = serde_json::from_slice(&output.stdout).unwrap();
    headers
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}
