//! Every kind of mistake is found, with the Rust line and the remedy; all of them at once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use tfdsl::{
    Body, Expr, Finding, Stack, Value, block, body, call, cat, json_encode, kind, list, local, var,
};

kind! {
    Queue = "example_queue" { arn, url }
    Topic = "example_topic" { arn }
    Region = data "example_region" { name }
}

/// The findings of a stack that has some.
fn findings(stack: &Stack) -> Vec<Finding> {
    stack.synth().unwrap_err().iter().cloned().collect()
}

/// The only finding of a stack: address, what, remedy.
fn only(stack: &Stack) -> (String, String, String) {
    let found = findings(stack);
    assert_eq!(found.len(), 1, "{found:#?}");
    let Finding {
        address,
        what,
        remedy,
        place,
        ..
    } = found[0].clone();
    assert_eq!(place.file(), file!());
    (address, what, remedy)
}

#[track_caller]
fn assert_only(stack: &Stack, address: &str, what: &str, remedy: &str) {
    let found = only(stack);
    assert_eq!((found.0.as_str(), found.1.as_str()), (address, what));
    assert!(found.2.contains(remedy), "remedy is: {}", found.2);
}

#[test]
fn all_mistakes_are_reported_at_once_in_declaration_order_like_rustc_does() {
    let mut stack = Stack::new();
    let _: Queue = stack.resource("1st", body! { name: local("nmae") });
    stack.local("name", "x");
    let line = line!() + 1;
    stack.output("name", var("missing"));

    let text = stack.synth().unwrap_err().to_string();

    let here = file!();
    assert_eq!(text.matches("error: ").count(), 3);
    assert!(text.starts_with(&format!(
        "error: example_queue.1st: invalid name `1st`\n  --> {here}:{}:26\n  help: a name is letters, digits, `_` and `-`, and does not \
         begin with a digit: for example `_1st`\n\n",
        line - 3
    )), "{text}");
    assert!(text.contains(&format!(
        "error: example_queue.1st: refers to `local.nmae`, which is not declared\n  --> {here}:{}:50\n  help: did you mean `local.name`?\n\n",
        line - 3
    )), "{text}");
    assert!(text.ends_with(&format!(
        "error: output.name: refers to `var.missing`, which is not declared\n  --> {here}:{line}:11\n  help: declare it in this stack, or \
         take the handle that declaring it returned"
    )), "{text}");
}

#[test]
fn an_address_is_declared_once() {
    let mut stack = Stack::new();
    let first = line!() + 1;
    let _: Queue = stack.resource("a", body! {});
    let _: Queue = stack.resource("a", body! {});
    let _: Topic = stack.resource("a", body! {});
    assert_only(
        &stack,
        "example_queue.a",
        "declared twice",
        &format!("the first is at {}:{first}:26", file!()),
    );

    let mut stack = Stack::new();
    stack.variable("a", body! {});
    stack.variable("a", body! {});
    stack.local("a", 1);
    stack.local("a", 2);
    stack.output("a", 1);
    stack.output("a", 2);
    stack.provider("p", body! {});
    stack.provider("p", body! { alias: "x" });
    stack.provider("p", body! {});
    stack.required_version("> 1");
    stack.required_version("> 2");
    let addresses: Vec<String> = findings(&stack)
        .into_iter()
        .map(|finding| finding.address)
        .collect();
    assert_eq!(
        addresses,
        [
            "var.a",
            "local.a",
            "output.a",
            "p",
            "terraform.required_version"
        ]
    );
}

#[test]
fn a_key_stands_once_in_a_body_at_any_depth() {
    let mut stack = Stack::new();
    stack.local("a", body! { x: 1, y: [body! { z: 1, z: 2 }] });
    assert_only(
        &stack,
        "local.a",
        "duplicate key `z`",
        "remove one of the two",
    );

    let mut stack = Stack::new();
    stack.local("a", json_encode(body! { x: 1, "x": 2 }));
    assert_only(
        &stack,
        "local.a",
        "duplicate key `x`",
        "remove one of the two",
    );

    let mut stack = Stack::new();
    let mut body = Body::new();
    body.insert("name", 1);
    let line = line!() + 1;
    body.insert("name", 2);
    let _: Queue = stack.resource("a", body);
    let found = findings(&stack);
    assert_eq!((found[0].place.line(), found[0].place.column()), (line, 10));
    assert!(
        found[0]
            .remedy
            .ends_with(&format!("the first is at {}:{}:10", file!(), line - 2))
    );
}

#[test]
fn names_are_ones_that_terraform_takes() {
    for name in ["", "1a", "a b", "a.b", "a/b", "ä!", "${a}"] {
        let mut stack = Stack::new();
        stack.local(name, 1);
        assert!(only(&stack).1.starts_with("invalid name"), "{name}");
    }
    let mut stack = Stack::new();
    for name in ["a", "_a", "a-1", "A_b", "größe"] {
        stack.local(name, 1);
    }
    stack.synth().unwrap();

    let mut stack = Stack::new();
    stack.variable("count", body! {});
    assert_only(
        &stack,
        "var.count",
        "`count` is a word that Terraform keeps for itself",
        "another name",
    );

    let mut stack = Stack::new();
    let _: Queue = stack.resource("a", body! { "not a name": 1 });
    assert_only(
        &stack,
        "example_queue.a",
        "invalid argument name `not a name`",
        "letters",
    );

    let mut stack = Stack::new();
    let queue: Queue = stack.resource("a", body! {});
    stack.output("a", queue.attr("a[0]"));
    assert_only(
        &stack,
        "output.a",
        "invalid attribute name `a[0]`",
        ".index(0)",
    );
}

