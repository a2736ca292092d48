//! Where each block stands in Terraform's JSON.

use serde_json::{Map, Value as Json};

use crate::block::block_kind::Labels;
use crate::{Address, BlockKind};

/// The two files of a stack, from its rendered blocks in declaration order.
///
/// `terraform.required_version` and `required_providers` go to a file of their own: the scanner checkov cannot parse a
/// file that holds `required_version`, and passes with zero checks then. Sections without a block are left out: Terraform
/// refuses them.
pub(crate) fn documents<'a>(blocks: impl Iterator<Item = (&'a Address, Json)>) -> (Json, Json) {
    let mut main = Sections::default();
    let mut versions = Sections::default();
    for (address, body) in blocks {
        let facts = address.kind().facts();
        let labels: &[&str] = match facts.labels {
            Labels::None | Labels::Position(_) => &[],
            Labels::Name => &[address.name()],
            Labels::TypeAndAlias => &[address.type_name()],
            Labels::TypeAndName => &[address.type_name(), address.name()],
        };
        let path = [facts.section, labels].concat();
        let document = if facts.in_versions_file { &mut versions } else { &mut main };
        if facts.labels.may_repeat() {
            document.add(&path, body);
        } else {
            document.put(&path, body);
        }
    }
    (main.into_json(), versions.into_json())
}

#[derive(Default)]
struct Sections(Map<String, Json>);

impl Sections {
    /// Puts a block at the end of its path.
    fn put(&mut self, path: &[&str], body: Json) {
        *slot(&mut self.0, path) = body;
    }

    /// Adds a block where several may stand: one is an object, more are a list.
    fn add(&mut self, path: &[&str], body: Json) {
        let slot = slot(&mut self.0, path);
        *slot = match slot.take() {
            Json::Null => body,
            Json::Array(mut bodies) => {
                bodies.push(body);
                Json::Array(bodies)
            }
            first => Json::Array(vec![first, body]),
        };
    }

    /// The sections in the order of the table of kinds; inside each, blocks stand as they were declared.
    fn into_json(mut self) -> Json {
        BlockKind::ALL.iter().filter_map(|kind| self.0.remove_entry(*kind.facts().section.first()?)).collect()
    }
}

fn slot<'m>(map: &'m mut Map<String, Json>, path: &[&str]) -> &'m mut Json {
    let (first, rest) = path.split_first().map_or(("", path), |(first, rest)| (*first, rest));
    if !map.contains_key(first) {
        map.insert(first.to_owned(), Json::Null);
    }
    let child = &mut map[first];
    if rest.is_empty() {
        return child;
    }
    if !child.is_object() {
        *child = Json::Object(Map::new());
    }
    match child {
        Json::Object(children) => slot(children, rest),
        other => other,
    }
}
