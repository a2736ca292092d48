//! SVG, drawn here: lanes by group, blocks with name and type, arrows that say "refers to".

use std::fmt::Write as _;

use super::implied::implied;
use super::layout::{Layout, MARGIN, NODE_HEIGHT, Rect, pixels};
use super::route::{Point, routes};
use super::{EdgeKind, Graph};

/// Line colours of the lanes, in turn: dark enough to be told apart on white, also by the colour-blind.
const COLOURS: [&str; 10] =
    ["#1f5fa8", "#b4540a", "#1b7f4d", "#8a3ea8", "#a3262a", "#0f7c86", "#7a6a00", "#5b5bc4", "#a8326f", "#4f6272"];

/// Width of one character of the caption: 0.6 em of 13 px, rounded up.
const CAPTION_CHARACTER: i64 = 8;

/// The look of everything. The file needs no font, no script and no network.
const STYLE: &str = "\
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}\
.caption{font-size:13px;fill:#333}\
.lane{font-size:13px;font-weight:bold;letter-spacing:.5px}\
.name{font-size:13px;font-weight:bold;fill:#111}\
.type{font-size:10px;fill:#555}\
.edge{fill:none;stroke-width:1.3;stroke-opacity:.7}\
.implied{stroke-width:1;stroke-opacity:.28}\
.edge:hover{stroke-width:3;stroke-opacity:1}\
.only{stroke-dasharray:5 3}";

impl Graph {
    /// The graph as an SVG picture: a lane for each group, every block left of what it refers to. `depends_on` is
    /// dashed; pale arrows have a longer way beside them. Pointing at an arrow or a block in a browser shows its addresses.
    pub fn to_svg(&self) -> String {
        let layout = Layout::of(self);
        let mut out = String::new();
        self.head(&mut out, &layout);
        let mut colours = vec![COLOURS[0]; self.nodes.len()];
        for (number, lane) in layout.lanes.iter().enumerate() {
            let colour = COLOURS[number % COLOURS.len()];
            for (node, known) in self.nodes.iter().zip(&mut colours) {
                if node.group == lane.group {
                    *known = colour;
                }
            }
            let Rect { x, y, width, height } = lane.rect;
            let _ = writeln!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"{colour}\" fill-opacity=\".06\"/>\n\
                 <text class=\"lane\" x=\"{}\" y=\"{}\" fill=\"{colour}\">{}</text>",
                x + 10,
                y + 18,
                escaped(lane.group)
            );
        }
        let edges = self.edges.iter().zip(implied(self));
        for ((edge, implied), points) in edges.zip(routes(self, &layout)) {
            let class = match (edge.kind, implied) {
                (EdgeKind::Reference, false) => "edge",
                (EdgeKind::Reference, true) => "edge implied",
                (EdgeKind::DependsOn, false) => "edge only",
                (EdgeKind::DependsOn, true) => "edge only implied",
            };
            let colour = colours[edge.from];
            let _ = writeln!(
                out,
                "<path class=\"{class}\" stroke=\"{colour}\" marker-end=\"url(#to-{})\" d=\"{}\"><title>{} -&gt; {}</title></path>",
                &colour[1..],
                path(&points),
                escaped(&self.nodes[edge.from].address.to_string()),
                escaped(&self.nodes[edge.to].address.to_string())
            );
        }
        for (position, rect) in layout.boxes.iter().enumerate() {
            self.block(&mut out, position, rect, colours[position]);
        }
        out.push_str("</svg>\n");
        out
    }

    fn head(&self, out: &mut String, layout: &Layout<'_>) {
        let caption = format!(
            "{} blocks, {} references. An arrow says: refers to. Dashed: only by depends_on. Pale: also on a longer way.",
            self.nodes.len(),
            self.edges.len()
        );
        let width = layout.width.max(pixels(caption.len()) * CAPTION_CHARACTER + 2 * MARGIN);
        let height = layout.height;
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
             <title>Resource graph</title>\n<style>{STYLE}</style>\n<defs>"
        );
        for colour in COLOURS.iter().take(layout.lanes.len()) {
            let _ = writeln!(
                out,
                "<marker id=\"to-{}\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
                 markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0.8L8 4L0 7.2z\" fill=\"{colour}\"/></marker>",
                &colour[1..]
            );
        }
        let _ = writeln!(
            out,
            "</defs>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
             <text class=\"caption\" x=\"{MARGIN}\" y=\"36\">{caption}</text>"
        );
    }

    fn block(&self, out: &mut String, position: usize, rect: &Rect, colour: &str) {
        let node = &self.nodes[position];
        let (name, before) = node.label();
        let Rect { x, y, width, .. } = *rect;
        let (text, name_line, type_line) = (x + 10, y + 16, y + 29);
        let _ = writeln!(
            out,
            "<g><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{NODE_HEIGHT}\" rx=\"4\" fill=\"#fff\" stroke=\"{colour}\"/>\
             <text class=\"name\" x=\"{text}\" y=\"{name_line}\">{}</text><text class=\"type\" x=\"{text}\" y=\"{type_line}\">{}</text></g>",
            escaped(&node.address.to_string()),
            escaped(&name),
            escaped(&before)
        );
    }
}

/// Curves that leave and arrive level, with straight pieces through the columns in between.
fn path(points: &[Point]) -> String {
    let mut out = String::new();
    for (position, (x, y)) in points.iter().enumerate() {
        let _ = match position.checked_sub(1).map(|before| points[before]) {
            None => write!(out, "M{x} {y}"),
            Some((_, before)) if before == *y => write!(out, "H{x}"),
            Some((from_x, from_y)) => {
                // A backward edge leaves and arrives as every other: its curve swings out on both sides.
                let reach = ((x - from_x).abs() / 2).max(30);
                write!(out, "C{} {from_y} {} {y} {x} {y}", from_x + reach, x - reach)
            }
        };
    }
    out
}

/// For text and quoted attributes of XML, which has no control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}
