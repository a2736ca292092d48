//! Reading Terraform's JSON back: which block stands where in a document.

use serde_json::Value as Json;

use crate::block::block_kind::Labels;
use crate::{Address, BlockKind};

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// A block of a document.
#[derive(Clone, Debug)]
pub(crate) struct Found<'d> {
    /// The address as [`Stack`](crate::Stack) gives it; `None` for what this crate does not write.
    pub(crate) address: Option<Address>,
    /// The way to it from the document's root.
    pub(crate) path: Vec<Step>,
    pub(crate) body: &'d Json,
}

/// All blocks of a document, in its order. What is no block of Terraform's language is one too, without an address.
pub(crate) fn blocks(document: &Json) -> Vec<Found<'_>> {
    let mut walk = Walk { found: Vec::new(), path: Vec::new() };
    for (section, value) in document.as_object().into_iter().flatten() {
        walk.at(Step::Key(section.clone()), |walk| {
            walk.section(section, value);
        });
    }
    walk.found
}

struct Walk<'d> {
    found: Vec<Found<'d>>,
    path: Vec<Step>,
}

impl<'d> Walk<'d> {
    fn at(&mut self, step: Step, action: impl FnOnce(&mut Self)) {
        self.path.push(step);
        action(self);
        self.path.pop();
    }

    fn section(&mut self, name: &str, value: &'d Json) {
        match name {
            "//" => {}
            "terraform" => self.settings(value),
            _ => self.blocks(BlockKind::in_section(&[name]), value),
        }
    }

    fn blocks(&mut self, kind: Option<BlockKind>, value: &'d Json) {
        match kind {
            Some(kind) => self.labelled(kind, value, &[]),
            None => self.push(None, value),
        }
    }

    /// The section `terraform`.
    fn settings(&mut self, value: &'d Json) {
        match value {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.at(Step::Index(index), |walk| walk.settings(item));
                }
            }
            Json::Object(entries) => {
                for (key, value) in entries.iter().filter(|(key, _)| *key != "//") {
                    let kind = BlockKind::in_section(&["terraform", key]);
                    self.at(Step::Key(key.clone()), |walk| walk.blocks(kind, value));
                }
            }
            other => self.push(None, other),
        }
    }

    /// Blocks under as many labels as their kind has; at every level a list may stand for several objects.
    fn labelled(&mut self, kind: BlockKind, value: &'d Json, labels: &[&'d str]) {
        let expected = kind.facts().labels;
        let missing = expected.count() > labels.len();
        match value {
            Json::Array(items) if missing || expected.may_repeat() => {
                for (index, item) in items.iter().enumerate() {
                    self.at(Step::Index(index), |walk| {
                        walk.labelled(kind, item, labels);
                    });
                }
            }
            Json::Object(entries) if missing => {
                for (key, value) in entries.iter().filter(|(key, _)| *key != "//") {
                    let labels: Vec<&str> = labels.iter().copied().chain([key.as_str()]).collect();
                    self.at(Step::Key(key.clone()), |walk| {
                        walk.labelled(kind, value, &labels);
                    });
                }
            }
            body if missing => self.push(None, body),
            body => {
                let address = self.address(kind, body, labels);
                self.push(Some(address), body);
            }
        }
    }

    fn address(&self, kind: BlockKind, body: &Json, labels: &[&str]) -> Address {
        match (kind.facts().labels, labels) {
            (Labels::TypeAndAlias, [type_name]) => {
                let alias = body["alias"].as_str().unwrap_or_default();
                Address::new(kind, (*type_name).to_owned(), alias)
            }
            (_, [type_name, name]) => Address::new(kind, (*type_name).to_owned(), *name),
            (_, [name]) => Address::untyped(kind, *name),
            (Labels::None, _) => Address::untyped(kind, ""),
            _ => {
                let same = |found: &&Found<'_>| found.address.as_ref().map(Address::kind) == Some(kind);
                let number = self.found.iter().filter(same).count();
                Address::untyped(kind, number.to_string())
            }
        }
    }

    fn push(&mut self, address: Option<Address>, body: &'d Json) {
        self.found.push(Found { address, path: self.path.clone(), body });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Stack, body, kind};

    kind! {
        Data = "terraform_data" {}
        Region = data "aws_region" {}
    }

    #[test]
    fn every_block_of_a_stack_is_found_again_under_its_address() {
        let mut stack = Stack::new();
        stack.required_version(">= 1");
        stack.required_provider("aws", "hashicorp/aws", "~> 6");
        stack.backend("local", body! {});
        stack.variable("v", body! {});
        stack.local("l", ["a", "b"]);
        stack.provider("aws", body! {});
        stack.provider("aws", body! { alias: "west" });
        let _: Region = stack.data("here", body! {});
        let a: Data = stack.resource("a", body! {});
        stack.module("m", body! { source: "./m" });
        stack.moved("terraform_data.old", a.address());
        stack.moved("terraform_data.older", a.address());
        stack.output("o", 1);
        let declared: std::collections::BTreeSet<String> = stack.addresses().map(ToString::to_string).collect();

        let synthesized = stack.synth().unwrap();
        let found = [synthesized.main_json(), synthesized.versions_json()]
            .into_iter()
            .flat_map(blocks)
            .map(|found| found.address.unwrap().to_string())
            .collect();
        assert_eq!(declared, found);
    }

    #[test]
    fn what_is_unknown_is_found_without_an_address_and_comments_are_not() {
        let document = json!({
            "//": "x", "terraform": { "experiments": [] }, "resourc": {}, "resource": [{ "a": "b" }],
        });
        let found = blocks(&document);
        assert!(found.iter().all(|found| found.address.is_none()));
        assert_eq!(found.len(), 3);
    }
}
