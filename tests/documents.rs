//! What the pages for people say, as far as a test can tell: links lead somewhere, code that is shown is the code, tests that are
//! named exist.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hookline_webhook::providers;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn page(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file of the checkout with that extension, but for what is built or fetched.
fn files(extension: &str) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![root()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                let is_made = name == "target" || name == "out" || (name.starts_with('.') && name != ".github");
                if !is_made && !path.is_symlink() {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|own| own == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text outside of fenced code, with code in a line left out where `without_spans` says so.
fn prose(text: &str, without_spans: bool) -> String {
    let mut fence = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fence = !fence;
        } else if !fence {
            prose.extend(line.split('`').step_by(if without_spans { 2 } else { 1 }));
            prose.push('\n');
        }
    }
    prose
}

/// The targets of `[text](target)`, also where the text goes over two lines.
fn targets(text: &str) -> Vec<String> {
    let prose = prose(text, true);
    prose.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()).collect()
}

/// The anchors that GitHub makes of a page's headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = BTreeSet::new();
    for line in prose(text, false).lines().filter(|line| line.starts_with('#')) {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let anchor: String = title
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let times = seen.entry(anchor.clone()).or_default();
        anchors.insert(if *times == 0 { anchor } else { format!("{anchor}-{times}") });
        *times += 1;
    }
    anchors
}

#[test]
fn every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    let mut broken = Vec::new();
    let mut followed = 0;
    for file in files("md") {
        let text = std::fs::read_to_string(&file).unwrap();
        for target in targets(&text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            followed += 1;
            let (path, anchor) = target.split_once('#').map_or((target.as_str(), None), |(path, a)| (path, Some(a)));
            let leads_to = if path.is_empty() { file.clone() } else { file.parent().unwrap().join(path) };
            let is_there = leads_to.exists()
                && anchor.is_none_or(|anchor| {
                    anchors(&std::fs::read_to_string(&leads_to).unwrap_or_default()).contains(anchor)
                });
            if !is_there {
                broken.push(format!("{}: {target}", file.display()));
            }
        }
    }
    assert!(followed > 50, "only {followed} links were found: are they read at all?");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_rust_that_the_readme_shows_stands_in_the_stack() {
    let readme = page("README.md");
    let shown = readme.split("```rust\n").nth(1).expect("the README shows Rust").split("```").next().unwrap();
    let source = page("stack/src/pipeline/queues.rs");
    // Shown without the indentation of the function's body.
    let body: Vec<&str> = source.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    assert!(body.join("\n").contains(shown), "queues.rs has other lines by now:\n{shown}");
}

#[test]
fn every_test_that_holds_an_invariant_exists() {
    let architecture = page("ARCHITECTURE.md");
    let (_, section) = architecture.split_once("## Architecture invariants\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let sources: Vec<String> = files("rs").iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 10, "{rows:?}");
    let names = rows.iter().flat_map(|row| row.split('`').skip(1).step_by(2)).filter(|name| name.contains('_'));
    let missing: Vec<&str> =
        names.filter(|name| !sources.iter().any(|source| source.contains(&format!("fn {name}()")))).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_decision_has_its_number_once_and_a_line_in_the_index() {
    let index = page("docs/decisions/README.md");
    let mut names: Vec<String> = files("md")
        .iter()
        .filter(|file| file.parent().unwrap().ends_with("docs/decisions") && !file.ends_with("README.md"))
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    for (number, name) in (1..).zip(&names) {
        assert!(name.starts_with(&format!("{number:04}-")), "{name} has not the number {number}");
        let title = page(&format!("docs/decisions/{name}"));
        let title = title.lines().next().unwrap().strip_prefix(&format!("# {number}. ")).expect(name);
        let line = format!("- [{number:04}]({name}) {title}\n");
        assert!(index.contains(&line), "the index lacks: {line}");
    }
    assert_eq!(targets(&index).len(), names.len());
}

#[test]
fn every_scheme_is_described_with_what_one_must_know() {
    let listed = page("docs/providers.md");
    for scheme in providers::all() {
        let row = format!("| `{}` | {} | {} |", scheme.name(), scheme.title(), scheme.caveat().unwrap_or_default());
        assert!(listed.contains(&row), "docs/providers.md lacks: {row}");
    }
}
