//! `hookline graph`: what the stack consists of and what refers to what. Needs neither zips nor terraform.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hookline_stack::artifacts::Artifacts;
use hookline_stack::aws::service;
use hookline_stack::declare;
use tfdsl::{BlockKind, Graph, Node};

use super::CommandError;
use super::settings_options::SettingsArguments;
use crate::console::{Start, say};

#[derive(Debug, Args)]
pub(crate) struct GraphArguments {
    #[command(flatten)]
    settings: SettingsArguments,
    /// Language of the drawing
    #[arg(long, value_enum, default_value = "svg")]
    format: Format,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Draw variables, locals, outputs, providers and data sources too, not only resources
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For Markdown
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture for browsers
    Svg,
}

pub(crate) fn run(arguments: &GraphArguments, start: &Start) -> Result<(), CommandError> {
    let settings = arguments.settings.load(start)?;
    let graph = declare(&settings, &Artifacts::none())
        .graph()
        .only(|node| arguments.all || node.kind() == BlockKind::Resource)
        .group_by(group);
    let drawn = draw(&graph, arguments.format);
    let Some(path) = &arguments.output else {
        say(drawn);
        return Ok(());
    };
    fs::write(path, format!("{drawn}\n")).map_err(|source| CommandError::Drawing { path: path.clone(), source })?;
    say(format!("{}: {} blocks, {} references", path.display(), graph.nodes().len(), graph.edges().len()));
    Ok(())
}

/// Without the newline at the end.
fn draw(graph: &Graph, format: Format) -> String {
    let mut text = match format {
        Format::Mermaid => graph.to_mermaid(),
        Format::Dot => graph.to_dot(),
        Format::Svg => graph.to_svg(),
    };
    text.truncate(text.trim_end().len());
    text
}

/// The service; for blocks without one what kind of block it is.
fn group(node: &Node) -> String {
    match service::of(node.type_name()) {
        Some(service) => service.to_owned(),
        None => node.group().to_owned(),
    }
}
