//! The synthesized document, read the way a reviewer reads it: by type and name, with policies as data.

use std::path::Path;

use hookline_stack::artifacts::Artifacts;
use hookline_stack::config::{Overrides, Settings};
use hookline_stack::synthesize;
use serde_json::{Map, Value, json};

/// How the environment suffix appears inside names.
pub const SUFFIX: &str = "${var.environment_suffix}";

/// A synthesized document.
pub struct Document {
    main: Value,
    versions: Value,
}

impl Document {
    /// The document of the default settings.
    pub fn of_defaults() -> Self {
        Self::of("")
    }

    /// The document of the given `hookline.toml` text.
    pub fn of(config: &str) -> Self {
        let settings = Settings::from_toml(Path::new("hookline.toml"), config, &Overrides::default()).unwrap();
        let artifacts = Artifacts {
            ingestion_hash: "aW5nZXN0aW9uIHppcCBvZiB0aGUgdGVzdHM=".to_owned(),
            processing_hash: "cHJvY2Vzc2luZyB6aXAgb2YgdGhlIHRlc3Rz".to_owned(),
        };
        let synthesized = synthesize(&settings, &artifacts).unwrap_or_else(|findings| panic!("{findings}"));
        Self {
            main: synthesized.main_json().clone(),
            versions: serde_json::from_str(synthesized.versions_text()).unwrap(),
        }
    }

    /// `main.tf.json`
    pub fn main(&self) -> &Value {
        &self.main
    }

    /// `versions.tf.json`
    pub fn versions(&self) -> &Value {
        &self.versions
    }

    /// The body of one resource.
    pub fn resource(&self, kind: &str, name: &str) -> &Value {
        self.main["resource"][kind].get(name).unwrap_or_else(|| panic!("the document has no {kind}.{name}"))
    }

    /// All resources of one type; there must be some, so that no test passes on an empty list.
    pub fn all(&self, kind: &str) -> Vec<(&str, &Value)> {
        let named = self.main["resource"][kind].as_object().unwrap_or_else(|| panic!("the document has no {kind}"));
        assert!(!named.is_empty(), "the document has no {kind}");
        named.iter().map(|(name, body)| (name.as_str(), body)).collect()
    }

    /// Every resource as type, name, body.
    pub fn resources(&self) -> Vec<(&str, &str, &Value)> {
        let types = self.main["resource"].as_object().expect("the document has resources");
        types
            .iter()
            .flat_map(|(kind, named)| {
                let named = named.as_object().expect("resources are objects by name");
                named.iter().map(move |(name, body)| (kind.as_str(), name.as_str(), body))
            })
            .collect()
    }

    /// The expression of one output.
    pub fn output(&self, name: &str) -> &Value {
        &self.main["output"][name]["value"]
    }
}

/// The only block of a nested block list, such as `tracing_config: [ {…} ]`.
pub fn block<'a>(body: &'a Value, name: &str) -> &'a Value {
    let blocks = body[name].as_array().unwrap_or_else(|| panic!("no block {name} in {body}"));
    assert_eq!(blocks.len(), 1, "one block {name}");
    &blocks[0]
}

/// What `"${jsonencode(...)}"` will encode, as JSON; references stay as the text of their expression.
pub fn decoded(expression: &Value) -> Value {
    let text = expression.as_str().expect("an expression is text in JSON");
    let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).expect("one interpolation");
    let body = hcl::parse(&format!("value = {inner}\n")).unwrap_or_else(|error| panic!("{inner}: {error}"));
    let attribute = body.attributes().next().expect("one attribute");
    match attribute.expr() {
        hcl::Expression::FuncCall(call) if call.name.to_string() == "jsonencode" => plain(&call.args[0]),
        other => panic!("not a call of jsonencode: {other:?}"),
    }
}

fn plain(expression: &hcl::Expression) -> Value {
    match expression {
        hcl::Expression::Null => Value::Null,
        hcl::Expression::Bool(value) => json!(value),
        hcl::Expression::Number(value) => serde_json::from_str(&value.to_string()).unwrap(),
        hcl::Expression::String(value) => json!(value),
        hcl::Expression::Array(items) => items.iter().map(plain).collect(),
        hcl::Expression::Object(entries) => {
            let entries: Map<String, Value> =
                entries.iter().map(|(key, value)| (key_text(key), plain(value))).collect();
            Value::Object(entries)
        }
        other => json!(hcl::format::to_string(other).unwrap().trim_matches('"')),
    }
}

fn key_text(key: &hcl::ObjectKey) -> String {
    match key {
        hcl::ObjectKey::Identifier(name) => name.to_string(),
        hcl::ObjectKey::Expression(expression) => match plain(expression) {
            Value::String(text) => text,
            other => panic!("a key that is no text: {other}"),
        },
        other => panic!("a key that is no text: {other:?}"),
    }
}

/// The statements of a policy document.
pub fn statements(policy: &Value) -> Vec<Value> {
    let policy = decoded(policy);
    assert_eq!(policy["Version"], "2012-10-17", "without it policy variables are plain text");
    policy["Statement"].as_array().expect("statements").clone()
}

/// The one statement of a policy document with this `Sid`.
pub fn statement(policy: &Value, sid: &str) -> Value {
    let all = statements(policy);
    all.iter()
        .find(|statement| statement["Sid"] == sid)
        .unwrap_or_else(|| panic!("no statement {sid} in {all:?}"))
        .clone()
}
