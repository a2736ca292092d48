//! The stack: every block in declaration order, and the functions that declare one.

use std::fmt;

use indexmap::IndexMap;
use indexmap::map::Entry;

use crate::block::{Block, BlockView};
use crate::body::Body;
use crate::check::schema::Schema;
use crate::check::{self, Rule};
use crate::finding::Findings;
use crate::handle::{Local, Module, ProviderRef, Variable};
use crate::kind::{DataKind, EphemeralKind, Kind, ResourceKind};
use crate::place::Place;
use crate::render::Renderer;
use crate::synthesized::Synthesized;
use crate::{Address, AddressKind, Value, json};

/// The graph under construction.
///
/// Declaring a block returns its handle. Nothing is checked while declaring; [`synth`](Self::synth) checks everything
/// and reports all mistakes at once.
#[derive(Default)]
pub struct Stack {
    pub(crate) blocks: IndexMap<Address, Block>,
    /// Blocks whose address was taken already.
    pub(crate) duplicates: Vec<Block>,
    /// How many blocks there are of each kind that has no names.
    anonymous: IndexMap<AddressKind, usize>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) schemas: Vec<Schema>,
}

impl Stack {
    /// A stack without anything in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Which versions of Terraform may run the document: `terraform.required_version`, in `versions.tf.json`.
    #[track_caller]
    pub fn required_version(&mut self, constraint: impl Into<String>) {
        self.declare(
            Address::untyped(AddressKind::RequiredVersion, ""),
            Value::Text(constraint.into()),
        );
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
    pub fn required_provider(
        &mut self,
        name: &str,
        source: impl Into<String>,
        version: impl Into<String>,
    ) {
        let body = crate::body! { source: source.into(), version: version.into() };
        self.required_provider_with(name, body);
    }

    /// As [`required_provider`](Self::required_provider), with all arguments (`configuration_aliases` too).
    #[track_caller]
    pub fn required_provider_with(&mut self, name: &str, body: Body) {
        self.declare(Address::untyped(AddressKind::RequiredProvider, name), body);
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
        self.declare(Address::untyped(AddressKind::Backend, kind), body);
    }

    /// HCP Terraform in place of a backend: `terraform.cloud`.
    #[track_caller]
    pub fn cloud(&mut self, body: Body) {
        self.declare(Address::untyped(AddressKind::Cloud, ""), body);
    }

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
        self.declare(Address::untyped(AddressKind::Variable, name), body);
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
    pub fn local(&mut self, name: &str, value: impl Into<Value>) -> Local {
        self.declare(Address::untyped(AddressKind::Local, name), value);
        Local::new(name)
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
        let address = Address::new(AddressKind::Provider, name.to_owned(), alias);
        self.declare(address.clone(), body);
        ProviderRef::new(address)
    }

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
        self.declare(Address::untyped(AddressKind::Module, name), body);
        Module::new(name)
    }

