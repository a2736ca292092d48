//! Every small change of a provider file, one at a time.

use serde_json::{Value, json};

/// A changed provider file.
pub struct Mutant {
    /// Where, as a JSON pointer, and what was done.
    pub change: String,
    pub json: Value,
}

/// Words that a setting is chosen from; a misspelt one does not parse, so each is replaced by the others.
const WORDS: [(&str, &[&str]); 4] = [
    ("/algorithm", &["hmac-sha1", "hmac-sha256", "hmac-sha512", "token"]),
    ("/signature/encoding", &["hex", "hex-any-case", "base64"]),
    ("/key/encoding", &["utf8", "hex", "base64"]),
    ("/timestamp/unit", &["s", "ms", "auto"]),
];

/// Settings that a file may lack, and a value that changes what it means.
fn absent() -> [(&'static str, &'static str, Value); 5] {
    [
        ("/signature", "trim", json!(true)),
        ("/key", "strip_prefix", json!("whsec_")),
        ("/response", "ok", json!(202)),
        ("/response", "body", json!("[accepted]")),
        ("/response", "bad_signature", json!(400)),
    ]
}

/// All changes of the file. `title`, `caveat` and `guide` are for people; `docs/providers.md` is compared with them.
pub fn mutants(file: &Value) -> Vec<Mutant> {
    let mut found = vec![];
    walk(file, file, "", &mut found);
    for (parent, key, value) in absent() {
        let mut changed = file.clone();
        if changed.pointer(parent).is_none() {
            if parent == "/response" {
                changed["response"] = json!({});
            } else {
                continue;
            }
        }
        let place = changed.pointer_mut(parent).unwrap();
        if place.get(key).is_none() {
            place[key] = value.clone();
            found.push(Mutant { change: format!("{parent}/{key}: {value} added"), json: changed });
        }
    }
    found
}

fn walk(file: &Value, value: &Value, path: &str, found: &mut Vec<Mutant>) {
    let mut replace = |with: Value| {
        let mut json = file.clone();
        *json.pointer_mut(path).unwrap() = with.clone();
        found.push(Mutant { change: format!("{path}: {value} -> {with}"), json });
    };
    match value {
        Value::Object(entries) => {
            for (key, entry) in entries {
                let at = format!("{path}/{key}");
                if matches!(at.as_str(), "/title" | "/caveat" | "/guide") {
                    continue;
                }
                let mut json = file.clone();
                json.pointer_mut(path).unwrap().as_object_mut().unwrap().remove(key);
                found.push(Mutant { change: format!("{at}: removed"), json });
                walk(file, entry, &at, found);
            }
        }
        Value::Array(entries) => {
            for index in 0..entries.len() {
                let mut fewer = entries.clone();
                fewer.remove(index);
                replace(json!(fewer));
                // The ids that name no event are a set.
                if index > 0 && path != "/event/id_except" {
                    let mut swapped = entries.clone();
                    swapped.swap(index - 1, index);
                    replace(json!(swapped));
                }
            }
            for (index, entry) in entries.iter().enumerate() {
                walk(file, entry, &format!("{path}/{index}"), found);
            }
        }
        Value::String(text) => {
            for other in texts(text, path) {
                replace(json!(other));
            }
        }
        Value::Number(number) => {
            let number = number.as_u64().unwrap();
            for other in [number - 1, number + 1, 0, number * 10] {
                replace(json!(other));
            }
        }
        Value::Bool(value) => replace(json!(!value)),
        Value::Null => {}
    }
}

/// Other texts in its place: the other words of a list, or each character left out, doubled, replaced and in the other
/// case, and each `{hole}` left out.
fn texts(text: &str, path: &str) -> Vec<String> {
    if let Some((_, words)) = WORDS.iter().find(|(own, _)| *own == path) {
        return words.iter().filter(|word| **word != text).map(|word| (*word).to_owned()).collect();
    }
    let letters: Vec<char> = text.chars().collect();
    let mut others = vec![String::new(), format!("x{text}"), format!("{text}x")];
    for (index, letter) in letters.iter().enumerate() {
        let with =
            |new: &[char]| [&letters[..index], new, &letters[index + 1..]].concat().into_iter().collect::<String>();
        others.extend([with(&[]), with(&[*letter, *letter]), with(&[if *letter == 'q' { 'z' } else { 'q' }])]);
        if letter.is_ascii_alphabetic() && !is_of_header_name(text, index, path) {
            let other =
                if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
            others.push(with(&[other]));
        }
        if matches!(letter, ',' | ';' | ' ' | '.' | ':' | '=' | '/') {
            others
                .extend([',', ';', ' ', '.', ':'].iter().filter(|other| *other != letter).map(|other| with(&[*other])));
        }
        if *letter == '{' {
            let end = text[index..].find('}').map_or(text.len(), |end| index + end + 1);
            others.push(format!("{}{}", &text[..index], &text[end..]));
        }
    }
    others
}

/// Whether the letter belongs to the name of a header, whose case means nothing.
fn is_of_header_name(text: &str, index: usize, path: &str) -> bool {
    let named = ["/signature/header", "/key/id_header"].contains(&path);
    let after = text.find("header:").map(|start| start + "header:".len());
    named || after.is_some_and(|start| index >= start && !text[start..index].contains('}'))
}
