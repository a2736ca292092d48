//! The stack: every block in declaration order. The files beside this one have the functions that declare them.

mod changes;
mod resources;
mod settings;
mod values;

use std::fmt;

use indexmap::IndexMap;
use indexmap::map::Entry;

use crate::block::body::Body;
use crate::block::kind::Kind;
use crate::block::{Block, BlockView};
use crate::check::schema::Schema;
use crate::check::{self, Rule};
use crate::document::synthesized::Synthesized;
use crate::document::write;
use crate::finding::Findings;
use crate::place::Place;
use crate::render::Renderer;
use crate::{Address, BlockKind, Value};

/// The graph under construction.
///
/// Declaring a block returns its handle. Nothing is checked while declaring; [`synth`](Self::synth) checks everything
/// and reports all mistakes at once.
#[derive(Default)]
pub struct Stack {
    pub(crate) blocks: IndexMap<Address, Block>,
    /// Blocks whose address was taken already.
    pub(crate) duplicates: Vec<Block>,
    /// How many blocks there are of each kind that has no names.
    anonymous: IndexMap<BlockKind, usize>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) schemas: Vec<Schema>,
}

impl Stack {
    /// A stack without anything in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule of your own, checked for every block at synth: return what is wrong with it.
    ///
    /// ```
    /// use tfdsl::{Stack, body, kind};
    ///
    /// kind! { Data = "terraform_data" {} }
    ///
    /// let mut stack = Stack::new();
    /// stack.rule("every resource has an input", |block| {
    ///     block.resource_type()?;
    ///     block.rendered("input").is_none().then(|| "no input".to_owned())
    /// });
    /// let _: Data = stack.resource("empty", body! {});
    ///
    /// let findings = stack.synth().unwrap_err();
    /// let text = findings.to_string();
    /// assert!(text.starts_with("error: terraform_data.empty: no input\n  --> "));
    /// assert!(text.ends_with("\n  help: rule: every resource has an input"));
    /// ```
    pub fn rule(
        &mut self,
        name: impl Into<String>,
        check: impl Fn(&BlockView<'_>) -> Option<String> + Send + Sync + 'static,
    ) {
        self.rules.push(Rule::new(name.into(), Box::new(check)));
    }

    /// Checks resources and data sources against a provider's schema at synth, for the types that it knows.
    pub fn schema(&mut self, schema: Schema) {
        self.schemas.push(schema);
    }

    /// The body of a declared block as it goes to the document; `None` if there is no such block.
    pub fn body(&self, address: &Address) -> Option<serde_json::Value> {
        let block = self.blocks.get(address)?;
        Some(Renderer::new(block.place).block(block))
    }

    /// The addresses of all blocks in declaration order.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.blocks.keys()
    }

    /// Where a block was declared.
    pub fn place(&self, address: &Address) -> Option<Place> {
        self.blocks.get(address).map(|block| block.place)
    }

    /// Checks everything and renders the document.
    ///
    /// The same stack gives the same bytes; blocks stand in declaration order in their sections.
    ///
    /// # Errors
    /// All [`Findings`] at once, in declaration order.
    pub fn synth(&self) -> Result<Synthesized, Findings> {
        let mut bodies = Vec::with_capacity(self.blocks.len());
        let mut notes = Vec::with_capacity(self.blocks.len());
        for block in self.blocks.values() {
            let mut renderer = Renderer::new(block.place);
            bodies.push(renderer.block(block));
            notes.push(renderer);
        }
        if let Some(findings) = Findings::new(check::all(self, &bodies, &notes)) {
            return Err(findings);
        }
        let (main, versions) = write::documents(self.blocks.keys().zip(bodies));
        Ok(Synthesized::new(main, versions))
    }

    #[track_caller]
    pub(super) fn kind<K: Kind>(&mut self, name: &str, body: Body) -> K {
        let address = Address::new(K::KIND, K::TYPE, name);
        self.declare(address.clone(), body);
        K::__new(address)
    }

    #[track_caller]
    pub(super) fn declare_anonymous(&mut self, kind: BlockKind, body: Body) {
        let count = self.anonymous.entry(kind).or_default();
        let position = *count;
        *count += 1;
        self.declare(Address::untyped(kind, position.to_string()), body);
    }

    #[track_caller]
    pub(super) fn declare(&mut self, address: Address, content: impl Into<Value>) {
        let block = Block { address, content: content.into(), place: Place::here() };
        match self.blocks.entry(block.address.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(block);
            }
            Entry::Occupied(_) => self.duplicates.push(block),
        }
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.blocks.keys().map(ToString::to_string)).finish()
    }
}
