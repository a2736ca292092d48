//! Addresses, names, keys and values; and the rules of the stack.

use tfdsl::{
    Body, Expr, Stack, Value, block, body, call, cat, dynamic, for_list, for_map, json_encode, list, local, var,
    verbatim, when,
};

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
    assert_only(&stack, "example_queue.a", "declared twice", &format!("the first is at {}:{first}:26", file!()));

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
    let addresses: Vec<String> = findings(&stack).into_iter().map(|finding| finding.address).collect();
    assert_eq!(addresses, ["var.a", "local.a", "output.a", "p", "terraform.required_version"]);
}

#[test]
fn a_key_stands_once_in_a_body_at_any_depth() {
    let mut stack = Stack::new();
    stack.local("a", body! { x: 1, y: [body! { z: 1, z: 2 }] });
    assert_only(&stack, "local.a", "duplicate key `z`", "remove one of the two");

    let mut stack = Stack::new();
    stack.local("a", json_encode(body! { x: 1, "x": 2 }));
    assert_only(&stack, "local.a", "duplicate key `x`", "remove one of the two");

    let mut stack = Stack::new();
    let mut body = Body::new();
    body.insert("name", 1);
    let line = line!() + 1;
    body.insert("name", 2);
    let _: Queue = stack.resource("a", body);
    let found = findings(&stack);
    assert_eq!((found[0].place.line(), found[0].place.column()), (line, 10));
    assert!(found[0].remedy.ends_with(&format!("the first is at {}:{}:10", file!(), line - 2)));
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
    assert_only(&stack, "var.count", "`count` is a word that Terraform keeps for itself", "another name");

    let mut stack = Stack::new();
    let _: Queue = stack.resource("a", body! { "not a name": 1 });
    assert_only(&stack, "example_queue.a", "invalid argument name `not a name`", "letters");

    let mut stack = Stack::new();
    let queue: Queue = stack.resource("a", body! {});
    stack.output("a", queue.attr("a[0]"));
    assert_only(&stack, "output.a", "invalid attribute name `a[0]`", ".index(0)");
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
        assert_eq!(only(&stack).1, "an expression where Terraform evaluates none");
    }
}

#[test]
fn numbers_are_finite() {
    for number in [f64::NAN, f64::INFINITY] {
        let mut stack = Stack::new();
        stack.output("o", number);
        assert!(only(&stack).1.ends_with("is not a number that Terraform has"));
        let mut stack = Stack::new();
        stack.output("o", json_encode(number));
        assert!(only(&stack).1.ends_with("is not a number that Terraform has"));
    }
}

#[test]
fn misspelt_and_missing_arguments_of_terraforms_own_blocks_are_found() {
    let mut stack = Stack::new();
    stack.variable("v", body! { defualt: 1 });
    assert_only(&stack, "var.v", "unknown argument `defualt`", "did you mean `default`?");
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
    assert!(stack.synth().is_err(), "there is nothing that could be written");
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
    let places: Vec<(u32, u32)> =
        findings(&stack).iter().map(|finding| (finding.place.line() - line, finding.place.column())).collect();
    assert_eq!(places, [(6, 17), (6, 37), (3, 9)]);
}

#[test]
fn an_address_where_a_value_belongs_is_refused_wherever_it_stands() {
    let address = || Queue::named("q").address();
    let first = line!();
    let places: [(&str, Value); 9] = [
        ("value", address().into()),
        ("list", [address()].into()),
        ("map", body! { role: address() }.into()),
        ("block", block(body! { role: address() })),
        ("argument", call("upper", [address()]).into()),
        ("document", json_encode(body! { Resource: [address()] }).into()),
        ("operand", Expr::literal(1).eq(address()).into()),
        ("index", local("l").index(address()).into()),
        ("template", cat!["a", Expr::from(address())].into()),
    ];
    for (position, value) in places {
        let mut stack = Stack::new();
        let _: Queue = stack.resource("q", body! {});
        stack.local("l", [1]);
        // A body has lines of its own; anything else has that of the argument it is given to.
        let lines = match position {
            "map" | "block" | "document" => first..=first + 11,
            _ => line!() + 2..=line!() + 2,
        };
        let _: Topic = stack.resource("t", body! { role: value });
        let found = findings(&stack);
        assert_eq!(found.len(), 1, "{position}: {found:#?}");
        assert_eq!(
            found[0].what,
            "the address `example_queue.q` where a value belongs: it would be nothing but its name, as text",
            "{position}"
        );
        assert!(found[0].remedy.contains(".attr(\"arn\")"), "{}", found[0].remedy);
        assert!(lines.contains(&found[0].place.line()), "{position}: {} in {lines:?}", found[0].place);
    }
    let mut stack = Stack::new();
    stack.variable("v", body! { default: address() });
    stack.output_with("o", body! { value: 1, description: address() });
    assert_eq!(findings(&stack).len(), 2);
}

