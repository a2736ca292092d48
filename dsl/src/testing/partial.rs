//! Comparing a part: what is not mentioned may be anything.

use serde_json::Value as Json;

/// Asserts that a body holds everything that is expected, and perhaps more.
///
/// Of an object every expected key must be there with what is expected of it; a list must have as many elements as
/// expected, each with what is expected of it; everything else must be equal.
///
/// ```
/// use serde_json::json;
/// use tfdsl::testing::assert_contains;
///
/// let body = json!({ "name": "a", "rule": [{ "port": 1, "open": true }], "tags": { "Team": "x", "Env": "dev" } });
/// assert_contains(&body, &json!({ "rule": [{ "port": 1 }], "tags": { "Team": "x" } }));
/// ```
///
/// # Panics
/// With every difference and the way to it.
#[track_caller]
pub fn assert_contains(actual: &Json, expected: &Json) {
    let mut differences = Vec::new();
    compare(actual, expected, "", &mut differences);
    assert!(
        differences.is_empty(),
        "{} of what was expected is not so:\n  {}\nin {actual:#}",
        differences.len(),
        differences.join("\n  ")
    );
}

fn compare(actual: &Json, expected: &Json, path: &str, differences: &mut Vec<String>) {
    let here = if path.is_empty() { "the whole" } else { path };
    match (actual, expected) {
        (Json::Object(actual), Json::Object(expected)) => {
            for (key, expected) in expected {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match actual.get(key) {
                    Some(actual) => compare(actual, expected, &path, differences),
                    None => differences.push(format!("{path}: missing, expected {expected}")),
                }
            }
        }
        (Json::Array(actual), Json::Array(expected)) => {
            if actual.len() != expected.len() {
                differences.push(format!("{here}: {} elements, expected {}", actual.len(), expected.len()));
            }
            for (position, (actual, expected)) in actual.iter().zip(expected).enumerate() {
                compare(actual, expected, &format!("{path}[{position}]"), differences);
            }
        }
        (actual, expected) if actual == expected => {}
        (actual, expected) => differences.push(format!("{here}: {actual}, expected {expected}")),
    }
}
