//! How the arrows run: in curves between the columns, straight through the columns that they pass, around the blocks.

use super::layout::{Layout, pixels};
use super::{Edge, Graph};

/// How far an arrow keeps away from a block that it passes.
const CLEARANCE: i64 = 5;

/// A point of an arrow; between two points it curves or, within a column, runs straight.
pub(super) type Point = (i64, i64);

/// The points of every edge: where it leaves, both ends of every column that it passes, where it arrives.
pub(super) fn routes(graph: &Graph, layout: &Layout<'_>) -> Vec<Vec<Point>> {
    let taken = taken(layout);
    let leaves = ports(graph, layout, &graph.outgoing(), |edge| (edge.from, edge.to));
    let arrives = ports(graph, layout, &graph.incoming(), |edge| (edge.to, edge.from));
    graph
        .edges
        .iter()
        .enumerate()
        .map(|(position, edge)| {
            let start = (layout.boxes[edge.from].right(), leaves[position]);
            let end = (layout.boxes[edge.to].x, arrives[position]);
            let mut points = vec![start];
            let passed =
                layout.columns.iter().zip(&taken).take(layout.column[edge.to]).skip(layout.column[edge.from] + 1);
            for ((left, right), taken) in passed {
                let (left, right) = (*left, *right);
                let from = points.last().copied().unwrap_or(start);
                let wanted = from.1 + (end.1 - from.1) * (left - from.0) / (end.0 - from.0).max(1);
                let y = free(taken, wanted);
                points.extend([(left, y), (right, y)]);
            }
            points.push(end);
            points
        })
        .collect()
}

/// At which height each edge touches a block: spread over its side, in the order of the other ends, so that arrows of one
/// block do not cross.
fn ports(
    graph: &Graph,
    layout: &Layout<'_>,
    edges_of: &[Vec<usize>],
    ends: impl Fn(&Edge) -> (usize, usize),
) -> Vec<i64> {
    let mut heights = vec![0; graph.edges.len()];
    for edges in edges_of {
        let mut edges = edges.clone();
        edges.sort_by_key(|edge| layout.boxes[ends(&graph.edges[*edge]).1].y);
        for (rank, edge) in edges.iter().enumerate() {
            let side = layout.boxes[ends(&graph.edges[*edge]).0];
            heights[*edge] = side.y + side.height * pixels(rank + 1) / pixels(edges.len() + 1);
        }
    }
    heights
}

/// The heights that blocks take in each column, from the top; none touch.
fn taken(layout: &Layout<'_>) -> Vec<Vec<(i64, i64)>> {
    let mut taken = vec![Vec::new(); layout.columns.len()];
    for (rect, column) in layout.boxes.iter().zip(&layout.column) {
        taken[*column].push((rect.y - CLEARANCE, rect.bottom() + CLEARANCE));
    }
    for column in &mut taken {
        column.sort_unstable();
    }
    taken
}

/// The height nearest to the wanted one at which no block stands.
fn free(taken: &[(i64, i64)], wanted: i64) -> i64 {
    let after = taken.partition_point(|(top, _)| *top <= wanted);
    match after.checked_sub(1).map(|last| taken[last]) {
        Some((top, bottom)) if wanted < bottom => {
            if wanted - top < bottom - wanted {
                top
            } else {
                bottom
            }
        }
        _ => wanted,
    }
}
