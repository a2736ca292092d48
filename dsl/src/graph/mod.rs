//! The resource graph of a stack, and how it is drawn: Mermaid, DOT and SVG.
//!
//! Nodes are blocks, edges say "refers to". Nothing outside of this crate is needed to draw it, not even `terraform`,
//! and the same stack gives the same bytes.
//!
//! `build` reads the graph from a stack, `mermaid` and `dot` write it for other programs, `svg` draws it by itself:
//! `layout` decides where the nodes stand and `route` how the edges run between them.

mod build;
mod column;
mod dot;
mod implied;
mod layout;
mod mermaid;
mod route;
mod svg;
#[cfg(test)]
mod tests;

use indexmap::{IndexMap, IndexSet};

use crate::{Address, BlockKind};

/// The blocks of a stack and how they refer to each other: made by [`Stack::graph`](crate::Stack::graph).
///
/// ```
/// use tfdsl::{BlockKind, Stack, body, kind};
///
/// kind! {
///     Queue = "aws_sqs_queue" { arn }
///     Alarm = "aws_cloudwatch_metric_alarm" {}
/// }
///
/// let mut stack = Stack::new();
/// let queue = stack.resource::<Queue>("orders", body! {});
/// let name = stack.local("queue", queue.arn());
/// let _: Alarm = stack.resource("late", body! { dimensions: body! { QueueName: &name } });
///
/// let graph = stack.graph().only(|node| node.kind() == BlockKind::Resource);
/// assert_eq!(
///     graph.to_mermaid(),
///     r#"flowchart LR
///   subgraph g0["aws"]
///     n0["<b>orders</b><br/>aws_sqs_queue"]
///     n1["<b>late</b><br/>aws_cloudwatch_metric_alarm"]
///   end
///   n1 --> n0
/// "#
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

/// One block in a [`Graph`].
#[derive(Clone, Debug)]
pub struct Node {
    address: Address,
    group: String,
}

/// One block refers to another. A pair of blocks has at most one edge in each direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Edge {
    /// Position in [`Graph::nodes`] of the block that refers.
    pub from: usize,
    /// Position in [`Graph::nodes`] of the block that is referred to.
    pub to: usize,
    /// How it refers.
    pub kind: EdgeKind,
}

/// How one block refers to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EdgeKind {
    /// By using its value, perhaps beside a `depends_on`.
    Reference,
    /// Only by `depends_on`.
    DependsOn,
}

impl Node {
    /// The block's address.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What kind of block it is.
    pub fn kind(&self) -> BlockKind {
        self.address.kind()
    }

    /// Resource, data source or provider type; empty for blocks without a type.
    pub fn type_name(&self) -> &str {
        self.address.type_name()
    }

    /// The group in which the block is drawn: see [`Graph::group_by`].
    pub fn group(&self) -> &str {
        &self.group
    }

    /// What is written on the node: the block's name, and what stands before it in the address.
    fn label(&self) -> (String, String) {
        let address = self.address.to_string();
        match address.rsplit_once('.') {
            Some((before, name)) => (name.to_owned(), before.to_owned()),
            None if self.kind() == BlockKind::Provider => (address, "provider".to_owned()),
            None => (address, String::new()),
        }
    }
}

impl Graph {
    /// The blocks, in declaration order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The edges, in declaration order of the blocks that refer.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The graph of these blocks alone. What referred to one of them through blocks that are left out (a local, say)
    /// refers to it directly then.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&Node) -> bool) -> Self {
        let mut position = Vec::with_capacity(self.nodes.len());
        let mut nodes = Vec::new();
        for node in &self.nodes {
            let kept = keep(node);
            position.push(kept.then_some(nodes.len()));
            if kept {
                nodes.push(node.clone());
            }
        }
        let outgoing = self.outgoing();
        let mut edges = Vec::new();
        for (start, from) in position.iter().enumerate() {
            let Some(from) = *from else { continue };
            let mut found: IndexMap<usize, EdgeKind> = IndexMap::new();
            let mut passed = IndexSet::from([start]);
            let mut open: Vec<(usize, EdgeKind)> = vec![(start, EdgeKind::Reference)];
            while let Some((at, so_far)) = open.pop() {
                for edge in outgoing[at].iter().map(|edge| self.edges[*edge]) {
                    let kind = match (so_far, edge.kind) {
                        (EdgeKind::Reference, EdgeKind::Reference) => EdgeKind::Reference,
                        _ => EdgeKind::DependsOn,
                    };
                    match position[edge.to] {
                        Some(to) if to != from => {
                            let known = found.entry(to).or_insert(kind);
                            if kind == EdgeKind::Reference {
                                *known = kind;
                            }
                        }
                        None if passed.insert(edge.to) => open.push((edge.to, kind)),
                        Some(_) | None => {}
                    }
                }
            }
            found.sort_unstable_keys();
            edges.extend(found.into_iter().map(|(to, kind)| Edge { from, to, kind }));
        }
        Self { nodes, edges }
    }

    /// Draws blocks of one group together. At first they are grouped by their provider (the first word of the type), or
    /// by the first word of the address.
    #[must_use]
    pub fn group_by<G: Into<String>>(mut self, group: impl Fn(&Node) -> G) -> Self {
        for node in &mut self.nodes {
            node.group = group(node).into();
        }
        self
    }

    /// Positions of the nodes in each group; groups in order of their first node.
    fn groups(&self) -> IndexMap<&str, Vec<usize>> {
        let mut groups: IndexMap<&str, Vec<usize>> = IndexMap::new();
        for (position, node) in self.nodes.iter().enumerate() {
            groups.entry(&node.group).or_default().push(position);
        }
        groups
    }

    /// Positions of the edges that leave each node.
    fn outgoing(&self) -> Vec<Vec<usize>> {
        self.edges_at(|edge| edge.from)
    }

    /// Positions of the edges that arrive at each node.
    fn incoming(&self) -> Vec<Vec<usize>> {
        self.edges_at(|edge| edge.to)
    }

    fn edges_at(&self, end: impl Fn(&Edge) -> usize) -> Vec<Vec<usize>> {
        let mut edges = vec![Vec::new(); self.nodes.len()];
        for (position, edge) in self.edges.iter().enumerate() {
            edges[end(edge)].push(position);
        }
        edges
    }
}
