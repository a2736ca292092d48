//! Where every block stands in the drawing: a lane for each group, a column for each step of dependency.
//!
//! Arrows run from left to right. Lanes, and the blocks in them, are put in the order that keeps arrows short. All
//! lengths are whole pixels, so that the same graph gives the same drawing everywhere.

use super::{Graph, column};

/// Height of a block with its two lines of text.
pub(super) const NODE_HEIGHT: i64 = 36;
/// Free space above and below a block, in which arrows pass.
const ROW_GAP: i64 = 12;
/// Free space between columns, in which arrows turn.
const COLUMN_GAP: i64 = 84;
/// Height of the strip that holds a lane's name.
const LANE_HEAD: i64 = 26;
/// Free space between lanes.
const LANE_GAP: i64 = 10;
/// Free space around the drawing.
pub(super) const MARGIN: i64 = 20;
/// Height of the caption over the drawing.
const CAPTION: i64 = 36;
/// Width of one character of a block's name: 0.6 em of 13 px bold monospace, rounded up.
const NAME_CHARACTER: i64 = 8;
/// Width of one character of the line under it: 0.6 em of 10 px, rounded up.
const TYPE_CHARACTER: i64 = 6;
/// Free space left and right of the text in a block.
const PADDING: i64 = 10;
/// How often blocks are moved towards their neighbours; the order has settled long before.
const SWEEPS: usize = 16;
/// With more lanes than this, their order is left as it is: trying all places takes the cube of their number.
const MOST_ORDERED_LANES: usize = 48;

/// A block or a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

impl Rect {
    pub(super) fn right(&self) -> i64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> i64 {
        self.y + self.height
    }
}

/// One group's part of the drawing.
#[derive(Clone, Debug)]
pub(super) struct Lane<'g> {
    pub(super) group: &'g str,
    pub(super) rect: Rect,
    /// Its nodes, column by column from the top.
    cells: Vec<Vec<usize>>,
}

/// The whole drawing.
#[derive(Clone, Debug)]
pub(super) struct Layout<'g> {
    pub(super) width: i64,
    pub(super) height: i64,
    /// From the top.
    pub(super) lanes: Vec<Lane<'g>>,
    /// For every node.
    pub(super) boxes: Vec<Rect>,
    /// For every node.
    pub(super) column: Vec<usize>,
    /// Left and right end of each column.
    pub(super) columns: Vec<(i64, i64)>,
}

impl<'g> Layout<'g> {
    pub(super) fn of(graph: &'g Graph) -> Self {
        let (column, count) = column::assign(graph);
        let columns = column_ends(graph, &column, count);
        let right = columns.last().map_or(0, |(_, right)| *right);
        let mut layout = Self {
            width: right + PADDING + MARGIN,
            height: 0,
            lanes: lanes(graph, &column, count),
            boxes: vec![Rect::default(); column.len()],
            column,
            columns,
        };
        layout.place();
        for _ in 0..2 {
            layout.order_lanes(graph);
            layout.order_nodes(graph);
        }
        layout
    }

    /// Gives every lane and block its place, in the order they have now.
    fn place(&mut self) {
        let mut top = MARGIN + CAPTION;
        for lane in &mut self.lanes {
            let rows = lane.cells.iter().map(Vec::len).max().unwrap_or(0);
            let inner = pixels(rows) * (NODE_HEIGHT + ROW_GAP);
            lane.rect = Rect { x: MARGIN, y: top, width: self.width - 2 * MARGIN, height: LANE_HEAD + inner };
            for (cell, (left, right)) in lane.cells.iter().zip(&self.columns) {
                let used = pixels(cell.len()) * (NODE_HEIGHT + ROW_GAP);
                let mut y = top + LANE_HEAD + (inner - used) / 2;
                for node in cell {
                    self.boxes[*node] = Rect { x: *left, y, width: right - left, height: NODE_HEIGHT };
                    y += NODE_HEIGHT + ROW_GAP;
                }
            }
            top = lane.rect.bottom() + LANE_GAP;
        }
        self.height = top - LANE_GAP + MARGIN;
    }

    /// Moves blocks within their cell towards what they are connected with.
    fn order_nodes(&mut self, graph: &Graph) {
        let (incoming, outgoing) = (graph.incoming(), graph.outgoing());
        for _ in 0..SWEEPS {
            let boxes = &self.boxes;
            let pull = |node: &usize| {
                let neighbours = incoming[*node]
                    .iter()
                    .map(|edge| graph.edges[*edge].from)
                    .chain(outgoing[*node].iter().map(|edge| graph.edges[*edge].to));
                let (sum, count) =
                    neighbours.fold((0, 0), |(sum, count), neighbour| (sum + boxes[neighbour].y, count + 1));
                if count == 0 { boxes[*node].y } else { sum / count }
            };
            for lane in &mut self.lanes {
                for cell in &mut lane.cells {
                    // Stable: what is pulled alike keeps its order.
                    cell.sort_by_key(pull);
                }
            }
            self.place();
        }
    }

    /// Moves each lane to the place where all arrows together are shortest, until none can be improved.
    fn order_lanes(&mut self, graph: &Graph) {
        if self.lanes.len() > MOST_ORDERED_LANES {
            return;
        }
        let mut best = self.length_of_edges(graph);
        let mut improved = true;
        while improved {
            improved = false;
            for from in 0..self.lanes.len() {
                for to in 0..self.lanes.len() {
                    self.move_lane(from, to);
                    let length = self.length_of_edges(graph);
                    if length < best {
                        best = length;
                        improved = true;
                    } else {
                        self.move_lane(to, from);
                    }
                }
            }
        }
    }

    fn move_lane(&mut self, from: usize, to: usize) {
        let lane = self.lanes.remove(from);
        self.lanes.insert(to, lane);
        self.place();
    }

    /// How far all edges reach up or down together.
    fn length_of_edges(&self, graph: &Graph) -> i64 {
        graph.edges.iter().map(|edge| (self.boxes[edge.from].y - self.boxes[edge.to].y).abs()).sum()
    }
}

fn lanes<'g>(graph: &'g Graph, column: &[usize], count: usize) -> Vec<Lane<'g>> {
    graph
        .groups()
        .into_iter()
        .map(|(group, nodes)| {
            let mut cells = vec![Vec::new(); count];
            for node in nodes {
                cells[column[node]].push(node);
            }
            Lane { group, rect: Rect::default(), cells }
        })
        .collect()
}

/// Left and right end of each column, as wide as its widest block.
fn column_ends(graph: &Graph, column: &[usize], count: usize) -> Vec<(i64, i64)> {
    let mut widths = vec![0; count];
    for (node, column) in graph.nodes.iter().zip(column) {
        let (name, before) = node.label();
        let text = (characters(&name) * NAME_CHARACTER).max(characters(&before) * TYPE_CHARACTER);
        widths[*column] = widths[*column].max(text + 2 * PADDING);
    }
    let mut left = MARGIN + PADDING;
    widths
        .into_iter()
        .map(|width| {
            let ends = (left, left + width);
            left = ends.1 + COLUMN_GAP;
            ends
        })
        .collect()
}

/// How many character cells a text takes; what is not ASCII may be twice as wide.
fn characters(text: &str) -> i64 {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// A count as a factor of lengths.
pub(super) fn pixels(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
