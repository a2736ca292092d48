//! One state, one environment. Suffix and region are part of every name, so another value over the same state would replace
//! everything that is deployed, the archive with its payloads among it. A plan that would do so fails, and a plan that
//! fails destroys nothing.
//!
//! The guard is a resource without an infrastructure: it remembers what the state was created with and is compared at each plan.
//! `hookline synth` reads it from a local state too, to say the same before anything is written.

use tfdsl::{Expr, Stack, Variable, block, body, cat};

use crate::aws::kinds::TerraformData;

/// Name of the guard: `terraform_data.environment`.
pub(crate) const GUARD: &str = "environment";
/// Key of the suffix in what the guard remembers.
pub(crate) const SUFFIX: &str = "environment_suffix";
/// Key of the region in what the guard remembers.
pub(crate) const REGION: &str = "region";

pub(super) fn declare(stack: &mut Stack, suffix: &Variable, region: &Variable) {
    let held = |key: &'static str| Expr::itself().attr("output").attr(key);
    let _: TerraformData = stack.resource(
        GUARD,
        body! {
            input: body! { (SUFFIX): suffix, (REGION): region },
            lifecycle: body! {
                // What the first apply wrote stays, whatever the variables say later.
                ignore_changes: [Expr::raw("input")],
                postcondition: block(body! {
                    condition: held(SUFFIX).eq(suffix).and(held(REGION).eq(region)),
                    error_message: cat![
                        "This state holds the environment `", held(SUFFIX), "` in ", held(REGION),
                        "; this plan is for `", suffix, "` in ", region,
                        " and would destroy all of it, the archived payloads included. Give each environment and region a state of its own: ",
                        "another workspace (terraform workspace new NAME) or another backend key.",
                    ],
                }),
            },
        },
    );
}
