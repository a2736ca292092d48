//! The REST API: the customer's route `POST /webhook` and a native route `POST /webhook/{provider}` for each provider.
//!
//! API Gateway itself refuses a request without the route's required headers, hands the body on as exact bytes, and
//! throttles. A change to any part of the API changes the deployment's trigger, so that `terraform apply` redeploys.

use hookline_webhook::names::{GENERIC_PROVIDER_HEADER, GENERIC_SIGNATURE_HEADER, WEBHOOK_PATH};
use sha2::{Digest, Sha256};
use tfdsl::{Address, Body, block, body, cat};

use super::context::Context;
use super::naming::block_name;
use crate::aws::kinds::{
    ApiDeployment, ApiGatewayResponse, ApiIntegration, ApiMethod, ApiMethodSettings,
    ApiRequestValidator, ApiResource, ApiStage, LambdaFunction, LambdaPermission, RestApi,
};

/// The longest that API Gateway waits for a function (REST API quotas, "Integration timeout").
const INTEGRATION_TIMEOUT_MILLISECONDS: u32 = 29_000;

/// The deployed API.
pub(super) struct Api {
    pub(super) stage: ApiStage,
}

impl Api {
    /// URL of the generic route.
    pub(super) fn webhook_url(&self) -> tfdsl::Template {
        cat![self.stage.invoke_url(), "/", WEBHOOK_PATH]
    }

    /// URL of a provider's own route.
    pub(super) fn provider_url(&self, provider: &str) -> tfdsl::Template {
        cat![self.stage.invoke_url(), "/", WEBHOOK_PATH, "/", provider]
    }
}

/// The API while it is put together; remembers its parts for the deployment.
struct Routes<'c, 'a> {
    context: &'c mut Context<'a>,
    rest_api: RestApi,
    validator: ApiRequestValidator,
    ingestion: LambdaFunction,
    parts: Vec<Address>,
}

pub(super) fn declare(context: &mut Context<'_>, ingestion: &LambdaFunction) -> Api {
    let tags = context.tags();
    let rest_api: RestApi = context.stack.resource(
        "webhooks",
        body! {
            name: context.names.of("api"),
            description: "Receives payment webhooks",
            endpoint_configuration: block(body! { types: ["REGIONAL"] }),
            // Signatures are over exact bytes; as text API Gateway would hand on UTF-8 only.
            binary_media_types: ["*/*"],
            tags: tags,
            lifecycle: body! { create_before_destroy: true },
        },
    );
    let validator: ApiRequestValidator = context.stack.resource(
        "required_headers",
        body! {
            name: context.names.of("validator"),
            rest_api_id: rest_api.id(),
            validate_request_parameters: true,
            validate_request_body: false,
        },
    );
    let parts = vec![rest_api.address(), validator.address()];
    let mut routes = Routes {
        context,
        rest_api: rest_api.clone(),
        validator,
        ingestion: ingestion.clone(),
        parts,
    };
    routes.declare_all();
    routes.declare_own_answers();
    let parts = routes.parts;
    let stage = deploy(context, &rest_api, &parts);
    allow_invocation(context, &rest_api, ingestion);
    Api { stage }
}

impl Routes<'_, '_> {
    fn declare_all(&mut self) {
        let webhook = self.path("webhook", self.rest_api.root_resource_id(), WEBHOOK_PATH);
        self.post(
            "webhook",
            &webhook,
            &[GENERIC_SIGNATURE_HEADER, GENERIC_PROVIDER_HEADER],
        );
        let providers = self.context.settings.providers.clone();
        for (provider, scheme) in providers.iter() {
            let block_name = block_name(provider);
            let path = self.path(&block_name, webhook.id(), provider.as_str());
            self.post(&block_name, &path, &scheme.required_headers());
        }
    }

    fn path(&mut self, block_name: &str, parent: tfdsl::Expr, part: &str) -> ApiResource {
        let resource: ApiResource = self.context.stack.resource(
            block_name,
            body! { rest_api_id: self.rest_api.id(), parent_id: parent, path_part: part },
        );
        self.parts.push(resource.address());
        resource
    }

