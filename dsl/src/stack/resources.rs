//! What stands for something in the world: resources, data sources, ephemeral resources, modules.

use crate::{Address, BlockKind, Body, DataKind, EphemeralKind, Module, ResourceKind, Stack};

impl Stack {
    /// A managed resource. Meta-arguments (`depends_on`, `count`, `for_each`, `provider`, `lifecycle`) are ordinary
    /// keys, nested blocks are written with [`block`](crate::block()).
    ///
    /// ```
    /// use tfdsl::{Stack, block, body, kind};
    ///
    /// kind! { Data = "terraform_data" { output } }
    ///
    /// let mut stack = Stack::new();
    /// let first: Data = stack.resource("first", body! { input: "1" });
    /// let second: Data = stack.resource("second", body! {
    ///     input: first.output(),
    ///     depends_on: [first.address()],
    ///     lifecycle: body! {
    ///         create_before_destroy: true,
    ///         ignore_changes: ["input"],
    ///         replace_triggered_by: [first.output()],
    ///         precondition: block(body! { condition: first.output().ne(""), error_message: "Empty." }),
    ///     },
    /// });
    /// assert_eq!(
    ///     stack.synth()?.main_json()["resource"]["terraform_data"]["second"],
    ///     serde_json::json!({
    ///         "input": "${terraform_data.first.output}",
    ///         "depends_on": ["terraform_data.first"],
    ///         "lifecycle": {
    ///             "create_before_destroy": true,
    ///             "ignore_changes": ["input"],
    ///             "replace_triggered_by": ["terraform_data.first.output"],
    ///             "precondition": [{
    ///                 "condition": "${terraform_data.first.output != \"\"}",
    ///                 "error_message": "Empty.",
    ///             }],
    ///         },
    ///     })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn resource<K: ResourceKind>(&mut self, name: &str, body: Body) -> K {
        self.kind(name, body)
    }

    /// A data source.
    ///
    /// ```
    /// use tfdsl::{Stack, body, kind};
    ///
    /// kind! { CallerIdentity = data "aws_caller_identity" { account_id } }
    ///
    /// let mut stack = Stack::new();
    /// let who: CallerIdentity = stack.data("current", body! {});
    /// stack.output("account", who.account_id());
    /// assert_eq!(
    ///     stack.synth()?.main_json(),
    ///     &serde_json::json!({
    ///         "data": { "aws_caller_identity": { "current": {} } },
    ///         "output": { "account": { "value": "${data.aws_caller_identity.current.account_id}" } },
    ///     })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn data<K: DataKind>(&mut self, name: &str, body: Body) -> K {
        self.kind(name, body)
    }

    /// An ephemeral resource: its values are never kept in the state.
    #[track_caller]
    pub fn ephemeral<K: EphemeralKind>(&mut self, name: &str, body: Body) -> K {
        self.kind(name, body)
    }

    /// A call of a module; its outputs are read with [`Module::output`].
    ///
    /// ```
    /// use tfdsl::{Stack, body};
    ///
    /// let mut stack = Stack::new();
    /// let west = stack.provider("aws", body! { alias: "west" });
    /// let vpc = stack.module("vpc", body! {
    ///     source: "./vpc",
    ///     cidr: "10.0.0.0/16",
    ///     providers: body! { aws: west.reference() },
    /// });
    /// stack.output("subnets", vpc.output("subnet_ids"));
    /// let document = stack.synth()?;
    /// assert_eq!(
    ///     document.main_json()["module"],
    ///     serde_json::json!({ "vpc": {
    ///         "source": "./vpc", "cidr": "10.0.0.0/16", "providers": { "aws": "aws.west" },
    ///     } })
    /// );
    /// assert_eq!(document.main_json()["output"]["subnets"]["value"], "${module.vpc.subnet_ids}");
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn module(&mut self, name: &str, body: Body) -> Module {
        self.declare(Address::untyped(BlockKind::Module, name), body);
        Module::new(name)
    }
}
