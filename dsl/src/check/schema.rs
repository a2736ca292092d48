//! Provider schemas, in the shape that `terraform providers schema -json` prints.
//!
//! The document is kept as it is and read where a type is used: a provider has more than a thousand types, a stack uses
//! a few of them. What the document does not say is not checked.

use std::{error, fmt};

use serde_json::{Map, Value as Json};

use crate::Address;
use crate::block::block_kind::Labels;

/// Schemas of providers: which arguments and attributes their types have.
///
/// ```
/// use tfdsl::{Schema, Stack, body, kind};
///
/// kind! { Queue = "example_queue" {} }
///
/// let mut stack = Stack::new();
/// stack.schema(Schema::from_json(r#"{ "provider_schemas": { "registry.terraform.io/example/example": {
///     "resource_schemas": { "example_queue": { "block": { "attributes": {
///         "visibility_timeout_seconds": { "type": "number", "optional": true }
///     } } } }
/// } } }"#)?);
/// let _: Queue = stack.resource("webhooks", body! { visibilty_timeout_seconds: 30 });
///
/// let findings = stack.synth().unwrap_err().to_string();
/// assert!(findings.starts_with("error: example_queue.webhooks: unknown argument `visibilty_timeout_seconds`"));
/// assert!(findings.ends_with("help: did you mean `visibility_timeout_seconds`?"));
/// # Ok::<(), tfdsl::SchemaError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Schema {
    /// By provider, as `provider_schemas` has them.
    providers: Map<String, Json>,
}

/// A text is not the output of `terraform providers schema -json`.
#[derive(Debug)]
pub struct SchemaError {
    what: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not a provider schema: {}; give the output of `terraform providers schema -json`", self.what)
    }
}

impl error::Error for SchemaError {}

impl Schema {
    /// Reads the output of `terraform providers schema -json`, or a slice of it.
    ///
    /// # Errors
    /// If the text is not JSON or has no `provider_schemas`.
    pub fn from_json(text: &str) -> Result<Self, SchemaError> {
        let document: Json = serde_json::from_str(text).map_err(|error| SchemaError { what: error.to_string() })?;
        match document {
            Json::Object(mut document) => match document.remove("provider_schemas") {
                Some(Json::Object(providers)) => Ok(Self { providers }),
                _ => Err(SchemaError { what: "no object `provider_schemas` in it".to_owned() }),
            },
            _ => Err(SchemaError { what: "no JSON object".to_owned() }),
        }
    }

    /// The schema of a block's body, if this schema has the block's type.
    pub(super) fn block(&self, address: &Address) -> Option<BlockSchema<'_>> {
        let facts = address.kind().facts();
        if facts.labels == Labels::TypeAndAlias {
            return self.provider(address.type_name());
        }
        let types = facts.types?;
        self.providers
            .values()
            .find_map(|provider| provider.get(types)?.get(address.type_name())?.get("block"))
            .map(BlockSchema)
    }

    fn provider(&self, name: &str) -> Option<BlockSchema<'_>> {
        self.providers
            .iter()
            .find(|(source, _)| source.rsplit('/').next() == Some(name))
            .and_then(|(_, provider)| provider.get("provider")?.get("block"))
            .map(BlockSchema)
    }
}

/// What may stand in a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockSchema<'a>(&'a Json);

impl<'a> BlockSchema<'a> {
    pub(super) fn attributes(self) -> impl Iterator<Item = (&'a str, Attribute<'a>)> {
        entries(self.0, "attributes").map(|(name, json)| (name, Attribute(json)))
    }

    pub(super) fn attribute(self, name: &str) -> Option<Attribute<'a>> {
        self.0.get("attributes")?.get(name).map(Attribute)
    }

    pub(super) fn nested_blocks(self) -> impl Iterator<Item = (&'a str, NestedBlock<'a>)> {
        entries(self.0, "block_types").map(|(name, json)| (name, NestedBlock(json)))
    }

    pub(super) fn nested_block(self, name: &str) -> Option<NestedBlock<'a>> {
        self.0.get("block_types")?.get(name).map(NestedBlock)
    }
}

/// One attribute: an argument, or what the provider sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute<'a>(&'a Json);

impl<'a> Attribute<'a> {
    pub(super) fn is_required(self) -> bool {
        flag(self.0, "required")
    }

    /// Whether only the provider sets it.
    pub(super) fn is_read_only(self) -> bool {
        flag(self.0, "computed") && !flag(self.0, "optional") && !flag(self.0, "required")
    }

