//! What must hold for every resource of this stack, checked at synth: a name carries the environment suffix, so that
//! environments cannot collide.

use tfdsl::BlockView;

use super::context::Context;

/// Arguments that name something in AWS, whichever the type.
const NAME_ARGUMENTS: [&str; 6] = [
    "name",
    "function_name",
    "bucket",
    "alarm_name",
    "stage_name",
    "statement_id",
];
/// How the suffix appears in a rendered name.
const SUFFIX_REFERENCE: &str = "${var.environment_suffix}";

pub(super) fn register(context: &mut Context<'_>) {
    context.stack.rule(
        "a name must carry the environment suffix",
        name_without_suffix,
    );
}

fn name_without_suffix(block: &BlockView<'_>) -> Option<String> {
    block.resource_type()?;
    NAME_ARGUMENTS.iter().find_map(|argument| {
        let name = block.rendered(argument)?.as_str()?;
        // An argument may also refer to the resource that has the name.
        let refers = name.starts_with("${aws_") && name.ends_with('}');
        (!refers && !name.contains(SUFFIX_REFERENCE))
            .then(|| format!("`{argument}` is {name}: make it with `context.names`"))
    })
}
