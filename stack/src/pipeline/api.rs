//! The REST API: the customer's route `POST /webhook` and the native route `POST /webhook/{provider}`.
//!
//! All of it is one `OpenAPI` document. So the API's deployment, whose `create_before_destroy` spreads to everything that it
//! depends on, depends on the API alone, and a route that is taken out is gone before the snapshot is made. The document is
//! the same for every list of providers: the function checks the provider of the path and the headers of its scheme.
//!
//! API Gateway itself refuses a request without the generic route's headers, hands the body on as exact bytes, and throttles.
//! A change to any part of the API changes the deployment's trigger, so that `terraform apply` redeploys.

use hookline_webhook::names::{GENERIC_PROVIDER_HEADER, GENERIC_SIGNATURE_HEADER, PROVIDER_PARAMETER, WEBHOOK_PATH};
use sha2::{Digest, Sha256};
use tfdsl::{Address, Body, Template, block, body, cat, json_encode};

use super::context::Context;
use crate::aws::kinds::{ApiDeployment, ApiMethodSettings, ApiStage, LambdaFunction, LambdaPermission, RestApi};

/// The longest that API Gateway waits for a function (REST API quotas, "Integration timeout").
const INTEGRATION_TIMEOUT_MILLISECONDS: u32 = 29_000;
/// TLS 1.2 with forward secrecy, or 1.3. A Regional API takes TLS 1.0 unless told otherwise, and its only policies from 1.2
/// on are those called `SecurityPolicy_` (API Gateway, "Security policies for REST APIs").
const SECURITY_POLICY: &str = "SecurityPolicy_TLS13_1_2_2021_06";
/// Those policies want an access mode. Strict: the name in the TLS handshake is the name of the request's host.
const ENDPOINT_ACCESS_MODE: &str = "STRICT";
/// Name of the request validator inside the API.
const VALIDATOR: &str = "required-parameters";
/// What the API is for, in the console.
const DESCRIPTION: &str = "Receives payment webhooks";

/// The deployed API.
pub(super) struct Api {
    pub(super) stage: ApiStage,
}

impl Api {
    /// URL of the generic route.
    pub(super) fn webhook_url(&self) -> Template {
        cat![self.stage.invoke_url(), "/", WEBHOOK_PATH]
    }

    /// URL of a provider's own route.
    pub(super) fn provider_url(&self, provider: &str) -> Template {
        cat![self.stage.invoke_url(), "/", WEBHOOK_PATH, "/", provider]
    }
}

pub(super) fn declare(context: &mut Context<'_>, ingestion: &LambdaFunction, ingestion_name: Template) -> Api {
    let tags = context.tags();
    let name = context.names.of("api");
    let definition = definition(context, name.clone(), ingestion_name);
    let rest_api: RestApi = context.stack.resource(
        "webhooks",
        body! {
            name: name,
            description: DESCRIPTION,
            endpoint_configuration: block(body! { types: ["REGIONAL"] }),
            security_policy: SECURITY_POLICY,
            endpoint_access_mode: ENDPOINT_ACCESS_MODE,
            // Signatures are over exact bytes; as text API Gateway would hand on UTF-8 only.
            binary_media_types: ["*/*"],
            // Routes that are not in the document are removed. The arguments above win over the document: after an import
            // the provider sets them again.
            put_rest_api_mode: "overwrite",
            body: json_encode(definition),
            tags: tags,
            // The deployment demands it of everything that it depends on; told here, so that it is seen.
            lifecycle: body! { create_before_destroy: true },
        },
    );
    let permissions = allow_invocation(context, &rest_api, ingestion);
    let stage = deploy(context, &rest_api, &permissions);
    Api { stage }
}

/// The API as an `OpenAPI` document with Amazon's extensions.
fn definition(context: &Context<'_>, name: Template, ingestion_name: Template) -> Body {
    let generic = vec![required(GENERIC_SIGNATURE_HEADER, "header"), required(GENERIC_PROVIDER_HEADER, "header")];
    let native = vec![required(PROVIDER_PARAMETER, "path")];
    let invocation = invocation_uri(context, ingestion_name);
    body! {
        openapi: "3.0.1",
        // An import sets name and description from here, before the provider sets them from the arguments.
        info: body! { title: name, description: DESCRIPTION, version: "1" },
        paths: body! {
            (format!("/{WEBHOOK_PATH}")): body! { post: operation(generic, invocation.clone()) },
            (format!("/{WEBHOOK_PATH}/{{{PROVIDER_PARAMETER}}}")): body! { post: operation(native, invocation) },
        },
        "x-amazon-apigateway-request-validators": body! {
            (VALIDATOR): body! { validateRequestParameters: true, validateRequestBody: false },
        },
        "x-amazon-apigateway-request-validator": VALIDATOR,
        "x-amazon-apigateway-gateway-responses": own_answers(),
        "x-amazon-apigateway-security-policy": SECURITY_POLICY,
        "x-amazon-apigateway-endpoint-access-mode": ENDPOINT_ACCESS_MODE,
    }
}

fn required(name: &str, place: &str) -> Body {
    body! { name: name, in: place, required: true, schema: body! { type: "string" } }
}

