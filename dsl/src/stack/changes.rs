//! Blocks that say what became of other blocks: moved, removed, imported.

use crate::{BlockKind, Body, IntoValue, Stack};

impl Stack {
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
    pub fn moved(&mut self, from: impl IntoValue, to: impl IntoValue) {
        let body = crate::body! { from: from, to: to };
        self.declare_anonymous(BlockKind::Moved, body);
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
        self.declare_anonymous(BlockKind::Removed, body);
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
        self.declare_anonymous(BlockKind::Import, body);
    }
}
