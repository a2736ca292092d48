//! Rules that the stack's author adds.

use super::{Report, Subject};
use crate::block::BlockView;

type Judge = Box<dyn Fn(&BlockView<'_>) -> Option<String> + Send + Sync>;

/// A named rule.
pub(crate) struct Rule {
    name: String,
    judge: Judge,
}

impl Rule {
    pub(crate) fn new(name: String, judge: Judge) -> Self {
        Self { name, judge }
    }
}

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for rule in &subject.stack.rules {
        for ((position, block), json) in subject.blocks().zip(subject.bodies) {
            let view = BlockView { address: &block.address, json, place: block.place };
            if let Some(what) = (rule.judge)(&view) {
                report.add(position, block, block.place, what, format!("rule: {}", rule.name));
            }
        }
    }
}
