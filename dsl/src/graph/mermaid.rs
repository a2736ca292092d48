//! Mermaid, which code hosts draw inside of Markdown.

use std::fmt::Write as _;

use super::{EdgeKind, Graph};

impl Graph {
    /// The graph as a Mermaid flowchart, with a subgraph for each group. `depends_on` is dotted.
    ///
    /// Hosts that draw Mermaid stop at 500 edges unless configured otherwise; leave blocks out with
    /// [`only`](Self::only) then.
    pub fn to_mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        for (number, (group, nodes)) in self.groups().into_iter().enumerate() {
            let _ = writeln!(out, "  subgraph g{number}[\"{}\"]", escaped(group));
            for node in nodes {
                let (name, before) = self.nodes[node].label();
                let _ = write!(out, "    n{node}[\"<b>{}</b>", escaped(&name));
                if !before.is_empty() {
                    let _ = write!(out, "<br/>{}", escaped(&before));
                }
                out.push_str("\"]\n");
            }
            out.push_str("  end\n");
        }
        for edge in &self.edges {
            let arrow = match edge.kind {
                EdgeKind::Reference => "-->",
                EdgeKind::DependsOn => "-.->",
            };
            let _ = writeln!(out, "  n{} {arrow} n{}", edge.from, edge.to);
        }
        out
    }
}

/// Everything but plain characters as Mermaid's entity: no label ends early, opens a tag or becomes Markdown.
fn escaped(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for character in label.chars() {
        match character {
            character if character.is_control() => out.push(' '),
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' | ';' => {
                let _ = write!(out, "#{};", u32::from(character));
            }
            character => out.push(character),
        }
    }
    out
}
