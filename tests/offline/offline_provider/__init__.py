"""The offline stand-in for hashicorp/aws: see ../README.md for what it proves and what it cannot."""

VERSION = "6.66.0"
ADDRESS = "registry.terraform.io/hashicorp/aws"