    /// A block has a new address: `from` is the old one, as text.
    ///
    /// ```
    /// use tfdsl::{Stack, body, kind};
    ///
    /// kind! { Data = "terraform_data" {} }
    ///
    /// let mut stack = Stack::new();
    /// let new: Data = stack.resource("new", body! {});
    /// stack.moved("terraform_data.old", new.address());
    /// assert_eq!(
    ///     stack.synth()?.main_json()["moved"],
    ///     serde_json::json!({ "from": "terraform_data.old", "to": "terraform_data.new" })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn moved(&mut self, from: impl Into<Value>, to: impl Into<Value>) {
        let body = crate::body! { from: from, to: to };
        self.declare_anonymous(AddressKind::Moved, body);
    }

    /// A block is gone: `from` is its address, `lifecycle.destroy` says whether what it stood for goes too.
    ///
    /// ```
    /// use tfdsl::{Stack, block, body};
    ///
    /// let mut stack = Stack::new();
    /// stack.removed(body! { from: "terraform_data.old", lifecycle: block(body! { destroy: false }) });
    /// assert_eq!(
    ///     stack.synth()?.main_json()["removed"],
    ///     serde_json::json!({ "from": "terraform_data.old", "lifecycle": [{ "destroy": false }] })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn removed(&mut self, body: Body) {
        self.declare_anonymous(AddressKind::Removed, body);
    }

    /// Something that exists already becomes a block of this stack: `to` and `id`.
    ///
    /// ```
    /// use tfdsl::{Stack, body, kind};
    ///
    /// kind! { Bucket = "aws_s3_bucket" {} }
    ///
    /// let mut stack = Stack::new();
    /// let bucket: Bucket = stack.resource("old", body! { bucket: "old-bucket" });
    /// stack.import(body! { to: bucket.address(), id: "old-bucket" });
    /// assert_eq!(
    ///     stack.synth()?.main_json()["import"],
    ///     serde_json::json!({ "to": "aws_s3_bucket.old", "id": "old-bucket" })
    /// );
    /// # Ok::<(), tfdsl::Findings>(())
    /// ```
    #[track_caller]
    pub fn import(&mut self, body: Body) {
        self.declare_anonymous(AddressKind::Import, body);
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
        self.declare(Address::untyped(AddressKind::Check, name), body);
    }

    /// An output value.
    #[track_caller]
    pub fn output(&mut self, name: &str, value: impl Into<Value>) {
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
        self.declare(Address::untyped(AddressKind::Output, name), body);
    }

    /// Adds a rule of your own, checked for every block at synth: return what is wrong with it.
    ///
    /// ```
    /// use tfdsl::{Stack, body, kind};
    ///
    /// kind! { Data = "terraform_data" {} }
    ///
    /// let mut stack = Stack::new();
    /// stack.rule("every resource has an input", |block| {
    ///     block.resource_type()?;
    ///     block.rendered("input").is_none().then(|| "no input".to_owned())
    /// });
    /// let _: Data = stack.resource("empty", body! {});
    ///
    /// let findings = stack.synth().unwrap_err();
    /// let text = findings.to_string();
    /// assert!(text.starts_with("error: terraform_data.empty: no input\n  --> "));
    /// assert!(text.ends_with("\n  help: rule: every resource has an input"));
    /// ```
    pub fn rule(
        &mut self,
        name: impl Into<String>,
        check: impl Fn(&BlockView<'_>) -> Option<String> + Send + Sync + 'static,
    ) {
        self.rules.push(Rule::new(name.into(), Box::new(check)));
    }

    /// Checks resources and data sources against a provider's schema at synth, for the types that it knows.
    pub fn schema(&mut self, schema: Schema) {
        self.schemas.push(schema);
    }

    /// The body of a declared block as it goes to the document; `None` if there is no such block.
    pub fn body(&self, address: &Address) -> Option<serde_json::Value> {
        let block = self.blocks.get(address)?;
        Some(Renderer::new(block.place).block(block))
    }

    /// The addresses of all blocks in declaration order.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.blocks.keys()
    }

    /// Where a block was declared.
    pub fn place(&self, address: &Address) -> Option<Place> {
        self.blocks.get(address).map(|block| block.place)
    }

    /// Checks everything and renders the document.
    ///
    /// The same stack gives the same bytes; blocks stand in declaration order in their sections.
    ///
    /// # Errors
    /// All [`Findings`] at once, in declaration order.
    pub fn synth(&self) -> Result<Synthesized, Findings> {
        let mut bodies = Vec::with_capacity(self.blocks.len());
        let mut notes = Vec::with_capacity(self.blocks.len());
        for block in self.blocks.values() {
            let mut renderer = Renderer::new(block.place);
            bodies.push(renderer.block(block));
            notes.push(renderer);
        }
        if let Some(findings) = Findings::new(check::all(self, &bodies, &notes)) {
            return Err(findings);
        }
        let (main, versions) = json::documents(self.blocks.keys().zip(bodies));
        Ok(Synthesized::new(main, versions))
    }

    #[track_caller]
    fn kind<K: Kind>(&mut self, name: &str, body: Body) -> K {
        let address = Address::new(K::KIND, K::TYPE, name);
        self.declare(address.clone(), body);
        K::__new(address)
    }

    #[track_caller]
    fn declare_anonymous(&mut self, kind: AddressKind, body: Body) {
        let count = self.anonymous.entry(kind).or_default();
        let position = *count;
        *count += 1;
        self.declare(Address::untyped(kind, position.to_string()), body);
    }

    #[track_caller]
    fn declare(&mut self, address: Address, content: impl Into<Value>) {
        let block = Block {
            address,
            content: content.into(),
            place: Place::here(),
        };
        match self.blocks.entry(block.address.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(block);
            }
            Entry::Occupied(_) => self.duplicates.push(block),
        }
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.blocks.keys().map(ToString::to_string))
            .finish()
    }
}