#[test]
fn an_address_is_taken_where_terraform_wants_a_bare_reference() {
    let mut stack = Stack::new();
    let a: Queue = stack.resource("a", body! {});
    let west = stack.provider("example", body! { alias: "west" });
    let _: Topic = stack.resource(
        "b",
        body! {
            provider: west.address(),
            depends_on: list![a.address(), Expr::from(a.address())],
            lifecycle: block(body! { replace_triggered_by: [a.address()] }),
        },
    );
    stack.module("m", body! { source: "./m", providers: body! { example: west.address() }, depends_on: [a.address()] });
    stack.import(body! { to: a.address(), id: "x" });
    stack.output("name", a.address().to_string());
    let document = stack.synth().unwrap();
    assert_eq!(
        document.main_json()["resource"]["example_topic"]["b"]["depends_on"],
        serde_json::json!(["example_queue.a", "example_queue.a"])
    );
    let mut stack = Stack::new();
    let _: Topic = stack.resource("b", body! { depends_on: list![Expr::from(Queue::named("gone").address())] });
    assert!(only(&stack).1.contains("`example_queue.gone`, which is not declared"));
}

/// A stack that has one of each block that text could name.
fn stack_with_names() -> Stack {
    let mut stack = Stack::new();
    stack.variable("env", body! {});
    stack.local("team", "payments");
    stack.module("vpc", body! { source: "./vpc" });
    let _: crate::Region = stack.data("here", body! {});
    let _: Queue = stack.resource("q", body! {});
    stack
}

#[test]
fn text_that_names_something_of_the_stack_is_found_with_how_to_write_it() {
    for (text, names, instead) in [
        ("x-${var.env}", "var.env", "var(\"env\")"),
        ("${ local.team }", "local.team", "local(\"team\")"),
        ("${module.vpc.id}", "module.vpc.id", "module.output("),
        ("${data.example_region.here.name}", "data.example_region.here.name", "handle.attr("),
        ("arn: ${example_queue.q.arn}/*", "example_queue.q.arn", "handle.attr("),
        ("${upper(var.env)}", "var.env", "var("),
        ("%{ if var.env == \"a\" }b%{ endif }", "var.env", "var("),
        ("${aws:username} ${var.env}", "var.env", "var("),
        ("${each.key}", "each.key", "Expr::each_key()"),
        ("${each.value.name}", "each.value.name", "Expr::each_value()"),
        ("${count.index}", "count.index", "Expr::count_index()"),
        ("${path.module}/a.zip", "path.module", "Expr::path_module()"),
        ("${terraform.workspace}", "terraform.workspace", "Expr::workspace()"),
        ("${self.arn}", "self.arn", "Expr::itself().attr(\"arn\")"),
    ] {
        let first = line!();
        let places: [(&str, Value); 8] = [
            ("value", text.into()),
            ("list", [text].into()),
            ("key", body! { (text): 1 }.into()),
            ("argument", call("upper", [text]).into()),
            ("document", json_encode(body! { a: text }).into()),
            ("template", cat![text, Expr::raw("1")].into()),
            ("template in an argument", call("upper", [cat![text, Expr::raw("1")]]).into()),
            ("key in an argument", json_encode(body! { (text): 1 }).into()),
        ];
        for (position, value) in places {
            let mut stack = stack_with_names();
            let lines = match position {
                "key" | "document" | "key in an argument" => first..=first + 10,
                _ => line!() + 2..=line!() + 2,
            };
            stack.output_with("o", body! { value: value });
            let found = findings(&stack);
            assert_eq!(found.len(), 1, "{position}: {found:#?}");
            assert_eq!(
                found[0].what,
                format!("the text `${{{names}}}` is not evaluated: a Rust string arrives as it is"),
                "{position}"
            );
            assert!(found[0].remedy.contains(instead), "{}", found[0].remedy);
            assert!(found[0].remedy.contains("`verbatim("), "{}", found[0].remedy);
            assert!(lines.contains(&found[0].place.line()), "{position}: {} in {lines:?}", found[0].place);
        }
    }
    let mut stack = stack_with_names();
    stack.variable("v", body! { default: "${var.env}" });
    stack.local("names", ["a"]);
    stack.local("bound", for_list("name", local("names"), |_| "x-${name}"));
    stack.local("pair", for_map(["k", "v"], local("names"), |_, _| ("${k}", when(true, "${v.a}", 1))));
    stack.provider(
        "example",
        body! {
            dynamic: body! { setting: dynamic(local("names"), body! { name: "${setting.value}" }) },
        },
    );
    let addresses: Vec<String> = findings(&stack).into_iter().map(|finding| finding.address).collect();
    assert_eq!(addresses, ["var.v", "local.bound", "local.pair", "local.pair", "example"]);
}

