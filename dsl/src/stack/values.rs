//! What goes in and what comes out: variables, locals, outputs, checks.

use crate::{Address, BlockKind, Body, IntoValue, Local, Stack, Variable};

impl Stack {
    /// An input variable: `type`, `default`, `description`, `validation`, `sensitive`, `nullable`, `ephemeral`.
    ///
    /// The default is literal: Terraform evaluates nothing in it.
    ///
    /// ```
    /// use tfdsl::{Stack, body};
    ///
    /// let mut stack = Stack::new();
    /// let region = stack.variable("region", body! { type: "string", default: "us-east-1", nullable: false });
    /// stack.output("region", &region);
    /// assert_eq!(
    ///     stack.synth()?.main_json(),
    ///     &serde_json::json!({
    ///         "variable": { "region": { "type": "string", "default": "us-east-1", "nullable": false } },
    ///         "output": { "region": { "value": "${var.region}" } },
    ///     })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn variable(&mut self, name: &str, body: Body) -> Variable {
        self.declare(Address::untyped(BlockKind::Variable, name), body);
        Variable::new(name)
    }

    /// A local value.
    ///
    /// ```
    /// use tfdsl::{Stack, cat};
    ///
    /// let mut stack = Stack::new();
    /// let team = stack.local("team", "payments");
    /// stack.local("prefix", cat![&team, "-webhooks"]);
    /// assert_eq!(
    ///     stack.synth()?.main_json(),
    ///     &serde_json::json!({ "locals": { "team": "payments", "prefix": "${local.team}-webhooks" } })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn local(&mut self, name: &str, value: impl IntoValue) -> Local {
        self.declare(Address::untyped(BlockKind::Local, name), value);
        Local::new(name)
    }

    /// Assertions about the whole: a failing one is a warning of `terraform apply`.
    ///
    /// ```
    /// use tfdsl::{Stack, block, body};
    ///
    /// let mut stack = Stack::new();
    /// let url = stack.variable("url", body! {});
    /// stack.check("reachable", body! {
    ///     assert: block(body! { condition: url.expr().ne(""), error_message: "No URL." }),
    /// });
    /// assert_eq!(
    ///     stack.synth()?.main_json()["check"],
    ///     serde_json::json!({ "reachable": {
    ///         "assert": [{ "condition": "${var.url != \"\"}", "error_message": "No URL." }],
    ///     } })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn check(&mut self, name: &str, body: Body) {
        self.declare(Address::untyped(BlockKind::Check, name), body);
    }

    /// An output value.
    #[track_caller]
    pub fn output(&mut self, name: &str, value: impl IntoValue) {
        self.output_with(name, crate::body! { value: value });
    }

    /// An output value with all its arguments: `value`, `description`, `sensitive`, `ephemeral`, `depends_on`,
    /// `precondition`.
    ///
    /// ```
    /// use tfdsl::{Stack, body};
    ///
    /// let mut stack = Stack::new();
    /// stack.output_with("url", body! { value: "https://example.com", description: "Costs ${0}.", sensitive: true });
    /// assert_eq!(
    ///     stack.synth()?.main_json()["output"]["url"],
    ///     serde_json::json!({ "value": "https://example.com", "description": "Costs ${0}.", "sensitive": true })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn output_with(&mut self, name: &str, body: Body) {
        self.declare(Address::untyped(BlockKind::Output, name), body);
    }
}
