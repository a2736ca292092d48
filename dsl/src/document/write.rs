//! Where each block stands in Terraform's JSON.

use serde_json::{Map, Value as Json};

use crate::{Address, AddressKind};

/// The two files of a stack, from its rendered blocks in declaration order.
///
/// `terraform.required_version` and `required_providers` go to a file of their own: the scanner checkov cannot parse a
/// file that holds `required_version`, and passes with zero checks then. Sections without a block are left out: Terraform
/// refuses them.
pub(crate) fn documents<'a>(blocks: impl Iterator<Item = (&'a Address, Json)>) -> (Json, Json) {
    let mut main = Sections::default();
    let mut versions = Sections::default();
    for (address, body) in blocks {
        let (kind, type_name, name) = (address.kind(), address.type_name(), address.name());
        match kind {
            AddressKind::RequiredVersion => versions.put(&["terraform", "required_version"], body),
            AddressKind::RequiredProvider => {
                versions.put(&["terraform", "required_providers", name], body);
            }
            AddressKind::Backend => main.put(&["terraform", "backend", name], body),
            AddressKind::Cloud => main.put(&["terraform", "cloud"], body),
            AddressKind::Variable => main.put(&["variable", name], body),
            AddressKind::Local => main.put(&["locals", name], body),
            AddressKind::Provider => main.add(&["provider", type_name], body),
            AddressKind::Data => main.put(&["data", type_name, name], body),
            AddressKind::Ephemeral => main.put(&["ephemeral", type_name, name], body),
            AddressKind::Resource => main.put(&["resource", type_name, name], body),
            AddressKind::Module => main.put(&["module", name], body),
            AddressKind::Moved => main.add(&["moved"], body),
            AddressKind::Removed => main.add(&["removed"], body),
            AddressKind::Import => main.add(&["import"], body),
            AddressKind::Check => main.put(&["check", name], body),
            AddressKind::Output => main.put(&["output", name], body),
        }
    }
    (main.into_json(), versions.into_json())
}

/// The order of the sections in the document; inside each, blocks stand as they were declared.
const SECTIONS: [&str; 13] = [
    "terraform",
    "variable",
    "locals",
    "provider",
    "data",
    "ephemeral",
    "resource",
    "module",
    "moved",
    "removed",
    "import",
    "check",
    "output",
];

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

    fn into_json(mut self) -> Json {
        SECTIONS.iter().filter_map(|name| Some(((*name).to_owned(), self.0.get_mut(*name)?.take()))).collect()
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