/// Without `security`: webhook senders cannot log in; the signature is the proof.
fn operation(parameters: Vec<Body>, invocation: Template) -> Body {
    body! {
        parameters: parameters,
        "x-amazon-apigateway-integration": body! {
            type: "aws_proxy",
            // How API Gateway calls Lambda, not how the sender calls us.
            httpMethod: "POST",
            uri: invocation,
            timeoutInMillis: INTEGRATION_TIMEOUT_MILLISECONDS,
        },
    }
}

/// The function's invocation URI, put together from names: a reference to the function would let `create_before_destroy` spread
/// to it and to all that it depends on, and what has a fixed name cannot be created before it is destroyed.
fn invocation_uri(context: &Context<'_>, ingestion_name: Template) -> Template {
    let partition = context.partition.partition();
    let region = context.names.region();
    cat![
        "arn:",
        partition.clone(),
        ":apigateway:",
        region,
        ":lambda:path/2015-03-31/functions/arn:",
        partition,
        ":lambda:",
        region,
        ":",
        context.account.account_id(),
        ":function:",
        ingestion_name,
        "/invocations"
    ]
}

/// The answers that API Gateway gives without asking the function, in the function's own form.
fn own_answers() -> Body {
    [
        ("BAD_REQUEST_PARAMETERS", "400", r#"{"error":"header_missing","message":$context.error.messageString}"#),
        ("THROTTLED", "429", r#"{"error":"throttled","message":"too many requests: retry later"}"#),
        // API Gateway's own answer to an unknown path is 403 "Missing Authentication Token".
        (
            "MISSING_AUTHENTICATION_TOKEN",
            "404",
            r#"{"error":"provider_unknown","message":"no such route or provider"}"#,
        ),
    ]
    .into_iter()
    .map(|(kind, status, template)| {
        let answer = body! {
            statusCode: status,
            responseTemplates: body! { "application/json": template },
        };
        (kind, answer)
    })
    .collect()
}

fn deploy(context: &mut Context<'_>, rest_api: &RestApi, permissions: &[Address]) -> ApiStage {
    let fingerprint = fingerprint(context, rest_api);
    let suffix = context.names.suffix().clone();
    let region = context.names.region().clone();
    let deployment: ApiDeployment = context.stack.resource(
        "webhooks",
        body! {
            rest_api_id: rest_api.id(),
            // The fingerprint is computed here from what is declared, not by Terraform from what the provider returns: a
            // provider release that adds an attribute must not redeploy every customer. Suffix and region are variables in
            // it, so they stand beside it.
            triggers: body! { redeployment: fingerprint, environment_suffix: suffix, region: region },
            lifecycle: body! { create_before_destroy: true },
        },
    );
    let tags = context.tags();
    let stage: ApiStage = context.stack.resource(
        "webhooks",
        body! {
            rest_api_id: rest_api.id(),
            deployment_id: deployment.id(),
            stage_name: context.names.suffix(),
            xray_tracing_enabled: true,
            tags: tags,
            // A route that is open before API Gateway may call the function answers 500.
            depends_on: permissions.to_vec(),
        },
    );
    let _: ApiMethodSettings = context.stack.resource(
        "webhooks",
        body! {
            rest_api_id: rest_api.id(),
            stage_name: stage.stage_name(),
            method_path: "*/*",
            settings: block(body! {
                throttling_rate_limit: context.settings.api.throttling_rate_limit.get(),
                throttling_burst_limit: context.settings.api.throttling_burst_limit.get(),
                // Metrics per method: each is paid for, and the alarms read those of the stage, which are free.
                metrics_enabled: false,
                // Anything else needs aws_api_gateway_account, which is one per region and is reset when any environment
                // that holds it is destroyed. The functions log every outcome.
                logging_level: "OFF",
                data_trace_enabled: false,
            }),
            // They are part of the stage and go with it; its name stays the same.
            lifecycle: body! { replace_triggered_by: [stage.id()] },
        },
    );
    stage
}

/// Of everything that is said about the API, as it stands in the document.
fn fingerprint(context: &Context<'_>, rest_api: &RestApi) -> String {
    let body = context.stack.body(&rest_api.address()).unwrap_or_default();
    hex::encode(Sha256::digest(body.to_string()))
}

fn allow_invocation(context: &mut Context<'_>, rest_api: &RestApi, ingestion: &LambdaFunction) -> [Address; 2] {
    [("webhook", cat!["/*/POST/", WEBHOOK_PATH]), ("providers", cat!["/*/POST/", WEBHOOK_PATH, "/*"])].map(
        |(block_name, route)| {
            let permission: LambdaPermission = context.stack.resource(
                block_name,
                body! {
                    statement_id: context.names.statement(&format!("webhook-api-{block_name}")),
                    action: "lambda:InvokeFunction",
                    // The id is the name. It is not known while the function is replaced, so the permission, which is part of
                    // the function and goes with it, is replaced too.
                    function_name: ingestion.id(),
                    principal: "apigateway.amazonaws.com",
                    // This API only, any stage of it, these routes only.
                    source_arn: cat![rest_api.execution_arn(), route],
                },
            );
            permission.address()
        },
    )
}
