//! References, in handles and in raw code; and the cycles they make.

use tfdsl::{Expr, Stack, Value, block, body, call, cat, json_encode, list, local, var};

use crate::{Queue, Region, assert_only, findings, only};

#[test]
fn a_reference_names_a_declared_block_wherever_it_stands() {
    let missing = || Queue::named("gone");
    let places: [(&str, Value); 9] = [
        ("value", missing().arn().into()),
        ("template", cat!["a", missing().arn()].into()),
        ("key", body! { (cat!["a", missing().arn()]): 1 }.into()),
        ("argument", call("upper", [missing().arn()]).into()),
        ("nested", list![body! { a: json_encode(body! { b: [missing().arn()] }) }]),
        ("operand", Expr::literal(1).add(missing().arn()).into()),
        ("index", local("map").key(missing().arn()).into()),
        ("raw", Expr::raw("join(\"-\", [for q in example_queue.gone : q.arn])").into()),
        ("raw in a string", Expr::raw("\"a ${example_queue.gone.arn} b\"").into()),
    ];
    for (position, value) in places {
        let mut stack = Stack::new();
        let _: Queue = stack.resource("gome", body! {});
        stack.local("map", body! {});
        stack.output("o", value);
        let found = only(&stack);
        assert_eq!(found.1, "refers to `example_queue.gone`, which is not declared", "{position}");
        assert_eq!(found.2, "did you mean `example_queue.gome`?", "{position}");
    }
}

#[test]
fn references_of_every_kind_are_looked_up_in_handles_and_in_raw_code() {
    for code in [
        "var.a",
        "local.a",
        "module.a.b",
        "data.example_region.a.name",
        "ephemeral.example_secret.a.value",
        "example_queue.a",
    ] {
        let mut stack = Stack::new();
        stack.output("o", Expr::raw(code));
        assert!(only(&stack).1.contains("is not declared"), "{code}");
    }
    let mut stack = Stack::new();
    stack.output("o", Region::named("here").name());
    assert!(only(&stack).1.contains("`data.example_region.here`"));

    let mut stack = Stack::new();
    let _: Queue = stack.resource("a", body! { depends_on: ["example_topic.b", "data.example_region.c"] });
    assert_eq!(findings(&stack).len(), 2);
}

#[test]
fn raw_code_may_use_words_that_are_no_references() {
    let mut stack = Stack::new();
    stack.local("items", [1]);
    for (number, code) in [
        "path.module",
        "terraform.workspace",
        "each.value.name",
        "count.index",
        "self.arn",
        "[for item_of in local.items : item_of.name if item_of.size > 1.5]",
        "{ for key_a, value_b in local.items : key_a.x => value_b.y... }",
        "\"example_queue.a $${var.x} %%{var.y} \\\"${local.items}\\\"\"",
        "provider::example::parse(local.items).region",
        "some_setting.value",
        "try(local.items[0].example_a.b, null) # var.comment",
        "local.items /* var.comment */",
    ]
    .into_iter()
    .enumerate()
    {
        stack.output(&format!("o{number}"), Expr::raw(code));
    }
    stack.synth().unwrap_or_else(|findings| panic!("{findings}"));
}

#[test]
fn raw_code_is_complete() {
    for code in ["join(\"a\", [", "a)", "\"a", "{ a = 1", "\"${a\"", "} ${"] {
        let mut stack = Stack::new();
        stack.output("o", Expr::raw(code));
        assert!(only(&stack).1.starts_with("raw expression"), "{code}");
    }
}

#[test]
fn a_check_may_have_a_data_source_of_its_own() {
    let mut stack = Stack::new();
    stack.check(
        "up",
        body! {
            data: body! { example_region: body! { here: body! {} } },
            assert: block(body! { condition: Region::named("here").name().ne(""), error_message: "Down." }),
        },
    );
    stack.synth().unwrap();
    stack.output("o", Region::named("here").name());
    assert_eq!(findings(&stack).len(), 1);
}

#[test]
fn a_dependency_cycle_is_shown_with_its_path() {
    let mut stack = Stack::new();
    let _: Queue = stack.resource("a", body! { x: Queue::named("b").arn() });
    let _: Queue = stack.resource("b", body! { x: local("c") });
    stack.local("c", Expr::raw("example_queue.a.arn"));
    stack.output("o", local("c"));
    assert_only(
        &stack,
        "example_queue.a",
        "depends on itself: example_queue.a -> example_queue.b -> local.c -> example_queue.a",
        "cut one of these references",
    );

    let mut stack = Stack::new();
    let _: Queue = stack.resource("a", body! { x: Queue::named("a").arn() });
    assert_only(&stack, "example_queue.a", "depends on itself: example_queue.a -> example_queue.a", "cut");

    let mut stack = Stack::new();
    let queue: Queue = stack.resource("a", body! {});
    stack.provider("example", body! { url: queue.url() });
    assert_only(&stack, "example_queue.a", "depends on itself: example_queue.a -> example -> example_queue.a", "cut");
}

#[test]
fn a_way_through_a_module_or_a_validation_of_itself_is_no_cycle() {
    let mut stack = Stack::new();
    let module = stack.module("m", body! { source: "./m", arn: Queue::named("a").arn() });
    let _: Queue = stack.resource("a", body! { x: module.output("y") });
    stack.variable("v", body! { validation: block(body! { condition: var("v").ne(""), error_message: "Empty." }) });
    stack.synth().unwrap();
}

#[test]
fn a_long_chain_of_references_needs_no_deep_stack() {
    let mut stack = Stack::new();
    for number in 0..100_000 {
        stack.local(&format!("l{number}"), local(&format!("l{}", number + 1)));
    }
    stack.local("l100000", 1);
    stack.synth().unwrap();
}

#[test]
fn a_block_is_never_proposed_to_itself() {
    let mut stack = Stack::new();
    let _: Queue = stack.resource("order", body! { source: Queue::named("orders").arn() });
    assert!(only(&stack).2.starts_with("declare it in this stack"));

    let mut stack = Stack::new();
    let _: Queue = stack.resource("order", body! { source: Queue::named("orders").arn() });
    let _: Queue = stack.resource("ordrs", body! { source: Queue::named("orders").arn() });
    let remedies: Vec<String> = findings(&stack).into_iter().map(|finding| finding.remedy).collect();
    assert_eq!(remedies, ["did you mean `example_queue.ordrs`?", "did you mean `example_queue.order`?"]);

    let mut stack = Stack::new();
    stack.variable("env", body! { validation: block(body! { condition: var("evn").ne(""), error_message: "Empty." }) });
    assert!(only(&stack).2.contains("`var.env`"), "a validation is about its own variable");
}
