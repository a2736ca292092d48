//! One declared block: its address, its body, and the Rust line that declared it.

pub(crate) mod address;
pub(crate) mod block_kind;
pub(crate) mod body;
pub(crate) mod handle;
pub(crate) mod key_place;
pub(crate) mod kind;
pub(crate) mod shape;

use crate::place::Place;
use crate::{Address, BlockKind, Body, Value};

/// A block as declared. Locals have a value instead of a body.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) address: Address,
    pub(crate) content: Value,
    pub(crate) place: Place,
}

impl Block {
    pub(crate) fn body(&self) -> Option<&Body> {
        match &self.content {
            Value::Map(body) => Some(body),
            _ => None,
        }
    }
}

/// What a rule (see [`Stack::rule`](crate::Stack::rule)) is shown of a block.
#[derive(Clone, Copy, Debug)]
pub struct BlockView<'a> {
    pub(crate) address: &'a Address,
    pub(crate) json: &'a serde_json::Value,
    pub(crate) place: Place,
}

impl<'a> BlockView<'a> {
    /// The block's address.
    pub fn address(&self) -> &'a Address {
        self.address
    }

    /// What kind of block it is.
    pub fn kind(&self) -> BlockKind {
        self.address.kind()
    }

    /// The resource type, for managed resources only.
    pub fn resource_type(&self) -> Option<&'a str> {
        (self.kind() == BlockKind::Resource).then(|| self.address.type_name())
    }

    /// The body as it goes to the document.
    pub fn json(&self) -> &'a serde_json::Value {
        self.json
    }

    /// One argument as it goes to the document.
    pub fn rendered(&self, argument: &str) -> Option<&'a serde_json::Value> {
        self.json.get(argument)
    }

    /// Where the block was declared.
    pub fn place(&self) -> Place {
        self.place
    }
}
