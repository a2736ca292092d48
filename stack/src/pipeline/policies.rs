//! What must hold for every resource of this stack, checked at synth: a name carries the environment suffix, so that
//! environments cannot collide; and nothing is larger than AWS takes it, whatever suffix, region and account it gets.

use tfdsl::BlockView;

use super::context::Context;
use crate::aws::limits::{LIMITS, RULES_PER_BUS, measure};

/// Arguments that name something in AWS, whichever the type.
const NAME_ARGUMENTS: [&str; 6] = ["name", "function_name", "bucket", "alarm_name", "stage_name", "statement_id"];
/// How the suffix appears in a rendered name.
const SUFFIX_REFERENCE: &str = "${var.environment_suffix}";

pub(super) fn register(context: &mut Context<'_>) {
    context.stack.rule("a name must carry the environment suffix", name_without_suffix);
    context.stack.rule(
        "nothing may become larger than AWS takes it: shorten it, or divide it so that it does not grow with the providers",
        larger_than_aws_takes,
    );
    let providers = context.settings.providers.len();
    context.stack.rule(
        "a bus has a rule per provider: divide the providers among environments, or have the quota raised and RULES_PER_BUS with it",
        move |block| more_rules_than_a_bus_has(block, providers),
    );
}

fn larger_than_aws_takes(block: &BlockView<'_>) -> Option<String> {
    let resource_type = block.resource_type()?;
    let limits = LIMITS.iter().filter(|limit| limit.resource_type == resource_type);
    limits.into_iter().find_map(|limit| {
        let argument = limit.argument.trim_start_matches('/');
        match measure(block.json().pointer(limit.argument)?) {
            Ok(size) => (size > limit.most)
                .then(|| format!("`{argument}` can have {size} bytes, AWS takes {} ({})", limit.most, limit.source)),
            Err(error) => Some(format!("`{argument}`: {error}")),
        }
    })
}

fn more_rules_than_a_bus_has(block: &BlockView<'_>, rules: usize) -> Option<String> {
    (block.resource_type()? == "aws_cloudwatch_event_bus" && rules > RULES_PER_BUS)
        .then(|| format!("it would have {rules} rules, AWS allows {RULES_PER_BUS} (EventBridge quotas, \"Rules\")"))
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

#[cfg(test)]
mod tests {
    use tfdsl::{Stack, body};

    use super::larger_than_aws_takes;
    use crate::aws::kinds::{IamRolePolicy, LambdaFunction, SqsQueuePolicy};
    use crate::aws::policy::{Statement, document};

    fn findings(declare: impl FnOnce(&mut Stack)) -> String {
        let mut stack = Stack::new();
        stack.rule("nothing may become larger", larger_than_aws_takes);
        declare(&mut stack);
        stack.synth().map_or_else(|findings| findings.to_string(), |_| String::new())
    }

    /// What 0.1 did with 60, 74 and 100 providers: a list that grows with them.
    #[test]
    fn a_policy_or_an_environment_that_aws_would_refuse_is_found_at_its_rust_line() {
        let arns = |count: usize| {
            (0..count).map(|index| {
                format!("arn:aws:sqs:us-east-1:123456789012:webhook-{index:04}-with-a-name-of-some-length")
            })
        };
        let policy = |count| document([Statement::allow("A", ["sqs:SendMessage"]).on(arns(count))]);
        assert_eq!(
            findings(|stack| {
                let _: SqsQueuePolicy = stack.resource("fits", body! { policy: policy(90) });
            }),
            ""
        );
        let found = findings(|stack| {
            let _: SqsQueuePolicy = stack.resource("large", body! { policy: policy(110) });
        });
        assert!(found.contains("aws_sqs_queue_policy.large: `policy` can have 8"), "{found}");
        assert!(found.contains("AWS takes 8192 (SQS quotas"), "{found}");
        assert!(found.contains("policies.rs:"), "{found}");
        let found = findings(|stack| {
            let _: IamRolePolicy = stack.resource("large", body! { policy: policy(140) });
        });
        assert!(found.contains("AWS takes 10240"), "{found}");
        let variables = body! { LIST: "x".repeat(4_093) };
        let found = findings(|stack| {
            let _: LambdaFunction =
                stack.resource("large", body! { environment: tfdsl::block(body! { variables: variables }) });
        });
        assert!(found.contains("can have 4097 bytes, AWS takes 4096"), "{found}");
    }
}
