//! Which column a block stands in: left of everything that it refers to.

use std::collections::VecDeque;

use super::Graph;

/// The column of every node, counted from the left, and how many there are.
///
/// What refers to nothing stands at the right, or as near as possible to what refers to it. Where blocks refer to each
/// other in a circle, one edge of it points to the left.
pub(super) fn assign(graph: &Graph) -> (Vec<usize>, usize) {
    let mut depths = depths(graph);
    let incoming = graph.incoming();
    let outgoing = graph.outgoing();
    for node in 0..depths.len() {
        if outgoing[node].is_empty() {
            let nearest = incoming[node].iter().map(|edge| depths[graph.edges[*edge].from]).min();
            depths[node] = nearest.unwrap_or(1).saturating_sub(1);
        }
    }
    let deepest = depths.iter().copied().max().unwrap_or(0);
    for depth in &mut depths {
        *depth = deepest - *depth;
    }
    (depths, deepest + 1)
}

/// The longest way from each node to one that refers to nothing.
fn depths(graph: &Graph) -> Vec<usize> {
    let incoming = graph.incoming();
    let mut waiting_for: Vec<usize> = graph.outgoing().iter().map(Vec::len).collect();
    let mut depths = vec![0; waiting_for.len()];
    let mut done = vec![false; waiting_for.len()];
    let mut ready: VecDeque<usize> = (0..waiting_for.len()).filter(|node| waiting_for[*node] == 0).collect();
    let mut first_left = 0;
    loop {
        let node = match ready.pop_front() {
            Some(node) => node,
            // All that is left waits for itself: a circle is cut at its first block.
            None => match (first_left..done.len()).find(|node| !done[*node]) {
                Some(node) => {
                    first_left = node;
                    node
                }
                None => return depths,
            },
        };
        if std::mem::replace(&mut done[node], true) {
            continue;
        }
        for edge in &incoming[node] {
            let from = graph.edges[*edge].from;
            if done[from] {
                continue;
            }
            depths[from] = depths[from].max(depths[node] + 1);
            waiting_for[from] -= 1;
            if waiting_for[from] == 0 {
                ready.push_back(from);
            }
        }
    }
}
