//! DOT, the language of Graphviz.

use std::fmt::Write as _;

use super::{EdgeKind, Graph};

impl Graph {
    /// The graph in DOT, with a cluster for each group. `depends_on` is dashed.
    pub fn to_dot(&self) -> String {
        let mut out = String::from(
            "digraph stack {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fillcolor=white];\n",
        );
        for (number, (group, nodes)) in self.groups().into_iter().enumerate() {
            let _ = writeln!(out, "  subgraph cluster_{number} {{");
            let _ = writeln!(out, "    label=\"{}\";", escaped(group));
            for node in nodes {
                let (name, before) = self.nodes[node].label();
                let line = if before.is_empty() { "" } else { "\\n" };
                let _ = writeln!(
                    out,
                    "    \"{}\" [label=\"{}{line}{}\"];",
                    self.id(node),
                    escaped(&name),
                    escaped(&before)
                );
            }
            out.push_str("  }\n");
        }
        for edge in &self.edges {
            let style = match edge.kind {
                EdgeKind::Reference => "",
                EdgeKind::DependsOn => " [style=dashed]",
            };
            let _ = writeln!(out, "  \"{}\" -> \"{}\"{style};", self.id(edge.from), self.id(edge.to));
        }
        out.push_str("}\n");
        out
    }

    fn id(&self, node: usize) -> String {
        escaped(&self.nodes[node].address.to_string())
    }
}

/// For a quoted string: backslashes begin escapes there, and a quote ends it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}
