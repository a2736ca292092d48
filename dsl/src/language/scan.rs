//! Looks through code written by hand (`Expr::raw`, text in `depends_on`) for references and for what is left open.
//!
//! This is no parser of Terraform's language: it finds `name.name` outside of strings and comments, inside
//! interpolations too, knows the names that a `for` binds, and counts brackets.

use std::collections::HashSet;
use std::iter::Peekable;
use std::str::CharIndices;

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    /// References, as the names between the dots: at least two each.
    pub(crate) references: Vec<Vec<String>>,
    /// What makes the code incomplete.
    pub(crate) fault: Option<&'static str>,
}

/// Whether a word can be a name in Terraform's language.
pub(crate) fn is_identifier(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_') && characters.all(is_identifier_part)
}

fn is_identifier_part(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}

/// What stands between `${` or `%{` and the next `}` in text. `$${` and `%%{` begin nothing: who doubles them knows that
/// the text is literal.
pub(crate) fn interpolations(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find(['$', '%'])?;
            let sigil = rest.get(at..=at)?;
            let run = rest[at..].len() - rest[at..].trim_start_matches(sigil).len();
            rest = &rest[at + run..];
            let Some(code) = rest.strip_prefix('{').filter(|_| run == 1) else {
                continue;
            };
            let (code, after) = code.split_once('}')?;
            rest = after;
            return Some(code);
        }
    })
}

/// The word that code begins with.
pub(crate) fn first_word(code: &str) -> &str {
    let code = code.trim_start_matches('~').trim_start();
    let end = code.find(|character| !is_identifier_part(character)).unwrap_or(code.len());
    &code[..end]
}

pub(crate) fn scan(code: &str) -> Scan {
    let mut scanner = Scanner { code, rest: code.char_indices().peekable(), open: Vec::new(), bound: HashSet::new() };
    let mut found = Scan::default();
    found.fault = scanner.run(&mut found.references).err();
    found
}

struct Scanner<'c> {
    code: &'c str,
    rest: Peekable<CharIndices<'c>>,
    /// What must still be closed; `"` is a quoted string.
    open: Vec<char>,
    bound: HashSet<&'c str>,
}

