//! Terraform's expression language: values, templates, expressions, functions, and a scanner for code written by hand.

pub(crate) mod expr;
pub(crate) mod function;
pub(crate) mod scan;
pub(crate) mod template;
pub(crate) mod value;
