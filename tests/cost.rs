//! The figures of `docs/cost.md` against the table of prices and the synthesized document, and (with the feature
//! `end-to-end`) the table's constants against the real functions.
//!
//! After an intended change: `./just golden` writes the tables anew and shows the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "end-to-end")]
#[path = "../lambdas/functions/tests/support/mod.rs"]
mod support;

use std::path::Path;

use hookline_stack::cost::{self, total};
use hookline_tests::document::Document;

const BEGIN: &str = "<!-- the tables are written by tests/cost.rs -->\n";
const END: &str = "\n<!-- end of the tables -->";

#[test]
fn the_page_has_the_figures_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cost.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("docs/cost.md has the place for the tables");
    let (tables, after) = rest.split_once(END).expect("the tables have an end");
    let costs = cost::of(Document::of_defaults().main());
    let expected = costs.markdown();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(tables, expected);
    let provider = per_provider();
    for figure in [
        format!("about ${:.1}0 per million", total(&costs.per_million)),
        format!("**${:.0} for the move", total(&costs.glacier)),
        format!("${provider:.2} a month for each provider"),
        format!("about ${:.2} more per million", receives("[processing]\nbatch_size = 1") - receives("")),
    ] {
        assert!(after.contains(&figure) || before.contains(&figure), "docs/cost.md does not say: {figure}");
    }
    let in_short = format!(
        "about ${:.1}0 per million webhooks, plus ${:.0} for the move to Glacier",
        total(&costs.per_million),
        total(&costs.glacier)
    );
    assert!(include_str!("../README.md").contains(&in_short), "the README does not say: {in_short}");
}

/// What a million webhooks cost at the queue that is worked off in batches.
fn receives(config: &str) -> f64 {
    let items = cost::of(Document::of(config).main()).per_million;
    let queue: Vec<_> = items.into_iter().filter(|item| item.what.starts_with("SQS, send, and receive")).collect();
    assert_eq!(queue.len(), 1);
    total(&queue)
}

/// What one more provider costs a month.
fn per_provider() -> f64 {
    let monthly = |config: &str| {
        let costs = cost::of(Document::of(config).main());
        total(&costs.idle) + total(&costs.active)
    };
    monthly("[providers.stripe]\n[providers.square]") - monthly("[providers.stripe]")
}

#[test]
fn every_price_has_a_source_and_every_quantity_is_there() {
    let costs = cost::of(Document::of_defaults().main());
    for item in costs.per_million.iter().chain(&costs.glacier).chain(&costs.idle) {
        assert!(item.quantity > 0.0 && item.price > 0.0 && !item.source.is_empty(), "{item:?}");
    }
}

#[test]
fn what_the_document_says_decides_what_it_costs() {
    let of = |config: &str| cost::of(Document::of(config).main());
    let defaults = of("");
    assert!(total(&of("[deployment]\narchitecture = \"arm64\"").per_million) < total(&defaults.per_million));
    assert!(total(&of("[processing]\nbatch_size = 1").per_million) > total(&defaults.per_million) + 0.8);
    assert!(total(&of("[subscribers]\nfifo = false").per_million) < total(&defaults.per_million));
    let silent = of("[observability]\nalarms = false");
    assert!(total(&silent.idle) < total(&defaults.idle) - 1.0);
    assert!(
        (per_provider() - 0.90).abs() < 1e-9,
        "a secret, an alarm on two metrics, one custom metric: {}",
        per_provider()
    );
}

#[cfg(feature = "end-to-end")]
#[tokio::test]
async fn the_log_lines_and_the_record_of_a_webhook_are_no_larger_than_the_table_assumes() {
    use hookline_stack::cost::{LOG_BYTES, RECORD_BYTES};

    let system = support::System::new();
    // An id as long as Stripe's.
    let sent = support::sender::stripe(&system.world, "evt_1MqqbKLt4dXK03v5qaIbiNCC");
    assert_eq!(system.deliver(&sent).await.status_code, 200);
    while system.process().await.is_some() {}
    let lines = system.world.lines.borrow();
    assert_eq!(lines.len(), 2, "one line of each function: {lines:?}");
    #[expect(clippy::cast_precision_loss, reason = "a few hundred bytes")]
    let bytes = lines.iter().map(String::len).sum::<usize>() as f64;
    assert!((0.7 * LOG_BYTES..=LOG_BYTES).contains(&bytes), "{bytes} bytes: set LOG_BYTES");
    let records = system.world.records.borrow();
    let item = serde_json::to_string(records.values().next().unwrap()).unwrap();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred bytes")]
    let bytes = item.len() as f64;
    assert!(bytes < RECORD_BYTES, "{bytes} bytes: {item}");
}