    /// Whether its value goes to the provider and is never kept.
    pub(super) fn is_write_only(self) -> bool {
        flag(self.0, "write_only")
    }

    pub(super) fn kind(self) -> Type<'a> {
        match (self.0.get("type"), self.0.get("nested_type")) {
            (Some(json), _) => Type::read(json),
            (None, Some(nested)) => match nested.get("nesting_mode").and_then(Json::as_str) {
                Some("list" | "set") => Type::NestedList(BlockSchema(nested)),
                Some("map") => Type::NestedMap(BlockSchema(nested)),
                _ => Type::Nested(BlockSchema(nested)),
            },
            (None, None) => Type::Any,
        }
    }
}

/// How the blocks of one name are held together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nesting {
    Single,
    List,
    Set,
    Map,
}

/// A block that stands inside another.
#[derive(Clone, Copy, Debug)]
pub(super) struct NestedBlock<'a>(&'a Json);

impl<'a> NestedBlock<'a> {
    pub(super) fn body(self) -> BlockSchema<'a> {
        BlockSchema(self.0.get("block").unwrap_or(&Json::Null))
    }

    /// Whether the blocks have labels: a map of them, not a list.
    pub(super) fn is_map(self) -> bool {
        matches!(self.nesting(), Nesting::Map)
    }

    pub(super) fn nesting(self) -> Nesting {
        match self.0.get("nesting_mode").and_then(Json::as_str) {
            Some("single" | "group") => Nesting::Single,
            Some("set") => Nesting::Set,
            Some("map") => Nesting::Map,
            _ => Nesting::List,
        }
    }

    pub(super) fn at_least(self) -> u64 {
        self.0.get("min_items").and_then(Json::as_u64).unwrap_or(0)
    }

    /// `None` is any number.
    pub(super) fn at_most(self) -> Option<u64> {
        match self.nesting() {
            Nesting::Single => Some(1),
            _ => self.0.get("max_items").and_then(Json::as_u64).filter(|most| *most > 0),
        }
    }
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug)]
pub(super) enum Type<'a> {
    String,
    Number,
    Bool,
    /// A list or a set of this type.
    List(&'a Json),
    /// A map to this type.
    Map(&'a Json),
    /// An object: names and their types.
    Object(&'a Map<String, Json>),
    /// An object whose attributes are described like those of a block.
    Nested(BlockSchema<'a>),
    NestedList(BlockSchema<'a>),
    NestedMap(BlockSchema<'a>),
    /// Anything, or nothing known.
    Any,
}

impl<'a> Type<'a> {
    pub(super) fn read(json: &'a Json) -> Self {
        match json {
            Json::String(name) => match name.as_str() {
                "string" => Self::String,
                "number" => Self::Number,
                "bool" => Self::Bool,
                _ => Self::Any,
            },
            Json::Array(parts) => match (parts.first().and_then(Json::as_str), parts.get(1)) {
                (Some("list" | "set"), Some(inner)) => Self::List(inner),
                (Some("map"), Some(inner)) => Self::Map(inner),
                (Some("object"), Some(Json::Object(fields))) => Self::Object(fields),
                _ => Self::Any,
            },
            _ => Self::Any,
        }
    }

    /// The fields of an attribute that may also be written as blocks: a list or set of objects. (Terraform's
    /// documentation calls that "attributes as blocks"; `ingress` of a security group is one.)
    pub(super) fn block_fields(self) -> Option<&'a Map<String, Json>> {
        match self {
            Self::List(inner) => match Self::read(inner) {
                Self::Object(fields) => Some(fields),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a person calls it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::String => "text",
            Self::Number => "a number",
            Self::Bool => "`true` or `false`",
            Self::List(_) | Self::NestedList(_) => "a list",
            Self::Map(_) | Self::NestedMap(_) => "a map",
            Self::Object(_) | Self::Nested(_) => "an object",
            Self::Any => "anything",
        }
    }
}

fn entries<'a>(json: &'a Json, name: &str) -> impl Iterator<Item = (&'a str, &'a Json)> + use<'a> {
    json.get(name).and_then(Json::as_object).into_iter().flatten().map(|(name, json)| (name.as_str(), json))
}

fn flag(json: &Json, name: &str) -> bool {
    json.get(name).and_then(Json::as_bool).unwrap_or(false)
}
