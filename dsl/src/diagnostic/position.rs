//! What stands at a byte of a JSON text.

use crate::document::read::Step;

/// The way to the innermost value or key at a byte. Beyond the end, and in text that is no JSON, as far as one can say.
pub(super) fn path_at(text: &str, byte: usize) -> Vec<Step> {
    let mut scanner = Scanner { open: Vec::new() };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(character) = bytes.get(at) {
        let next = match character {
            b'"' => string_end(bytes, at),
            _ => at + 1,
        };
        match character {
            b'{' if byte > at => scanner.open.push(Level::Object(None)),
            b'[' if byte > at => scanner.open.push(Level::Array(0)),
            b'}' | b']' => {
                scanner.open.pop();
            }
            b',' => scanner.next_item(),
            b'"' => scanner.key(&text[at..next]),
            _ => {}
        }
        if byte < next {
            break;
        }
        at = next;
    }
    scanner.path()
}

/// An object or list that is not closed yet.
enum Level {
    /// The key whose value comes next.
    Object(Option<String>),
    /// The number of the next item.
    Array(usize),
}

struct Scanner {
    open: Vec<Level>,
}

impl Scanner {
    fn next_item(&mut self) {
        match self.open.last_mut() {
            Some(Level::Object(key)) => *key = None,
            Some(Level::Array(index)) => *index += 1,
            None => {}
        }
    }

    /// A string is a key where an object waits for one.
    fn key(&mut self, quoted: &str) {
        if let Some(Level::Object(key @ None)) = self.open.last_mut() {
            *key = serde_json::from_str(quoted).ok();
        }
    }

    fn path(&self) -> Vec<Step> {
        self.open
            .iter()
            .filter_map(|level| match level {
                Level::Object(key) => key.clone().map(Step::Key),
                Level::Array(index) => Some(Step::Index(*index)),
            })
            .collect()
    }
}

/// The end of the string that begins at a quote.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