#[test]
fn text_that_names_nothing_of_the_stack_or_is_meant_stays_text() {
    let mut stack = stack_with_names();
    for (number, text) in [
        "${aws:username}",
        "arn:aws:s3:::b/${aws:PrincipalTag/team.name}/*",
        "${cognito-identity.amazonaws.com:sub}",
        "${AWS::Region} ${HOME} ${1} ${} ${",
        "${var.other} ${local.other} ${example_queue.other.arn}",
        "$${var.env} %%{ if var.env }",
        "$context.error.messageString",
        "${path.basename} ${count.total} ${name} ${setting.value}",
        "var.env",
    ]
    .into_iter()
    .enumerate()
    {
        stack.output(&format!("o{number}"), text);
        stack.output(&format!("p{number}"), json_encode(text));
    }
    stack.output("meant", verbatim("x-${var.env}"));
    stack.output("joined", cat!["a ", verbatim("${var.env}"), " b ", var("env")]);
    stack.output("encoded", json_encode(body! { (verbatim("${var.env}")): verbatim("${each.key}") }));
    stack.variable("described", body! { description: verbatim("Not ${var.env}.") });
    let document = stack.synth().unwrap_or_else(|findings| panic!("{findings}"));
    let main = document.main_json();
    assert_eq!(main["output"]["meant"]["value"], "x-$${var.env}");
    assert_eq!(main["output"]["joined"]["value"], "a $${var.env} b ${var.env}");
    assert_eq!(main["output"]["encoded"]["value"], r#"${jsonencode({"$${var.env}" = "$${each.key}"})}"#);
    assert_eq!(main["variable"]["described"]["description"], "Not ${var.env}.");

    let mut stack = stack_with_names();
    let _: Topic = stack.resource("t", body! { depends_on: ["${example_queue.q}"] });
    assert_only(&stack, "example_topic.t", "`${example_queue.q}` where Terraform wants a bare reference", ".address()");
}

#[test]
fn keys_that_terraform_makes_equal_are_duplicates() {
    let (composed, decomposed) = ("\u{e9}", "e\u{301}");
    for value in [
        Value::from(body! { (composed): 1, (decomposed): 2 }),
        json_encode(body! { (composed): 1, (decomposed): 2 }).into(),
        json_encode(body! { (cat![composed, Expr::raw("1")]): 1, (cat![decomposed, Expr::raw("1")]): 2 }).into(),
    ] {
        let mut stack = Stack::new();
        stack.local("a", value);
        let found = only(&stack);
        assert!(found.1.starts_with("duplicate key `"), "{}", found.1);
    }
    let mut stack = Stack::new();
    stack.variable("v", body! { default: body! { (composed): 1, (decomposed): 2 } });
    assert_only(&stack, "var.v", "duplicate key `e\u{301}`", "normalizes every string to NFC");
    let mut stack = Stack::new();
    stack.local("a", body! { (composed): 1, "e": 2, "\u{e8}": 3 });
    stack.synth().unwrap();
}
