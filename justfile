# Every task of the project. Start it as `./just`, which brings the tools along.

set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

venv := justfile_directory() / ".tools/venv/bin"
python := venv / "python"
host := if arch() == "aarch64" { "arm64" } else { "x86_64" }
ops := "cargo run --quiet --package hookline-ops --bin hookline-ops --"

# List the tasks
default:
    @just --justfile "{{ justfile() }}" --list --unsorted

# Write out/main.tf.json and out/versions.tf.json: ./just synth [--environment-suffix dev] [--region us-east-1] ...
synth *options:
    @cargo run --quiet --package hookline-stack --bin hookline -- synth "$@"

# Draw the resource graph: ./just graph [--format svg|mermaid|dot] [--output graph.svg]
graph *options:
    @cargo run --quiet --package hookline-stack --bin hookline -- graph "$@"

# Compare two synthesized documents without terraform: ./just diff OLD NEW [--json] [--exit-code]
diff *options:
    @cargo run --quiet --package hookline-stack --bin hookline -- diff "$@"

# Run terraform validate on out/ and show each finding at its Rust line
validate *options:
    @cargo run --quiet --package hookline-stack --bin hookline -- validate "$@"

# Build both Lambda functions into out/*.zip: ./just build [--arm64]
build *options:
    @"{{ python }}" ops/tools/build.py "$@"

# Show the whole pipeline at work on this machine: build, deploy to the emulator, send, receive, destroy
demo *options: (build "--host") (synth "--architecture" host)
    @{{ ops }} demo "$@"

# Deploy to the local emulator and leave it running: ./just up [--port 4566]
up *options: (build "--host") (synth "--architecture" host)
    @{{ ops }} up "$@"

# Stop what `up` started
down *options:
    @{{ ops }} down "$@"

# Send signed test webhooks: ./just send stripe payment_intent.succeeded [--count 3] [--forge]
send *options:
    @{{ ops }} send "$@"

# Show what a deployment would change: ./just plan env=staging
plan *options:
    @"{{ python }}" ops/tools/deploy.py plan "$@"

# Build and deploy to AWS: ./just deploy env=staging [region=eu-west-1] [-auto-approve]
deploy *options:
    @"{{ python }}" ops/tools/deploy.py deploy "$@"

# Remove a deployment from AWS: ./just destroy env=staging [-auto-approve]
destroy *options:
    @"{{ python }}" ops/tools/deploy.py destroy "$@"

# Run all tests: ./just test [filter]
test *filter: (build "--host") (synth "--architecture" host)
    cargo clippy --quiet --workspace --all-targets -- --deny warnings
    export TFDSL_REQUIRE_TERRAFORM=1; \
    if cargo nextest --version >/dev/null 2>&1; then \
        cargo nextest run --workspace --no-fail-fast "$@"; \
        cargo test --quiet --workspace --doc; \
    else \
        cargo test --workspace --no-fail-fast "$@"; \
    fi
    "{{ python }}" -m pytest --quiet -p no:cacheprovider tests/offline stack/src/aws/schema ops/tools

# Replace each resource of a deployed stack alone, about six minutes (the tests do it by type)
test-replacements: (build "--host") (synth "--architecture" host)
    cargo test --package hookline-tests --test end_to_end -- --ignored each_resource_alone

# Measure synth at 10,000 and 100,000 resources against printing the same document with plain serde_json
bench:
    cargo bench --package tfdsl --bench synth

# Check formatting and lints
lint:
    cargo fmt --all --check
    cargo clippy --quiet --workspace --all-targets -- --deny warnings

# Format the code
fmt:
    cargo fmt --all

# Rewrite the pinned versions and hashes of the tools: ./just pin [--upgrade]
pin *options:
    @ops/tools/pin.sh "$@"

# Remove what was built (never Terraform's state in out/)
clean:
    @if [ -e target/local/up ]; then {{ ops }} down; fi
    cargo clean --quiet
    rm -rf target out/ingestion.zip out/processing.zip out/main.tf.json out/versions.tf.json
