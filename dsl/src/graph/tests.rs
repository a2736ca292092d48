//! Golden drawings of a small graph, and what must hold for every graph.
//!
//! After a wanted change: `TFDSL_BLESS=1 cargo test -p tfdsl graph`, then look at the pictures.

use super::*;
use crate::{Expr, Stack, body, kind};

kind! {
    Queue = "aws_sqs_queue" { arn, url }
    Function = "aws_lambda_function" { arn }
    Mapping = "aws_lambda_event_source_mapping" {}
    Alarm = "aws_cloudwatch_metric_alarm" { arn }
    Region = data "aws_region" { name }
}

/// A queue, a function that reads it, and an alarm, as in a small stack.
fn small() -> Stack {
    let mut stack = Stack::new();
    stack.provider("aws", body! {});
    let suffix = stack.variable("suffix", body! { type: "string" });
    let region: Region = stack.data("here", body! {});
    let name = stack.local("name", Expr::raw("\"orders-${var.suffix}\""));
    let dead: Queue = stack.resource("dead", body! { name: &suffix });
    let orders: Queue = stack.resource("orders", body! { name: &name, redrive_policy: dead.arn() });
    let reader: Function =
        stack.resource("reader", body! { environment: body! { QUEUE: orders.url(), REGION: region.name() } });
    let _: Mapping = stack.resource(
        "orders",
        body! { source: orders.arn(), target: reader.arn(), depends_on: [dead.address(), orders.address()] },
    );
    let _: Alarm = stack.resource("late", body! { queue: Expr::raw("aws_sqs_queue.dead.name") });
    stack.output("url", orders.url());
    stack
}

fn service(node: &Node) -> &'static str {
    match node.type_name() {
        name if name.starts_with("aws_sqs") => "SQS",
        name if name.starts_with("aws_lambda") => "Lambda",
        _ => "Everything else <&\">",
    }
}

fn edges(graph: &Graph) -> Vec<String> {
    graph
        .edges()
        .iter()
        .map(|edge| {
            let arrow = match edge.kind {
                EdgeKind::Reference => "->",
                EdgeKind::DependsOn => "..>",
            };
            let (from, to) = (&graph.nodes()[edge.from], &graph.nodes()[edge.to]);
            format!("{} {arrow} {}", from.address(), to.address())
        })
        .collect()
}

fn assert_golden(file: &str, drawn: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/graph/golden").join(file);
    if std::env::var_os("TFDSL_BLESS").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert_eq!(drawn, golden, "{file} is not drawn as before");
}

#[test]
fn the_graph_holds_every_block_and_every_reference_once() {
    let graph = small().graph();
    assert_eq!(graph.nodes().len(), 10);
    assert_eq!(
        edges(&graph),
        [
            "local.name -> var.suffix",
            "aws_sqs_queue.dead -> var.suffix",
            "aws_sqs_queue.orders -> local.name",
            "aws_sqs_queue.orders -> aws_sqs_queue.dead",
            "aws_lambda_function.reader -> data.aws_region.here",
            "aws_lambda_function.reader -> aws_sqs_queue.orders",
            "aws_lambda_event_source_mapping.orders ..> aws_sqs_queue.dead",
            "aws_lambda_event_source_mapping.orders -> aws_sqs_queue.orders",
            "aws_lambda_event_source_mapping.orders -> aws_lambda_function.reader",
            "aws_cloudwatch_metric_alarm.late -> aws_sqs_queue.dead",
            "output.url -> aws_sqs_queue.orders",
        ]
    );
}

#[test]
fn blocks_that_are_left_out_pass_on_what_they_refer_to() {
    let graph = small().graph().only(|node| matches!(node.kind(), BlockKind::Output | BlockKind::Variable));
    assert_eq!(edges(&graph), ["output.url -> var.suffix"]);
    let groups: Vec<&str> = graph.nodes().iter().map(Node::group).collect();
    assert_eq!(groups, ["var", "output"]);
}

#[test]
fn a_small_graph_is_drawn_as_it_always_was() {
    let graph = small().graph().group_by(service);
    assert_golden("small.mmd", &graph.to_mermaid());
    assert_golden("small.dot", &graph.to_dot());
    assert_golden("small.svg", &graph.to_svg());
}

#[test]
fn labels_cannot_break_out_of_any_format() {
    let graph = small().graph().group_by(|_| "a\"]\n  end\\ </text><script> & #quot; `b`");
    assert!(
        graph
            .to_mermaid()
            .contains("subgraph g0[\"a#34;]   end#92; #60;/text#62;#60;script#62; #38; #35;quot#59; #96;b#96;\"]")
    );
    assert!(graph.to_dot().contains("label=\"a\\\"]   end\\\\ </text><script> & #quot; `b`\";"));
    assert!(graph.to_svg().contains(">a&quot;]   end\\ &lt;/text&gt;&lt;script&gt; &amp; #quot; `b`</text>"));
}

#[test]
fn blocks_do_not_overlap_and_arrows_touch_none_that_they_pass() {
    let graph = small().graph().group_by(service);
    let layout = layout::Layout::of(&graph);
    for (position, one) in layout.boxes.iter().enumerate() {
        for other in &layout.boxes[position + 1..] {
            let apart =
                one.right() <= other.x || other.right() <= one.x || one.bottom() <= other.y || other.bottom() <= one.y;
            assert!(apart, "{one:?} {other:?}");
        }
    }
    for (edge, points) in graph.edges().iter().zip(route::routes(&graph, &layout)) {
        assert!(layout.column[edge.from] < layout.column[edge.to]);
        // Inner points come in pairs: both ends of a column that is passed.
        for pair in points[1..points.len() - 1].chunks(2) {
            let crossed = layout
                .boxes
                .iter()
                .any(|rect| rect.x == pair[0].0 && rect.y <= pair[0].1 && pair[0].1 <= rect.bottom());
            assert!(!crossed, "{edge:?} {pair:?}");
        }
    }
}

#[test]
fn an_empty_graph_and_one_with_a_circle_are_drawn_too() {
    assert!(Stack::new().graph().to_svg().ends_with("</svg>\n"));
    assert_eq!(Stack::new().graph().to_mermaid(), "flowchart LR\n");

    let mut stack = Stack::new();
    for (name, next) in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "d")] {
        let _: Queue = stack.resource(name, body! { next: Queue::named(next).arn() });
    }
    let graph = stack.graph();
    assert_eq!(graph.edges().len(), 3, "{:?}", edges(&graph));
    assert_eq!(graph.to_svg().matches("class=\"edge\"").count(), 3);
}
