//! What is written from the settings' types and `defaults.toml`: the editor's schema (`hookline.schema.json`) and the table in
//! `docs/configuration.md`. The types say what a setting may be; the comment above it in `defaults.toml` says what it means.
//!
//! After an intended change: `UPDATE_GOLDEN=1 cargo test -p hookline-stack --lib config::reference`, then read the diff.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use hookline_webhook::OrderingScope;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::defaults::DEFAULTS;
use super::{ConfigFile, Overrides, Settings};

const BEGIN: &str = "<!-- the table is written by stack/src/config/reference.rs -->\n";
/// Described by its types, not by `defaults.toml`.
const SCHEMES: &str = "schemes.<id>";
const END: &str = "<!-- end of the table -->";

/// The words that the domain reads; it has no schema of its own.
pub(super) fn ordering_scopes(_: &mut SchemaGenerator) -> Schema {
    let words = [OrderingScope::Provider, OrderingScope::Account].map(OrderingScope::as_str);
    json_schema!({ "type": "string", "enum": words })
}

/// The comment above each table and each setting of `defaults.toml`, by path. What has no default stands there as a comment,
/// `# key = example` or `# [table.example]`.
fn descriptions() -> BTreeMap<String, String> {
    let (mut table, mut comment, mut found) = (String::new(), Vec::new(), BTreeMap::new());
    for line in DEFAULTS.lines() {
        let text = line.strip_prefix("# ");
        let setting = text.unwrap_or(line).split_once(" = ").map(|(key, _)| key).filter(|key| is_key(key));
        let path = if let Some(header) = text.unwrap_or(line).strip_prefix('[') {
            let name = header.trim_end_matches(']');
            table = name.split_once('.').map_or(name.to_owned(), |(list, _)| format!("{list}.<id>"));
            table.clone()
        } else if let Some(key) = setting {
            format!("{table}.{key}")
        } else {
            match text {
                Some(text) => comment.push(text),
                None => comment.clear(),
            }
            continue;
        };
        // Of a list, the first entry is described.
        found.entry(path).or_insert(comment.join(" "));
        comment.clear();
    }
    found
}

fn is_key(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The default at `path`, if it has one.
fn default_of(path: &str) -> Option<Value> {
    let file: Value = toml::from_str(DEFAULTS).unwrap();
    file.pointer(&format!("/{}", path.replace('.', "/"))).cloned()
}

/// The tables of the schema with their paths.
fn tables(schema: &mut Value) -> impl Iterator<Item = (String, &mut Map<String, Value>)> {
    schema["properties"].as_object_mut().unwrap().iter_mut().map(|(name, table)| match table {
        // A list: what is said of one entry.
        table if table["additionalProperties"].is_object() => {
            (format!("{name}.<id>"), table["additionalProperties"].as_object_mut().unwrap())
        }
        table => (name.clone(), table.as_object_mut().unwrap()),
    })
}

/// The schema of `hookline.toml`: draft 7, which the editors' TOML plugins read.
fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<ConfigFile>().to_value();
    simplify(&mut schema);
    schema["title"] = "hookline.toml".into();
    let root = schema.as_object_mut().unwrap();
    root.retain(|key, _| key != "required" && key != "description");
    let descriptions = descriptions();
    for (path, table) in tables(&mut schema) {
        table.insert("description".into(), descriptions[&path].clone().into());
        // The grammar of schemes is described by its types, in the crate that reads it.
        if path == SCHEMES {
            continue;
        }
        // The user may leave out every line; the merged file has them all.
        table.shift_remove("required");
        for (key, setting) in table["properties"].as_object_mut().unwrap() {
            let path = format!("{path}.{key}");
            let setting = setting.as_object_mut().unwrap();
            setting.insert("description".into(), descriptions[&path].clone().into());
            if let Some(default) = default_of(&path) {
                setting.insert("default".into(), default);
            }
        }
    }
    schema
}

/// Takes out what editors have no use for, and null, which TOML cannot write.
fn simplify(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.retain(|key, _| !["format", "default", "writeOnly"].contains(&key.as_str()));
            // Only null is the alternative.
            if let Some(Value::Array(mut variants)) = object.remove("anyOf") {
                variants.retain(|variant| variant["type"] != "null");
                let [Value::Object(only)] = <[Value; 1]>::try_from(variants).unwrap() else { panic!("a schema") };
                for (key, value) in only {
                    object.entry(key).or_insert(value);
                }
            }
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".into(), only);
                }
            }
            // Words are told apart by their doc comments only: one list of them is what every editor completes from.
            if let Some(Value::Array(variants)) = object.remove("oneOf") {
                let words: Vec<Value> = variants.iter().map(|variant| variant["const"].clone()).collect();
                object.extend([("type".into(), json!("string")), ("enum".into(), words.into())]);
            }
            object.values_mut().for_each(simplify);
        }
        Value::Array(values) => values.iter_mut().for_each(simplify),
        _ => {}
    }
}

