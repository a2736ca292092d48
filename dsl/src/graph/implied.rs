//! Edges that the drawing can do without: there is a longer way between the same two blocks.

use super::Graph;

/// Beyond this many edges no drawing is read edge by edge, and looking for the longer ways would take too long.
const MOST_EDGES: usize = 5_000;

/// For every edge, whether a longer way leads from its start to its end.
pub(super) fn implied(graph: &Graph) -> Vec<bool> {
    if graph.edges.len() > MOST_EDGES {
        return vec![false; graph.edges.len()];
    }
    let outgoing = graph.outgoing();
    graph
        .edges
        .iter()
        .enumerate()
        .map(|(position, edge)| {
            let mut passed = vec![false; graph.nodes.len()];
            passed[edge.from] = true;
            let mut open: Vec<usize> = vec![edge.from];
            while let Some(at) = open.pop() {
                for next in &outgoing[at] {
                    let to = graph.edges[*next].to;
                    if *next == position {
                        continue;
                    }
                    if to == edge.to {
                        return true;
                    }
                    if !std::mem::replace(&mut passed[to], true) {
                        open.push(to);
                    }
                }
            }
            false
        })
        .collect()
}
