//! Which Terraform, which providers, and where the state is kept.

use crate::{Address, BlockKind, Body, ProviderRef, Stack, Value};

impl Stack {
    /// Which versions of Terraform may run the document: `terraform.required_version`, in `versions.tf.json`.
    #[track_caller]
    pub fn required_version(&mut self, constraint: impl Into<String>) {
        self.declare(Address::untyped(BlockKind::RequiredVersion, ""), Value::Text(constraint.into()));
    }

    /// Which provider a local name stands for, and in which versions: `terraform.required_providers`, in
    /// `versions.tf.json`.
    ///
    /// ```
    /// use tfdsl::Stack;
    ///
    /// let mut stack = Stack::new();
    /// stack.required_version(">= 1.10.0");
    /// stack.required_provider("aws", "hashicorp/aws", "~> 6.66");
    /// assert_eq!(
    ///     stack.synth()?.versions_json(),
    ///     &serde_json::json!({ "terraform": {
    ///         "required_version": ">= 1.10.0",
    ///         "required_providers": { "aws": { "source": "hashicorp/aws", "version": "~> 6.66" } },
    ///     } })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn required_provider(&mut self, name: &str, source: impl Into<String>, version: impl Into<String>) {
        let body = crate::body! { source: source.into(), version: version.into() };
        self.required_provider_with(name, body);
    }

    /// As [`required_provider`](Self::required_provider), with all arguments (`configuration_aliases` too).
    #[track_caller]
    pub fn required_provider_with(&mut self, name: &str, body: Body) {
        self.declare(Address::untyped(BlockKind::RequiredProvider, name), body);
    }

    /// Where the state is kept. Terraform evaluates nothing in a backend: literal values only.
    ///
    /// ```
    /// use tfdsl::{Stack, body};
    ///
    /// let mut stack = Stack::new();
    /// stack.backend("s3", body! { bucket: "states", key: "hookline/dev", use_lockfile: true });
    /// assert_eq!(
    ///     stack.synth()?.main_json(),
    ///     &serde_json::json!({ "terraform": { "backend": { "s3": {
    ///         "bucket": "states", "key": "hookline/dev", "use_lockfile": true,
    ///     } } } })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn backend(&mut self, kind: &str, body: Body) {
        self.declare(Address::untyped(BlockKind::Backend, kind), body);
    }

    /// HCP Terraform in place of a backend: `terraform.cloud`.
    #[track_caller]
    pub fn cloud(&mut self, body: Body) {
        self.declare(Address::untyped(BlockKind::Cloud, ""), body);
    }

    /// A provider configuration; with the key `alias` an additional one.
    ///
    /// ```
    /// use tfdsl::{Stack, body, kind};
    ///
    /// kind! { Bucket = "aws_s3_bucket" { arn } }
    ///
    /// let mut stack = Stack::new();
    /// stack.provider("aws", body! { region: "us-east-1" });
    /// let west = stack.provider("aws", body! { alias: "west", region: "us-west-2" });
    /// let _: Bucket = stack.resource("copies", body! { bucket: "copies", provider: west.reference() });
    /// assert_eq!(
    ///     stack.synth()?.main_json(),
    ///     &serde_json::json!({
    ///         "provider": { "aws": [{ "region": "us-east-1" }, { "alias": "west", "region": "us-west-2" }] },
    ///         "resource": { "aws_s3_bucket": { "copies": { "bucket": "copies", "provider": "aws.west" } } },
    ///     })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn provider(&mut self, name: &str, body: Body) -> ProviderRef {
        let alias = match body.get("alias") {
            Some(Value::Text(alias)) => alias.as_str(),
            _ => "",
        };
        let address = Address::new(BlockKind::Provider, name.to_owned(), alias);
        self.declare(address.clone(), body);
        ProviderRef::new(address)
    }
}