    fn post(&mut self, block_name: &str, path: &ApiResource, required_headers: &[&str]) {
        let parameters: Body = required_headers
            .iter()
            .map(|header| (format!("method.request.header.{header}"), true))
            .collect();
        let method: ApiMethod = self.context.stack.resource(
            block_name,
            body! {
                rest_api_id: self.rest_api.id(),
                resource_id: path.id(),
                http_method: "POST",
                // Webhook senders cannot log in; the signature is the proof.
                authorization: "NONE",
                request_parameters: parameters,
                request_validator_id: self.validator.id(),
            },
        );
        let integration: ApiIntegration = self.context.stack.resource(
            block_name,
            body! {
                rest_api_id: self.rest_api.id(),
                resource_id: path.id(),
                http_method: method.http_method(),
                type: "AWS_PROXY",
                // How API Gateway calls Lambda, not how the sender calls us.
                integration_http_method: "POST",
                uri: self.ingestion.invoke_arn(),
                timeout_milliseconds: INTEGRATION_TIMEOUT_MILLISECONDS,
            },
        );
        self.parts.extend([method.address(), integration.address()]);
    }

    /// The answers that API Gateway gives without asking the function, in the function's own form.
    fn declare_own_answers(&mut self) {
        let answers = [
            (
                "missing_header",
                "BAD_REQUEST_PARAMETERS",
                "400",
                r#"{"error":"header_missing","message":$context.error.messageString}"#,
            ),
            (
                "throttled",
                "THROTTLED",
                "429",
                r#"{"error":"throttled","message":"too many requests: retry later"}"#,
            ),
            // API Gateway's own answer to an unknown path is 403 "Missing Authentication Token".
            (
                "unknown_route",
                "MISSING_AUTHENTICATION_TOKEN",
                "404",
                r#"{"error":"provider_unknown","message":"no such route or provider"}"#,
            ),
        ];
        for (block_name, response_type, status, template) in answers {
            let answer: ApiGatewayResponse = self.context.stack.resource(
                block_name,
                body! {
                    rest_api_id: self.rest_api.id(),
                    response_type: response_type,
                    status_code: status,
                    response_templates: body! { "application/json": template },
                },
            );
            self.parts.push(answer.address());
        }
    }
}

fn deploy(context: &mut Context<'_>, rest_api: &RestApi, parts: &[Address]) -> ApiStage {
    let fingerprint = fingerprint(context, parts);
    let deployment: ApiDeployment = context.stack.resource(
        "webhooks",
        body! {
            rest_api_id: rest_api.id(),
            // Computed here from what is declared, not by Terraform from what the provider returns: a provider release that
            // adds an attribute must not redeploy every customer.
            triggers: body! { redeployment: fingerprint },
            lifecycle: body! { create_before_destroy: true },
            depends_on: parts.to_vec(),
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
        },
    );
    let _: ApiMethodSettings = context.stack.resource(
        "webhooks",
        body! {
            rest_api_id: rest_api.id(),
            stage_name: stage.stage_name(),
            method_path: "*/*",
            settings: block(body! {
                throttling_rate_limit: context.settings.api.throttling_rate_limit,
                throttling_burst_limit: context.settings.api.throttling_burst_limit,
                metrics_enabled: true,
                // Anything else needs aws_api_gateway_account, which is one per region and is reset when any environment
                // that holds it is destroyed. The functions log every outcome.
                logging_level: "OFF",
                data_trace_enabled: false,
            }),
        },
    );
    stage
}

fn fingerprint(context: &Context<'_>, parts: &[Address]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        let body = context.stack.body(part).unwrap_or_default();
        hasher.update(format!("{part}={body}\n"));
    }
    hex::encode(hasher.finalize())
}

fn allow_invocation(context: &mut Context<'_>, rest_api: &RestApi, ingestion: &LambdaFunction) {
    let routes = [
        ("webhook", cat!["/*/POST/", WEBHOOK_PATH]),
        ("providers", cat!["/*/POST/", WEBHOOK_PATH, "/*"]),
    ];
    for (block_name, route) in routes {
        let _: LambdaPermission = context.stack.resource(
            block_name,
            body! {
                statement_id: context.names.statement(&format!("webhook-api-{block_name}")),
                action: "lambda:InvokeFunction",
                function_name: ingestion.function_name(),
                principal: "apigateway.amazonaws.com",
                // This API only, any stage of it, these routes only.
                source_arn: cat![rest_api.execution_arn(), route],
            },
        );
    }
}
