//! The graph of a stack, from what its blocks refer to.

use indexmap::IndexMap;

use super::{Edge, EdgeKind, Graph, Node};
use crate::block::Block;
use crate::block::shape::Shape;
use crate::check::references::DeclaredTypes;
use crate::render::Renderer;
use crate::{Address, Stack};

impl Stack {
    /// The resource graph: every declared block, and which others it refers to (in its arguments, in raw code, in
    /// `depends_on`). What is not declared, and a block's reference to itself, is left out; nothing is checked.
    pub fn graph(&self) -> Graph {
        let types = DeclaredTypes::of(self);
        let mut graph = Graph { nodes: Vec::with_capacity(self.blocks.len()), edges: Vec::new() };
        for (from, block) in self.blocks.values().enumerate() {
            let mut targets = targets(self, &types, block);
            targets.swap_remove(&from);
            targets.sort_unstable_keys();
            graph.edges.extend(targets.into_iter().map(|(to, kind)| Edge { from, to, kind }));
            graph.nodes.push(Node { address: block.address.clone(), group: first_group(&block.address) });
        }
        graph
    }
}

/// The positions of the blocks that this one refers to.
fn targets(stack: &Stack, types: &DeclaredTypes<'_>, block: &Block) -> IndexMap<usize, EdgeKind> {
    let declared = |renderer: &Renderer<'_>| -> Vec<usize> {
        renderer
            .references
            .iter()
            .filter_map(|reference| types.resolve(&reference.target))
            .filter_map(|address| stack.blocks.get_index_of(&address))
            .collect()
    };
    let mut renderer = Renderer::new(block.place);
    renderer.block(block);
    let mut uses: IndexMap<usize, usize> = IndexMap::new();
    for target in declared(&renderer) {
        *uses.entry(target).or_default() += 1;
    }
    // The body's references include those of `depends_on`: what is left without them are the values in use.
    if let Some(explicit) = depends_on(block) {
        let mut renderer = Renderer::new(block.place);
        renderer.depends_on(explicit);
        for target in declared(&renderer) {
            if let Some(count) = uses.get_mut(&target) {
                *count = count.saturating_sub(1);
            }
        }
    }
    uses.into_iter()
        .map(|(target, count)| match count {
            0 => (target, EdgeKind::DependsOn),
            _ => (target, EdgeKind::Reference),
        })
        .collect()
}

fn depends_on(block: &Block) -> Option<&crate::Value> {
    // Elsewhere, in a local's value say, a key of that name means nothing.
    let shape = block.address.kind().facts().shape.entry("depends_on");
    if matches!(shape, Shape::Static) { block.body()?.get("depends_on") } else { None }
}

fn first_group(address: &Address) -> String {
    match address.type_name() {
        "" => {
            let text = address.to_string();
            let end = text.find(['.', '[']).unwrap_or(text.len());
            text[..end].to_owned()
        }
        typed => typed.split('_').next().unwrap_or(typed).to_owned(),
    }
}
