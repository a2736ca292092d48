//! The rarer constructs of the language, taken by the real Terraform.
//!
//! Terraform's built-in provider has no ephemeral resource, no write-only argument and no nested block. Where a construct
//! needs one of these, the test says so and lets Terraform read the configuration (`terraform providers` loads and
//! checks everything that does not need the provider's schema); what the schema says is checked by `tests/conformance.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use assert_json_diff::assert_json_eq;
use serde_json::json;
use support::Terraform;
use tfdsl::{Expr, Stack, Value, block, body, call, cat, dynamic, kind, var};

kind! {
    Data = "terraform_data" { id, output }
    RemoteState = data "terraform_remote_state" { outputs }
    Secret = ephemeral "example_secret" { value }
    Database = "example_database" { id }
}

/// The built-in provider, named: its functions can be called then.
fn with_builtin_provider() -> Stack {
    let mut stack = Stack::new();
    stack.required_provider_with("terraform", body! { source: "terraform.io/builtin/terraform" });
    stack
}

/// Terraform loads the configuration; the provider is not installed, so nothing more is asked of it.
fn assert_loads(name: &str, stack: &Stack, provider: &str) {
    let Some(terraform) = Terraform::in_fresh_folder(name) else {
        return;
    };
    stack.synth().unwrap().write(&terraform.dir).unwrap();
    let seen = terraform.run(&["providers"]);
    assert!(seen.contains(provider), "{seen}");
}

#[test]
fn functions_of_a_provider_are_called() {
    let Some(terraform) = Terraform::in_fresh_folder("construct-provider-function") else {
        return;
    };
    let mut stack = with_builtin_provider();
    let name = stack.local("name", "say \"hi\"");
    stack.output("encoded", call("provider::terraform::encode_expr", [body! { name: &name, level: 3 }]));
    stack.output("decoded", call("provider::terraform::decode_tfvars", ["a = 1\nb = [\"${x}\"]".replace("${x}", "x")]));
    assert_json_eq!(
        terraform.apply(&stack),
        json!({ "encoded": "{\n  level = 3\n  name  = \"say \\\"hi\\\"\"\n}", "decoded": { "a": 1, "b": ["x"] } })
    );
}

#[test]
fn an_ephemeral_variable_is_used_where_nothing_is_kept() {
    let Some(terraform) = Terraform::in_fresh_folder("construct-ephemeral-values") else {
        return;
    };
    let mut stack = Stack::new();
    let token = stack.variable("token", body! { type: "string", default: "s3cret", ephemeral: true });
    let header = stack.local("header", cat!["Bearer ", &token]);
    let _: Data = stack.resource(
        "call",
        body! {
            provisioner: body! { "local-exec": body! {
                command: "printf %s \"$HEADER\" > header.txt",
                environment: body! { HEADER: &header },
            } },
        },
    );
    stack.output("gone", call("ephemeralasnull", [&token]).eq(Value::Null));
    let outputs = terraform.apply(&stack);
    assert_json_eq!(outputs, json!({ "gone": true }));
    assert_eq!(std::fs::read_to_string(terraform.dir.join("header.txt")).unwrap(), "Bearer s3cret");
    let state = std::fs::read_to_string(terraform.dir.join("terraform.tfstate")).unwrap();
    assert!(!state.contains("s3cret"), "an ephemeral value is in the state");
}

#[test]
fn an_ephemeral_output_leaves_a_module() {
    let Some(terraform) = Terraform::in_fresh_folder("construct-ephemeral-output") else {
        return;
    };
    let mut inner = Stack::new();
    let token = inner.variable("token", body! { type: "string", ephemeral: true });
    inner.output_with("loud", body! { value: call("upper", [&token]), ephemeral: true });
    inner.synth().unwrap().write(terraform.dir.join("inner")).unwrap();
    let mut stack = Stack::new();
    let call_of = stack.module("inner", body! { source: "./inner", token: "abc" });
    stack.output("gone", call("ephemeralasnull", [call_of.output("loud")]).eq(Value::Null));
    assert_json_eq!(terraform.apply(&stack), json!({ "gone": true }));
}

/// Ephemeral resources and write-only arguments need a provider that has some; what Terraform reads without one is read.
#[test]
fn ephemeral_resources_and_write_only_arguments_load() {
    let mut stack = Stack::new();
    stack.required_provider("example", "acme/example", "~> 1.0");
    let secret: Secret = stack.ephemeral("password", body! { length: 24 });
    let _: Database = stack.resource(
        "main",
        body! {
            password_wo: secret.value(),
            password_wo_version: 1,
        },
    );
    assert_loads("construct-write-only", &stack, "acme/example");
}

/// Needs a provider with nested blocks; the names, `for_each` and `content` are Terraform's to check at plan time.
#[test]
fn dynamic_blocks_load() {
    let mut stack = Stack::new();
    stack.required_provider("example", "acme/example", "~> 1.0");
    let ports = stack.variable("ports", body! { type: "set(number)", default: [80, 443] });
    let _: Database = stack.resource(
        "main",
        body! {
            dynamic: body! { rule: dynamic(&ports, body! { port: Expr::bound("rule").attr("value") }) },
        },
    );
    assert_loads("construct-dynamic", &stack, "acme/example");
}

