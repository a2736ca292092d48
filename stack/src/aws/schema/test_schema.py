"""The slice is complete and well formed, and `refresh.py` reads the bindings by the rules it states. Needs no network."""

import json

import pytest
import refresh

SLICE = json.loads(refresh.TARGET.read_text())["provider_schemas"][refresh.ADDRESS]
JAVASCRIPT = """
function thingRuleToHclTerraform(struct) {
    const attrs = {
        days: {
            value: cdktn.numberToHclTerraform(struct.days),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
    return attrs;
}
class ThingRuleOutputReference extends cdktn.ComplexObject {
    // days - computed: false, optional: false, required: true
    get days() {
        return this.getNumberAttribute('days');
    }
}
class ThingEndpointOutputReference extends cdktn.ComplexObject {
    // url - computed: true, optional: false, required: false
    get url() {
        return this.getStringAttribute('url');
    }
}
class Thing extends cdktn.TerraformResource {
    // endpoint - computed: true, optional: false, required: false
    _endpoint = new ThingEndpointList(this, "endpoint", true);
    get endpoint() {
        return this._endpoint;
    }
    // first - computed: false, optional: false, required: true
    _first = new ThingRuleOutputReference(this, "first");
    get first() {
        return this._first;
    }
    // hosts - computed: true, optional: false, required: false
    get hosts() {
        return cdktn.Fn.tolist(this.getListAttribute('hosts'));
    }
    // rule - computed: false, optional: true, required: false
    _rule = new ThingRuleList(this, "rule", true);
    get rule() {
        return this._rule;
    }
    // setting - computed: false, optional: true, required: false
    _setting = new ThingRuleOutputReference(this, "setting");
    get setting() {
        return this._setting;
    }
    synthesizeHclAttributes() {
        const attrs = {
            first: {
                value: thingRuleToHclTerraform(this._first.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "ThingRuleList",
            },
            rule: {
                value: cdktn.listMapperHcl(thingRuleToHclTerraform, true)(this._rule.internalValue),
                isBlock: true,
                type: "set",
                storageClassType: "ThingRuleList",
            },
            setting: {
                value: thingRuleToHclTerraform(this._setting.internalValue),
                isBlock: true,
                type: "struct",
                storageClassType: "ThingRule",
            },
        };
    }
}
"""
DECLARATIONS = """
export interface ThingConfig extends cdktn.TerraformMetaArguments {
    /**
    * first block
    */
    readonly first: ThingRule;
    /**
    * rule block
    */
    readonly rule?: ThingRule[];
    /**
    * What it is set to.
    */
    readonly setting?: ThingRule;
}
"""


@pytest.fixture
def thing():
    bindings = refresh.Bindings(JAVASCRIPT, DECLARATIONS)
    return bindings.block(bindings.main)


def blocks_of(block, path):
    yield path, block
    for name, nested in block.get("block_types", {}).items():
        yield from blocks_of(nested["block"], f"{path}.{name}")


def every_block():
    yield from blocks_of(SLICE["provider"]["block"], "provider")
    for section in ("resource_schemas", "data_source_schemas"):
        for name, schema in SLICE[section].items():
            yield from blocks_of(schema["block"], name)


def test_every_type_that_the_script_lists_is_in_the_slice():
    assert sorted(SLICE["resource_schemas"]) == sorted(refresh.RESOURCES)
    assert sorted(SLICE["data_source_schemas"]) == sorted(refresh.DATA_SOURCES)


def test_the_committed_file_is_in_the_form_that_the_script_writes():
    assert refresh.TARGET.read_text() == refresh.render(json.loads(refresh.TARGET.read_text())) + "\n"


def test_every_attribute_has_a_type_and_is_required_optional_or_computed():
    for path, block in every_block():
        for name, attribute in block.get("attributes", {}).items():
            assert ("type" in attribute) != ("nested_type" in attribute), f"{path}.{name}"
            assert attribute.keys() & {"required", "optional", "computed"}, f"{path}.{name}"
            assert not {"required", "computed"} <= attribute.keys(), f"{path}.{name}"


def test_the_provider_block_has_the_arguments_of_the_emulator_override():
    block = SLICE["provider"]["block"]
    assert {
        "region", "access_key", "secret_key", "s3_use_path_style", "skip_credentials_validation", "skip_metadata_api_check",
        "skip_region_validation", "skip_requesting_account_id",
    } <= block["attributes"].keys()  # fmt: skip
    assert block["block_types"]["endpoints"]["nesting_mode"] == "set"
    assert {"sqs", "s3", "lambda", "events", "logs", "apigateway"} <= block["block_types"]["endpoints"]["block"]["attributes"].keys()
    assert block["block_types"]["default_tags"]["block"]["attributes"]["tags"]["type"] == ["map", "string"]


def test_known_facts_of_the_real_schema_hold():
    queue = SLICE["resource_schemas"]["aws_sqs_queue"]["block"]["attributes"]
    assert queue["arn"] == {"type": "string", "computed": True, "description_kind": "plain"}
    assert queue["fifo_queue"] == {"type": "bool", "optional": True, "description_kind": "plain"}
    assert queue["tags_all"]["type"] == ["map", "string"]
    function = SLICE["resource_schemas"]["aws_lambda_function"]["block"]
    assert function["attributes"]["architectures"]["type"] == ["list", "string"]
    assert function["attributes"]["function_name"]["required"]
    assert function["block_types"]["environment"]["max_items"] == 1
    settings = SLICE["resource_schemas"]["aws_api_gateway_method_settings"]["block"]["block_types"]["settings"]
    assert (settings["min_items"], settings["max_items"]) == (1, 1)
    table = SLICE["resource_schemas"]["aws_dynamodb_table"]["block"]["block_types"]
    assert table["attribute"]["nesting_mode"] == "set" and "max_items" not in table["attribute"]
    assert table["timeouts"]["nesting_mode"] == "single"
    deployment = SLICE["resource_schemas"]["aws_api_gateway_deployment"]["block"]["attributes"]
    assert "stage_name" not in deployment and "invoke_url" not in deployment


def test_a_repeatable_block_has_no_maximum_and_a_single_one_has(thing):
    assert thing["block_types"]["rule"]["nesting_mode"] == "set"
    assert "max_items" not in thing["block_types"]["rule"]
    assert thing["block_types"]["first"]["max_items"] == 1


def test_a_required_block_has_a_minimum_of_one(thing):
    assert thing["block_types"]["first"]["min_items"] == 1
    assert thing["block_types"]["first"]["block"]["attributes"]["days"]["required"]


def test_a_structure_that_is_not_marked_as_a_block_is_a_nested_attribute(thing):
    assert thing["attributes"]["setting"]["nested_type"]["nesting_mode"] == "single"


def test_attributes_that_only_the_provider_sets_get_their_type_from_the_getter(thing):
    assert thing["attributes"]["hosts"] == {"type": ["set", "string"], "computed": True, "description_kind": "plain"}
    assert thing["attributes"]["endpoint"]["type"] == ["set", ["object", {"url": "string"}]]
