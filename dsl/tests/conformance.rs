//! How deep the check against a schema goes: into references, dynamic blocks, lifecycles and the elements of maps.
//!
//! The schema is small and made for this file. It has what few real types have: write-only arguments, objects, blocks
//! with labels.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use tfdsl::{Body, Expr, Finding, Schema, Stack, Value, block, body, dynamic, kind, list};

kind! { Thing = "example_thing" { id } }

const SCHEMA: &str = r#"{ "provider_schemas": { "registry.terraform.io/acme/example": { "resource_schemas": {
    "example_thing": { "block": {
        "attributes": {
            "id": { "type": "string", "computed": true },
            "size": { "type": "number", "optional": true },
            "names": { "type": ["list", "string"], "optional": true },
            "labels": { "type": ["map", "string"], "optional": true },
            "place": { "type": ["object", { "city": "string" }], "optional": true },
            "ingress": { "type": ["set", ["object", { "from_port": "number", "protocol": "string", "self": "bool" }]],
                "optional": true, "computed": true },
            "anything": { "type": "dynamic", "optional": true },
            "password_wo": { "type": "string", "optional": true, "write_only": true },
            "sink": { "optional": true, "nested_type": { "nesting_mode": "single", "attributes": {
                "url": { "type": "string", "required": true }
            } } },
            "sinks": { "optional": true, "nested_type": { "nesting_mode": "map", "attributes": {
                "url": { "type": "string", "required": true }
            } } }
        },
        "block_types": {
            "rule": { "nesting_mode": "list", "block": { "attributes": { "port": { "type": "number", "optional": true } } } },
            "tier": { "nesting_mode": "set", "block": { "attributes": { "name": { "type": "string", "optional": true } } } },
            "limits": { "nesting_mode": "single", "block": { "attributes": { "most": { "type": "number", "optional": true } } } },
            "zone": { "nesting_mode": "map", "block": { "attributes": { "cidr": { "type": "string", "optional": true } } } }
        }
    } }
} } } }"#;

fn findings(declare: impl FnOnce(&mut Stack)) -> Vec<Finding> {
    let mut stack = Stack::new();
    stack.schema(Schema::from_json(SCHEMA).unwrap());
    declare(&mut stack);
    match stack.synth() {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().cloned().collect(),
    }
}

/// What is found when something is read from a thing.
fn reading(read: impl FnOnce(&Thing) -> Expr) -> Vec<String> {
    let found = findings(|stack| {
        let thing: Thing = stack.resource("t", body! {});
        stack.output("o", read(&thing));
    });
    found.into_iter().map(|finding| format!("{}; {}", finding.what, finding.remedy)).collect()
}

/// What is found in the body of a thing.
fn declaring(body: Body) -> Vec<String> {
    findings(|stack| drop(stack.resource::<Thing>("t", body)))
        .into_iter()
        .map(|finding| format!("{}; {}", finding.what, finding.remedy))
        .collect()
}

#[test]
fn a_reference_is_followed_to_its_end() {
    for (read, expected) in [
        (
            (|thing| thing.attr("labels").attr("a").attr("b")) as fn(&Thing) -> Expr,
            "`example_thing.t.labels.a` is text: there is nothing in it to read; end the reference there; text that holds JSON is read \
             through `call(\"jsondecode\", [...])`",
        ),
        (
            |thing| thing.attr("size").index(0),
            "`example_thing.t.size` is a number: there is nothing in it to read; end the reference there; text that holds JSON is read \
             through `call(\"jsondecode\", [...])`",
        ),
        (
            |thing| thing.attr("names").attr("first"),
            "`example_thing.t.names` is a list: `first` is read from one of its elements; write `.index(0).attr(\"first\")`, or \
             `.splat().attr(\"first\")` for all",
        ),
        (
            |thing| thing.attr("place").attr("citty"),
            "`example_thing.t.place` has no attribute `citty`; did you mean `city`?",
        ),
        (|thing| thing.attr("sink").attr("uri"), "`example_thing.t.sink` has no attribute `uri`; did you mean `url`?"),
        (
            |thing| thing.attr("sinks").key("a").attr("uri"),
            "`example_thing.t.sinks[...]` has no attribute `uri`; did you mean `url`?",
        ),
        (
            |thing| thing.attr("limits").attr("least"),
            "`example_thing.t.limits` has no attribute `least`; look up what `example_thing.t.limits` has in the provider's documentation",
        ),
        (
            |thing| thing.attr("zone").key("a").attr("cdir"),
            "`example_thing.t.zone[...]` has no attribute `cdir`; did you mean `cidr`?",
        ),
        (
            |thing| thing.attr("rule").splat().attr("prot"),
            "`example_thing.t.rule[*]` has no attribute `prot`; did you mean `port`?",
        ),
        (
            |thing| thing.attr("password_wo"),
            "`example_thing.t.password_wo` is write-only: what was given to it is never kept; refer to where its value comes from",
        ),
    ] {
        assert_eq!(reading(read), [expected]);
    }
}

#[test]
fn references_that_the_schema_allows_pass() {
    for read in [
        (|thing| thing.attr("names").index(0)) as fn(&Thing) -> Expr,
        |thing| thing.attr("labels").key("a"),
        |thing| thing.attr("anything").attr("x").index(0).attr("y"),
        |thing| thing.attr("rule").index(0).attr("port"),
        |thing| thing.attr("tier").splat().attr("name"),
        |thing| thing.attr("sinks").attr("a").attr("url"),
        |thing| thing.attr("zone").attr("a").attr("cidr"),
        |thing| thing.attr("limits").attr("most"),
        |thing| thing.expr().index(0).attr("id"),
        |thing| thing.expr(),
    ] {
        assert_eq!(reading(read), Vec::<String>::new());
    }
}