impl<'c> Scanner<'c> {
    fn run(&mut self, references: &mut Vec<Vec<String>>) -> Result<(), &'static str> {
        while let Some((at, character)) = self.rest.next() {
            if self.open.last() == Some(&'"') {
                self.quoted(character);
                continue;
            }
            match character {
                '"' => self.open.push('"'),
                '(' => self.open.push(')'),
                '[' => self.open.push(']'),
                '{' => self.open.push('}'),
                ')' | ']' | '}' => self.close(character)?,
                '#' => self.skip_line(),
                '/' if self.next_is('/') => self.skip_line(),
                '/' if self.next_is('*') => self.skip_comment(),
                // A heredoc: its end is not worth a parser.
                '<' if self.next_is('<') => return Ok(()),
                // An attribute after an index or a call: belongs to what stands before.
                '.' => {
                    self.word(at + 1);
                }
                _ if character.is_ascii_digit() => {
                    while self.rest.next_if(|(_, next)| next.is_alphanumeric() || *next == '.').is_some() {}
                }
                _ if character.is_alphabetic() || character == '_' => self.name(at, references),
                _ => {}
            }
        }
        match self.open.last() {
            None => Ok(()),
            Some('"') => Err("a quoted string that is never closed"),
            Some(_) => Err("an opening bracket that is never closed"),
        }
    }

    fn close(&mut self, bracket: char) -> Result<(), &'static str> {
        if self.open.pop() == Some(bracket) { Ok(()) } else { Err("a closing bracket that was never opened") }
    }

    fn next_is(&mut self, character: char) -> bool {
        self.rest.peek().is_some_and(|(_, next)| *next == character)
    }

    /// One character inside a quoted string.
    fn quoted(&mut self, character: char) {
        match character {
            '\\' => {
                self.rest.next();
            }
            '"' => {
                self.open.pop();
            }
            '$' | '%' if self.next_is('{') => {
                self.rest.next();
                self.open.push('}');
            }
            // `$${`: the characters themselves.
            '$' | '%' if self.next_is(character) => {
                self.rest.next();
                self.rest.next_if(|(_, next)| *next == '{');
            }
            _ => {}
        }
    }

    fn skip_line(&mut self) {
        while self.rest.next_if(|(_, next)| *next != '\n').is_some() {}
    }

    fn skip_comment(&mut self) {
        self.rest.next();
        let mut last = ' ';
        for (_, character) in self.rest.by_ref() {
            if last == '*' && character == '/' {
                return;
            }
            last = character;
        }
    }

    fn skip_space(&mut self) {
        while self.rest.next_if(|(_, next)| next.is_whitespace()).is_some() {}
    }

    /// Reads on to the end of the word that begins at `start`.
    fn word(&mut self, start: usize) -> &'c str {
        let mut end = start;
        while let Some((at, character)) = self.rest.next_if(|(_, next)| is_identifier_part(*next)) {
            end = at + character.len_utf8();
        }
        &self.code[start..end]
    }

    /// A name begins: a reference, a function, a keyword or a bound name.
    fn name(&mut self, start: usize, references: &mut Vec<Vec<String>>) {
        self.word(start);
        let end = self.rest.peek().map_or(self.code.len(), |(at, _)| *at);
        let first = &self.code[start..end];
        if first == "for" {
            return self.bind_names();
        }
        let mut names = vec![first];
        while let Some((dot, _)) = self.rest.next_if(|(_, next)| *next == '.') {
            match self.word(dot + 1) {
                "" => break,
                name => names.push(name),
            }
        }
        self.skip_space();
        let is_function = self.next_is('(') || self.code[end..].starts_with("::");
        if names.len() > 1 && !is_function && !self.bound.contains(first) {
            references.push(names.into_iter().map(str::to_owned).collect());
        }
    }

    /// `for a, b in`: the names up to `in`.
    fn bind_names(&mut self) {
        loop {
            while self.rest.next_if(|(_, next)| next.is_whitespace() || *next == ',').is_some() {}
            let Some((start, _)) = self.rest.peek().copied() else {
                return;
            };
            match self.word(start) {
                "" | "in" => return,
                name => {
                    self.bound.insert(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(code: &str) -> Vec<String> {
        let scan = scan(code);
        assert_eq!(scan.fault, None, "{code}");
        scan.references.iter().map(|names| names.join(".")).collect()
    }

    #[test]
    fn references_are_found_at_any_depth() {
        assert_eq!(references("var.a"), ["var.a"]);
        assert_eq!(
            references("f(a_b.c.d, [var.e[local.f]], { g = data.h.i.j })"),
            ["a_b.c.d", "var.e", "local.f", "data.h.i.j"]
        );
        assert_eq!(references("\"x ${var.a} ${f(\"${var.b}\")}\""), ["var.a", "var.b"]);
        assert_eq!(references("%{ if var.a } x %{ endif }"), ["var.a"]);
    }

    #[test]
    fn strings_comments_functions_and_bound_names_are_no_references() {
        assert_eq!(references("\"var.a $${var.b}\" # var.c\n // var.d\n /* var.e */"), [""; 0]);
        assert_eq!(references("[for v in var.a : v.b]"), ["var.a"]);
        assert_eq!(references("{for k, v in var.a : k.b => v.c...}"), ["var.a"]);
        assert_eq!(references("provider::aws::parse(var.a).region + 1.5e3"), ["var.a"]);
        assert_eq!(references("f(x)[0].a.b"), [""; 0]);
    }

    #[test]
    fn what_is_left_open_is_named() {
        assert_eq!(scan("f(").fault, Some("an opening bracket that is never closed"));
        assert_eq!(scan("f)").fault, Some("a closing bracket that was never opened"));
        assert_eq!(scan("[}").fault, Some("a closing bracket that was never opened"));
        assert_eq!(scan("\"a").fault, Some("a quoted string that is never closed"));
        assert_eq!(scan("\"\\\"\"").fault, None);
    }

    #[test]
    fn what_text_would_interpolate_is_found() {
        let found = |text| interpolations(text).collect::<Vec<_>>();
        assert_eq!(found("a ${b} %{ if c } $d ${~ e ~}"), ["b", " if c ", "~ e ~"]);
        assert_eq!(found("$${a} %%{b} $$${c} ${d"), [""; 0]);
        assert_eq!(found("$%{a} é${b}"), ["a", "b"]);
        assert_eq!(found("${a:-${b}}"), ["a:-${b"]);
        assert_eq!(first_word("~ a-b.c"), "a-b");
        assert_eq!(first_word(""), "");
    }

    #[test]
    fn identifiers_are_those_of_terraform() {
        for word in ["a", "_", "a-b", "a1", "größe"] {
            assert!(is_identifier(word), "{word}");
        }
        for word in ["", "1a", "-a", "a.b", "a b", "a\n"] {
            assert!(!is_identifier(word), "{word}");
        }
    }
}