#[test]
fn a_check_reads_a_data_source_of_its_own() {
    let Some(terraform) = Terraform::in_fresh_folder("construct-check") else {
        return;
    };
    let mut other = Stack::new();
    other.output("healthy", true);
    terraform.apply(&other);
    std::fs::rename(terraform.dir.join("terraform.tfstate"), terraform.dir.join("other.tfstate")).unwrap();

    let mut stack = Stack::new();
    let up = stack.local("up", false);
    stack.check(
        "other_is_healthy",
        body! {
            data: body! { terraform_remote_state: body! { other: body! {
                backend: "local",
                config: body! { path: "other.tfstate" },
            } } },
            assert: [
                body! {
                    condition: RemoteState::named("other").outputs().attr("healthy"),
                    error_message: "The other stack is not healthy.",
                },
                body! { condition: &up, error_message: "This one ${always} fails." },
            ],
        },
    );
    stack.output("o", 1);
    terraform.validate(&stack);
    let seen = terraform.run(&["apply", "-auto-approve", "-no-color", "-input=false"]);
    assert!(seen.contains("This one ${always} fails.") && !seen.contains("The other stack is not healthy."), "{seen}");
}

#[test]
fn modules_are_repeated_moved_and_removed() {
    let Some(terraform) = Terraform::in_fresh_folder("construct-module-refactoring") else {
        return;
    };
    let mut inner = Stack::new();
    let data: Data = inner.resource("data", body! { input: inner_input() });
    inner.variable("word", body! { type: "string" });
    inner.output("id", data.id());
    inner.synth().unwrap().write(terraform.dir.join("inner")).unwrap();

    let mut before = Stack::new();
    let one = before.module("one", body! { source: "./inner", word: "a" });
    before.module("gone", body! { source: "./inner", word: "b" });
    before.output("id", one.output("id"));
    let id = terraform.apply(&before)["id"].clone();

    let mut after = Stack::new();
    let many =
        after.module("many", body! { source: "./inner", for_each: body! { a: "a", z: "z" }, word: Expr::each_value() });
    after.moved("module.one", Value::from("module.many[\"a\"]"));
    after.removed(body! { from: "module.gone", lifecycle: block(body! { destroy: true }) });
    after.output("id", many.expr().key("a").attr("id"));
    assert_json_eq!(terraform.apply(&after), json!({ "id": id }));
}

fn inner_input() -> Expr {
    var("word")
}

#[test]
fn several_things_are_imported_by_one_block() {
    let Some(terraform) = Terraform::in_fresh_folder("construct-import-each") else {
        return;
    };
    let mut stack = Stack::new();
    let known = stack.local("known", body! { a: "id-a", b: "id-b" });
    let adopted: Data = stack.resource("adopted", body! { for_each: &known });
    stack.import(body! {
        for_each: &known,
        to: adopted.expr().index(Expr::each_key()),
        id: Expr::each_value(),
    });
    stack.output("ids", tfdsl::for_map(["key", "value"], adopted.expr(), |key, value| (key, value.attr("id"))));
    assert_json_eq!(terraform.apply(&stack), json!({ "ids": { "a": "id-a", "b": "id-b" } }));
}

/// Terraform reaches a remote backend at init: here it reads the settings without going there.
#[test]
fn backends_and_the_cloud_load() {
    let mut stacks = [Stack::new(), Stack::new(), Stack::new()];
    stacks[0]
        .backend("s3", body! { bucket: "states", key: "shop/${literal}", region: "eu-west-1", use_lockfile: true });
    stacks[1].backend("http", body! { address: "https://example.com/state", lock_address: "https://example.com/lock" });
    stacks[2].cloud(body! { organization: "acme", workspaces: block(body! { name: "shop" }) });
    for (number, stack) in stacks.iter_mut().enumerate() {
        let Some(terraform) = Terraform::in_fresh_folder(&format!("construct-backend-{number}")) else {
            return;
        };
        stack.output("o", 1);
        stack.synth().unwrap().write(&terraform.dir).unwrap();
        terraform.run(&["init", "-backend=false", "-input=false"]);
        terraform.run(&["validate"]);
    }
}

#[test]
fn state_of_another_stack_has_defaults_and_a_workspace() {
    let Some(terraform) = Terraform::in_fresh_folder("construct-remote-state") else {
        return;
    };
    let mut stack = Stack::new();
    let network: RemoteState = stack.data(
        "network",
        body! {
            backend: "local",
            workspace: "default",
            config: body! { path: "none.tfstate" },
            defaults: body! { subnets: ["a", "b"] },
        },
    );
    let mut first = Stack::new();
    first.output("other", 1);
    terraform.apply(&first);
    std::fs::rename(terraform.dir.join("terraform.tfstate"), terraform.dir.join("none.tfstate")).unwrap();
    stack.output("subnets", network.outputs().attr("subnets"));
    assert_json_eq!(terraform.apply(&stack), json!({ "subnets": ["a", "b"] }));
}