/// The table of `docs/configuration.md`.
fn markdown() -> String {
    let mut text = "| setting | default | may be | what |\n|---|---|---|---|\n".to_owned();
    for (path, table) in tables(&mut schema()) {
        writeln!(text, "| **`[{path}]`** | | | {} |", cell(&table["description"])).unwrap();
        for (key, setting) in table["properties"].as_object().unwrap() {
            let is_required =
                table.get("required").and_then(Value::as_array).is_some_and(|keys| keys.contains(&json!(key)));
            let without = if is_required { "required" } else { "none" };
            let default = setting.get("default").map_or(without.to_owned(), |value| format!("`{value}`"));
            let (may_be, description) = (may_be(setting), cell(&setting["description"]));
            writeln!(text, "| `{key}` | {default} | {may_be} | {description} |").unwrap();
        }
    }
    text
}

fn cell(description: &Value) -> String {
    description.as_str().unwrap().replace('<', "&lt;").replace('|', "\\|")
}

fn may_be(setting: &Value) -> String {
    match (&setting["type"], &setting["enum"], &setting["minimum"], &setting["maximum"]) {
        (_, Value::Array(words), ..) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "),
        (_, _, Value::Number(least), Value::Number(most)) => format!("{least} to {most}"),
        (Value::String(kind), ..) => match kind.as_str() {
            "boolean" => "`true` or `false`".to_owned(),
            "object" => "a table".to_owned(),
            "array" => "a list".to_owned(),
            _ => "text".to_owned(),
        },
        (kind, ..) => panic!("the page has no words for {kind}"),
    }
}

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn assert_golden(path: &str, expected: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(file(path), expected).unwrap();
    }
    let committed = std::fs::read_to_string(file(path)).unwrap_or_default();
    assert!(
        committed == expected,
        "{path} is not what the settings say; run this test with UPDATE_GOLDEN=1 and read the diff"
    );
}

#[test]
fn the_schema_is_that_of_the_settings() {
    assert_golden("hookline.schema.json", &format!("{:#}\n", schema()));
}

#[test]
fn the_configuration_page_has_the_table_of_the_settings() {
    let page = std::fs::read_to_string(file("docs/configuration.md")).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has the place for the table");
    let (_, after) = rest.split_once(END).expect("the table has an end");
    assert_golden("docs/configuration.md", &format!("{before}{BEGIN}{}{END}{after}", markdown()));
}

#[test]
fn the_users_file_names_the_schema_in_its_first_line() {
    let text = std::fs::read_to_string(file("hookline.toml")).unwrap();
    assert_eq!(text.lines().next(), Some("#:schema ./hookline.schema.json"));
}

/// `[table]` with one setting, as the user would write it.
fn one(path: &str, key: &str, value: &Value) -> Result<(), String> {
    let table = path.replace("<id>", "stripe");
    let text = format!("[{table}]\n{key} = {value}\n");
    let settings = Settings::from_toml("hookline.toml".as_ref(), &text, &Overrides::default());
    settings.map(drop).map_err(|error| error.to_string())
}

#[test]
fn what_the_schema_allows_is_what_is_accepted() {
    let mut ranges = 0;
    for (path, table) in tables(&mut schema()).filter(|(path, _)| path != SCHEMES) {
        assert_eq!(table["additionalProperties"], json!(false), "{path}: a misspelt key is refused");
        for (key, setting) in table["properties"].as_object().unwrap() {
            assert!(setting["description"].as_str().unwrap().ends_with('.'), "{path}.{key} has no description");
            if let (Some(least), Some(most)) = (setting["minimum"].as_i64(), setting["maximum"].as_i64()) {
                ranges += 1;
                for (value, is_good) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
                    assert_eq!(one(&path, key, &json!(value)).is_ok(), is_good, "{path}.{key} = {value}");
                }
            }
            for word in setting["enum"].as_array().into_iter().flatten().filter(|word| *word != "s3") {
                assert_eq!(one(&path, key, word), Ok(()), "{path}.{key}");
            }
            assert!(one(&path, key, &json!({})).is_err(), "{path}.{key} takes anything");
        }
    }
    assert_eq!(ranges, 6);
}

/// Every key is one of the schema's, every word one of its words, and what is required is there.
fn assert_fits(value: &Value, schema: &Value, place: &str) {
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{place}: {value} is not one of {words:?}");
    }
    if let Value::Object(object) = value {
        for key in schema["required"].as_array().into_iter().flatten() {
            assert!(object.contains_key(key.as_str().unwrap()), "{place} lacks {key}");
        }
        for (key, value) in object {
            let schema = schema["properties"].get(key).unwrap_or_else(|| panic!("{place}.{key} is not in the schema"));
            assert_fits(value, schema, &format!("{place}.{key}"));
        }
        assert_eq!(schema["additionalProperties"], json!(false), "{place}: a misspelt key is refused");
    }
}

#[test]
fn every_shipped_scheme_could_be_written_in_hookline_toml() {
    let schema = schema();
    let scheme_schema = &schema["properties"]["schemes"]["additionalProperties"];
    for scheme in hookline_webhook::providers::all() {
        assert_fits(&serde_json::to_value(scheme.definition()).unwrap(), scheme_schema, scheme.name());
    }
}
