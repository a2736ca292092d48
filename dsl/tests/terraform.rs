//! The real Terraform takes every construct that this crate can write, and means by it what the crate says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use assert_json_diff::assert_json_eq;
use serde_json::json;
use support::Terraform;
use tfdsl::{
    Expr, Stack, Value, block, body, call, call_expanded, cat, for_list, for_map, json_encode, kind, list, local, var,
    when,
};

kind! {
    Data = "terraform_data" { id, input, output }
    RemoteState = data "terraform_remote_state" { outputs }
}

#[test]
fn variables_locals_and_outputs_with_all_their_arguments_are_taken() {
    let Some(terraform) = Terraform::in_fresh_folder("language-values") else {
        return;
    };
    let mut stack = Stack::new();
    stack.required_version(">= 1.9");
    stack.backend("local", body! { path: "kept/${here}.tfstate" });
    let size = stack.variable(
        "size",
        body! {
            type: "number",
            default: 3,
            description: "How many, not ${evaluated}.",
            nullable: false,
            sensitive: false,
            validation: [
                body! { condition: var("size").gt(0), error_message: "Too few." },
                body! { condition: var("size").lt(10), error_message: cat!["Not ", var("size"), "."] },
            ],
        },
    );
    stack.variable(
        "shape",
        body! { type: "object({ name = string, tags = optional(map(string), {}) })", default: body! { name: "a" } },
    );
    let secret = stack.variable("secret", body! { type: "string", default: "s", sensitive: true });
    let doubled = stack.local("doubled", size.expr().mul(2));
    stack.output("doubled", &doubled);
    stack.output("tags", var("shape").attr("tags"));
    stack.output_with(
        "all",
        body! {
            value: list![&doubled, "text", 1.5, true, Value::Null],
            description: "Everything, not ${evaluated}.",
            sensitive: false,
            depends_on: [doubled.address()],
            precondition: block(body! { condition: doubled.expr().eq(6), error_message: "Not six." }),
        },
    );
    stack.output_with("secret", body! { value: &secret, sensitive: true });

    let outputs = terraform.apply(&stack);

    assert_json_eq!(outputs, json!({ "doubled": 6, "tags": {}, "all": [6, "text", 1.5, true, null], "secret": "s" }));
    assert!(terraform.dir.join("kept/${here}.tfstate").is_file(), "a backend's settings are literal");
}

#[test]
fn functions_operators_and_for_expressions_mean_what_they_say() {
    let Some(terraform) = Terraform::in_fresh_folder("language-expressions") else {
        return;
    };
    let mut stack = Stack::new();
    let n = stack.local("n", 7);
    let n = n.expr();
    let names = stack.local("names", ["a", "b"]);
    let ages = stack.local("ages", body! { ann: 1, bob: 2 });
    stack.output("arithmetic", n.add(1).mul(2).sub(3).div(2).rem(5));
    stack.output("comparison", list![n.eq(7), n.ne(7), n.lt(7), n.le(7), n.gt(7), n.ge(7)]);
    stack.output("logic", n.eq(7).and(n.eq(8)).or(n.eq(7).not()).not());
    stack.output("negative", n.neg().add(-1));
    stack.output("when", when(n.gt(5), "big", "small"));
    stack.output("nested_when", when(n.lt(5), "small", when(n.eq(7), "seven", "big")));
    stack.output("list", for_list("name", &names, |name| cat!["<", name, ">"]));
    stack.output("only", for_list("name", &names, |name| name).only_if(Expr::bound("name").ne("a")));
    stack.output("map", for_map(["who", "age"], &ages, |who, age| (call("upper", [who]), age.add(1))));
    stack.output("expanded", call_expanded("max", [call("values", [&ages])]));
    stack.output("index", names.expr().index(1));
    stack.output("key", ages.expr().key("bob"));
    stack.output("attr", ages.attr("ann"));
    stack.output("splat", Expr::literal(list![body! { x: 1 }, body! { x: 2 }]).splat().attr("x"));
    stack.output("json", call("jsondecode", [json_encode(body! { a: [1, 2], b: body! { c: Value::Null } })]));
    stack.output("raw", Expr::raw("[for x in local.names : x if x != \"a\"]"));
    stack.output("raw_in_operation", Expr::raw("1 + 1").mul(3));
    stack.output("workspace", Expr::workspace());

    let outputs = terraform.apply(&stack);

    assert_json_eq!(
        outputs,
        json!({
            "arithmetic": 1.5, "comparison": [true, false, false, true, false, true], "logic": true, "negative": -8,
            "when": "big", "nested_when": "seven", "list": ["<a>", "<b>"], "only": ["b"], "map": { "ANN": 2, "BOB": 3 },
            "expanded": 2, "index": "b", "key": 2, "attr": 1, "splat": [1, 2],
            "json": { "a": [1, 2], "b": { "c": null } }, "raw": ["b"], "raw_in_operation": 6, "workspace": "default",
        })
    );
}

