//! Addresses, names, keys and values; and the rules of the stack.

use tfdsl::{Body, Stack, block, body, cat, json_encode, local, var};

use crate::{Queue, Topic, assert_only, findings, only};

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