#[test]
fn a_reference_names_a_declared_block_wherever_it_stands() {
    let missing = || Queue::named("gone");
    let places: [(&str, Value); 9] = [
        ("value", missing().arn().into()),
        ("template", cat!["a", missing().arn()].into()),
        ("key", body! { (cat!["a", missing().arn()]): 1 }.into()),
        ("argument", call("upper", [missing().arn()]).into()),
        (
            "nested",
            list![body! { a: json_encode(body! { b: [missing().arn()] }) }],
        ),
        ("operand", Expr::literal(1).add(missing().arn()).into()),
        ("index", local("map").key(missing().arn()).into()),
        (
            "raw",
            Expr::raw("join(\"-\", [for q in example_queue.gone : q.arn])").into(),
        ),
        (
            "raw in a string",
            Expr::raw("\"a ${example_queue.gone.arn} b\"").into(),
        ),
    ];
    for (position, value) in places {
        let mut stack = Stack::new();
        let _: Queue = stack.resource("gome", body! {});
        stack.local("map", body! {});
        stack.output("o", value);
        let found = only(&stack);
        assert_eq!(
            found.1, "refers to `example_queue.gone`, which is not declared",
            "{position}"
        );
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
    let _: Queue = stack.resource(
        "a",
        body! { depends_on: ["example_topic.b", "data.example_region.c"] },
    );
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
    stack
        .synth()
        .unwrap_or_else(|findings| panic!("{findings}"));
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
    stack.check("up", body! {
        data: body! { example_region: body! { here: body! {} } },
        assert: block(body! { condition: Region::named("here").name().ne(""), error_message: "Down." }),
    });
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
    assert_only(
        &stack,
        "example_queue.a",
        "depends on itself: example_queue.a -> example_queue.a",
        "cut",
    );

    let mut stack = Stack::new();
    let queue: Queue = stack.resource("a", body! {});
    stack.provider("example", body! { url: queue.url() });
    assert_only(
        &stack,
        "example_queue.a",
        "depends on itself: example_queue.a -> example -> example_queue.a",
        "cut",
    );
}

#[test]
fn a_way_through_a_module_or_a_validation_of_itself_is_no_cycle() {
    let mut stack = Stack::new();
    let module = stack.module("m", body! { source: "./m", arn: Queue::named("a").arn() });
    let _: Queue = stack.resource("a", body! { x: module.output("y") });
    stack.variable(
        "v",
        body! { validation: block(body! { condition: var("v").ne(""), error_message: "Empty." }) },
    );
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
fn an_expression_where_terraform_evaluates_none_is_refused() {
    let declare: [fn(&mut Stack); 6] = [
        |stack| stack.backend("s3", body! { bucket: local("l") }),
        |stack| drop(stack.variable("v", body! { default: cat!["a", local("l")] })),
        |stack| stack.output_with("o", body! { value: 1, description: cat!["a", local("l")] }),
        |stack| drop(stack.module("m", body! { source: local("l") })),
        |stack| drop(stack.resource::<Queue>("q", body! { depends_on: [cat!["a", local("l")]] })),
        |stack| stack.required_provider_with("p", body! { source: local("l") }),
    ];
    for declare in declare {
        let mut stack = Stack::new();
        stack.local("l", 1);
        declare(&mut stack);
        assert_eq!(
            only(&stack).1,
            "an expression where Terraform evaluates none"
        );
    }
}

#[test]
fn numbers_are_finite() {
    for number in [f64::NAN, f64::INFINITY] {
        let mut stack = Stack::new();
        stack.output("o", number);
        assert!(
            only(&stack)
                .1
                .ends_with("is not a number that Terraform has")
        );
        let mut stack = Stack::new();
        stack.output("o", json_encode(number));
        assert!(
            only(&stack)
                .1
                .ends_with("is not a number that Terraform has")
        );
    }
}

#[test]
fn misspelt_and_missing_arguments_of_terraforms_own_blocks_are_found() {
    let mut stack = Stack::new();
    stack.variable("v", body! { defualt: 1 });
    assert_only(
        &stack,
        "var.v",
        "unknown argument `defualt`",
        "did you mean `default`?",
    );
    let mut stack = Stack::new();
    stack.output_with("o", body! { description: "d" });
    assert_only(&stack, "output.o", "no `value`", "add");
    let mut stack = Stack::new();
    stack.module("m", body! {});
    assert_only(&stack, "module.m", "no `source`", "./modules");
    let mut stack = Stack::new();
    stack.import(body! { id: "x", too: "y" });
    assert_eq!(findings(&stack).len(), 2);
}

#[test]
fn a_failing_synth_writes_nothing() {
    let mut stack = Stack::new();
    stack.output("o", var("missing"));
    assert!(
        stack.synth().is_err(),
        "there is nothing that could be written"
    );
}

#[test]
fn a_finding_about_an_argument_has_the_place_of_its_key() {
    let mut stack = Stack::new();
    let line = line!();
    let _: Queue = stack.resource(
        "a",
        body! {
            fine: 1,
            nested: block(body! {
                wrong: var("gone"), Upper: var("gone"),
            }),
            "quoted": var("gone"),
        },
    );
    let places: Vec<(u32, u32)> = findings(&stack)
        .iter()
        .map(|finding| (finding.place.line() - line, finding.place.column()))
        .collect();
    assert_eq!(places, [(6, 17), (6, 37), (3, 9)]);
}
