//! IAM policy documents, rendered by Terraform's own `jsonencode` so that references stay references.
//!
//! Every document carries `Version = "2012-10-17"`: without it policy variables are plain text, and SQS never reports
//! the policy as applied, so that Terraform waits until it times out.

use tfdsl::{Body, Expr, Value, body, json_encode};

/// The policy language version that every document names.
const POLICY_VERSION: &str = "2012-10-17";

/// One statement of a policy document.
#[derive(Clone, Debug)]
pub struct Statement {
    sid: &'static str,
    effect: &'static str,
    principal: Option<Value>,
    actions: Vec<Value>,
    resources: Vec<Value>,
    conditions: Vec<(&'static str, &'static str, Value)>,
}

impl Statement {
    /// Grants `actions`. `sid` is letters and digits only, as IAM demands.
    pub fn allow<const N: usize>(sid: &'static str, actions: [&'static str; N]) -> Self {
        Self::new(sid, "Allow", &actions)
    }

    /// Refuses `actions`, whatever else grants them.
    pub fn deny<const N: usize>(sid: &'static str, actions: [&'static str; N]) -> Self {
        Self::new(sid, "Deny", &actions)
    }

    fn new(sid: &'static str, effect: &'static str, actions: &[&'static str]) -> Self {
        Self {
            sid,
            effect,
            principal: None,
            actions: actions.iter().map(|action| Value::from(*action)).collect(),
            resources: Vec::new(),
            conditions: Vec::new(),
        }
    }

    /// What the statement is about; trust policies have none.
    #[must_use]
    pub fn on<I>(mut self, resources: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Value>,
    {
        self.resources.extend(resources.into_iter().map(Into::into));
        self
    }

    /// Names an AWS service as the one acting, as resource and trust policies need.
    #[must_use]
    pub fn by_service(mut self, service: &'static str) -> Self {
        self.principal = Some(body! { Service: service }.into());
        self
    }

    /// Names everyone as the one acting: only ever sensible together with `deny`.
    #[must_use]
    pub fn by_anyone(mut self) -> Self {
        self.principal = Some("*".into());
        self
    }

    /// Adds a condition, such as `("ArnEquals", "aws:SourceArn", rule.arn())`.
    #[must_use]
    pub fn when(mut self, operator: &'static str, key: &'static str, value: impl Into<Value>) -> Self {
        self.conditions.push((operator, key, value.into()));
        self
    }

    fn into_body(self) -> Body {
        let mut statement = body! { Sid: self.sid, Effect: self.effect };
        if let Some(principal) = self.principal {
            statement.insert("Principal", principal);
        }
        statement.insert("Action", self.actions);
        if !self.resources.is_empty() {
            statement.insert("Resource", self.resources);
        }
        let mut conditions = Body::new();
        for (operator, key, value) in self.conditions {
            conditions.insert(operator, body! { (key): value });
        }
        if !conditions.is_empty() {
            statement.insert("Condition", conditions);
        }
        statement
    }
}

/// Renders statements as one policy document.
///
/// ```
/// use hookline_stack::aws::policy::{Statement, document};
///
/// let policy = document([Statement::allow("SendWebhooks", ["sqs:SendMessage"]).on(["arn:aws:sqs:us-east-1:1:queue"])]);
/// ```
pub fn document<const N: usize>(statements: [Statement; N]) -> Expr {
    documents(statements)
}

/// As [`document`], for a list of statements that depends on the configuration.
pub fn documents(statements: impl IntoIterator<Item = Statement>) -> Expr {
    let statements: Vec<Value> = statements.into_iter().map(|statement| statement.into_body().into()).collect();
    json_encode(body! { Version: POLICY_VERSION, Statement: statements })
}

/// The trust policy of a role that `service` takes on.
pub fn trust(service: &'static str) -> Expr {
    document([Statement::allow("AssumeRole", ["sts:AssumeRole"]).by_service(service)])
}