#[test]
fn a_dynamic_block_has_elements_and_content_and_nothing_else() {
    assert_eq!(
        declaring(body! { dynamic: body! { rule: body! { content: body! {} } } }),
        ["in `rule`: a dynamic block without `for_each`; write `rule: dynamic(elements, body! { ... })`"]
    );
    assert_eq!(
        declaring(body! { dynamic: body! { rule: body! { for_each: [1], port: 1 } } }),
        [
            "in `rule`: unknown argument `port` of a dynamic block; the block's own arguments stand in `content`",
            "in `rule`: a dynamic block without `content`; write `rule: dynamic(elements, body! { ... })`",
        ]
    );
    assert_eq!(
        declaring(body! { dynamic: body! { rule: dynamic([1], body! { prot: 1 }) } }),
        ["in `rule`: unknown argument `prot`; did you mean `port`?"]
    );
}

#[test]
fn an_entry_of_a_map_is_named_with_its_own_place() {
    let line = line!() + 6;
    let found = findings(|stack| {
        let _: Thing = stack.resource(
            "t",
            body! {
                labels: body! {
                    team: ["payments"],
                },
            },
        );
    });
    assert_eq!(found[0].what, "in `labels`: `team` wants text, not a list");
    assert_eq!((found[0].place.line(), found[0].place.column()), (line, 21));
}

#[test]
fn an_object_is_given_as_one() {
    assert_eq!(
        declaring(body! { sink: block(body! { url: "x" }) }),
        ["`sink` wants an object, not a block; it is an argument, not a block: write `sink: body! { ... }`"]
    );
    assert_eq!(
        declaring(body! { sinks: body! { a: body! {} } }),
        ["in `sinks.a`: required argument `url` is missing; add `url: ...`"]
    );
}

#[test]
fn a_lifecycle_has_only_arguments_that_terraform_knows() {
    assert_eq!(
        declaring(body! { lifecycle: body! { prevent_destory: true } }),
        ["in `lifecycle`: unknown argument `prevent_destory`; did you mean `prevent_destroy`?"]
    );
    assert_eq!(
        declaring(body! { lifecycle: body! { precondition: block(body! { condtion: true, error_message: "x" }) } }),
        [
            "in `lifecycle.precondition`: unknown argument `condtion`; did you mean `condition`?",
            "in `lifecycle.precondition`: no `condition`; add `condition: ...`",
        ]
    );
    assert_eq!(
        declaring(body! { lifecycle: body! { ignore_changes: ["sizes", "all", "labels[\"a\"]"] } }),
        ["`ignore_changes` names `sizes`, which does not exist; did you mean `size`?"]
    );
}

#[test]
fn an_attribute_that_is_written_as_blocks_may_be_dynamic() {
    let each = || Expr::bound("ingress").attr("value");
    let passes: [Body; 4] = [
        body! { dynamic: body! { ingress: dynamic([80, 443], body! { from_port: each() }) } },
        // Beside a generator Terraform reads the attribute as blocks, which may be incomplete.
        body! { ingress: [body! { from_port: 1 }], dynamic: body! { ingress: dynamic([80], body! { from_port: each() }) } },
        body! { ingress: [body! { from_port: 1, protocol: "tcp", self: Value::Null }] },
        body! { ingress: list![block(body! { from_port: 1, protocol: "tcp", self: true })] },
    ];
    for body in passes {
        assert_eq!(declaring(body), Vec::<String>::new());
    }
    for (body, expected) in [
        (
            body! { dynamic: body! { ingress: dynamic([80], body! { form_port: 1 }) } },
            "in `ingress`: unknown argument `form_port`; did you mean `from_port`?",
        ),
        (
            body! { dynamic: body! { ingres: dynamic([80], body! {}) } },
            "no block `ingres` to make dynamic; did you mean `ingress`?",
        ),
        (
            body! { dynamic: body! { names: dynamic([80], body! {}) } },
            "no block `names` to make dynamic; only nested blocks can be dynamic; for an argument use a `for` expression",
        ),
        (
            body! { dynamic: body! { ingress: body! { content: body! {} } } },
            "in `ingress`: a dynamic block without `for_each`; write `ingress: dynamic(elements, body! { ... })`",
        ),
    ] {
        assert_eq!(declaring(body), [expected]);
    }
}

#[test]
fn an_object_that_terraform_would_refuse_is_told_what_it_lacks() {
    let incomplete = "in `ingress`: an incomplete object, without `protocol`, `self`; Terraform takes an object only with all of its fields: \
                      add `protocol: Value::Null`, `self: Value::Null`";
    assert_eq!(declaring(body! { ingress: [body! { from_port: 1 }] }), [incomplete]);
    assert_eq!(declaring(body! { ingress: block(body! { from_port: 1 }) }), [incomplete]);
    assert_eq!(
        declaring(body! { place: body! {} }),
        [
            "in `place`: an incomplete object, without `city`; Terraform takes an object only with all of its fields: add `city: Value::Null`"
        ]
    );
    assert_eq!(
        declaring(body! { ingress: body! { from_port: 1, protocol: "tcp", self: true } }),
        ["`ingress` wants a list, not a body; one element is a list too: write `ingress: [body! { ... }]`"]
    );
}