#[test]
fn resources_with_every_meta_argument_are_taken() {
    let Some(terraform) = Terraform::in_fresh_folder("language-resources") else {
        return;
    };
    let mut stack = Stack::new();
    let other = stack.provider("terraform", body! { alias: "other" });
    let first: Data = stack.resource("first", body! { input: "one" });
    let many: Data = stack.resource("many", body! { count: 2, input: Expr::count_index() });
    let each: Data = stack.resource(
        "each",
        body! { for_each: body! { a: "x", b: "y" }, input: cat![Expr::each_key(), "=", Expr::each_value()] },
    );
    let last: Data = stack.resource(
        "last",
        body! {
            input: first.output(),
            triggers_replace: [first.id()],
            depends_on: [many.address(), each.address()],
            provider: other.reference(),
            lifecycle: body! {
                create_before_destroy: true,
                prevent_destroy: false,
                ignore_changes: ["triggers_replace"],
                replace_triggered_by: [first.output(), many.expr().index(0), each.expr()],
                precondition: block(body! { condition: first.output().eq("one"), error_message: cat!["Not one: ", first.output()] }),
                postcondition: block(body! { condition: Expr::itself().attr("output").ne(""), error_message: "Empty." }),
            },
            provisioner: body! { "local-exec": body! { command: cat!["echo ${literal} > ", Expr::path_module(), "/provisioned"] } },
        },
    );
    stack.output("last", last.output());
    stack.output("many", many.expr().splat().attr("output"));
    stack.output("each", for_map(["key", "value"], each.expr(), |key, value| (key, value.attr("output"))));
    stack.output("one_of_many", many.expr().index(1).attr("output"));
    stack.check(
        "last_is_right",
        body! {
            assert: block(body! { condition: last.output().eq("one"), error_message: "Wrong." }),
        },
    );

    let outputs = terraform.apply(&stack);

    assert_json_eq!(
        outputs,
        json!({ "last": "one", "many": [0, 1], "each": { "a": "a=x", "b": "b=y" }, "one_of_many": 1 })
    );
    assert!(terraform.dir.join("provisioned").is_file());
    terraform.run(&["plan", "-detailed-exitcode", "-input=false"]);
}

#[test]
fn moved_removed_and_imported_blocks_keep_what_they_stand_for() {
    let Some(terraform) = Terraform::in_fresh_folder("language-refactoring") else {
        return;
    };
    let mut before = Stack::new();
    let old: Data = before.resource("old", body! { input: 1 });
    let _: Data = before.resource("gone", body! { input: 2 });
    before.output("id", old.id());
    let id = terraform.apply(&before)["id"].clone();

    let mut after = Stack::new();
    let new: Data = after.resource("new", body! { input: 1 });
    let adopted: Data = after.resource("adopted", body! {});
    after.moved("terraform_data.old", new.address());
    after.moved(Data::named("never_was").address(), Data::named("adopted").address());
    after.removed(body! { from: "terraform_data.gone", lifecycle: block(body! { destroy: false }) });
    after.import(body! { to: adopted.address(), id: "known-elsewhere" });
    after.output("id", new.id());
    after.output("adopted", adopted.id());

    let outputs = terraform.apply(&after);

    assert_json_eq!(outputs, json!({ "id": id, "adopted": "known-elsewhere" }));
}

#[test]
fn modules_get_arguments_and_give_outputs() {
    let Some(terraform) = Terraform::in_fresh_folder("language-modules") else {
        return;
    };
    let mut inner = Stack::new();
    inner.required_provider_with(
        "terraform",
        body! { source: "terraform.io/builtin/terraform", configuration_aliases: ["terraform.extra"] },
    );
    let word = inner.variable("word", body! { type: "string" });
    let data: Data = inner.resource("data", body! { input: &word, provider: tfdsl::Value::from("terraform.extra") });
    inner.output("loud", call("upper", [data.output()]));
    inner.synth().unwrap().write(terraform.dir.join("module")).unwrap();

    let mut stack = Stack::new();
    stack.required_provider_with("terraform", body! { source: "terraform.io/builtin/terraform" });
    let provider = stack.provider("terraform", body! { alias: "mine" });
    let before: Data = stack.resource("before", body! {});
    let module = stack.module(
        "inner",
        body! {
            source: "./module",
            word: cat!["say ${", local("hi"), "}"],
            providers: body! { "terraform.extra": provider.reference() },
            depends_on: [before.address()],
        },
    );
    stack.local("hi", "hi");
    stack.output("loud", module.output("loud"));

    assert_json_eq!(terraform.apply(&stack), json!({ "loud": "SAY ${HI}" }));
}

#[test]
fn the_state_of_another_stack_is_read() {
    let Some(terraform) = Terraform::in_fresh_folder("language-remote-state") else {
        return;
    };
    let mut first = Stack::new();
    first.output("answer", 42);
    terraform.apply(&first);
    std::fs::copy(terraform.dir.join("terraform.tfstate"), terraform.dir.join("first.tfstate")).unwrap();

    let mut second = Stack::new();
    let state: RemoteState = second
        .data("first", body! { backend: "local", config: body! { path: cat![Expr::path_module(), "/first.tfstate"] } });
    second.output("answer", state.outputs().attr("answer"));

    assert_json_eq!(terraform.apply(&second), json!({ "answer": 42 }));
}
