# Every task of the project. `./just` brings the tools along; a `just` of your own fetches them when they are needed.

set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

venv := justfile_directory() / ".tools/venv/bin"
python := venv / "python"
host := if arch() == "aarch64" { "arm64" } else { "x86_64" }
# Commands start in the checkout and go to where the user stands: relative paths are the user's.
from := "HOOKLINE_FROM=" + quote(invocation_directory())
# Without the AWS SDK, in a folder of its own: it must not take the place of the whole program, which the tests may be using.
hookline := from + " cargo run --quiet --profile quick --package hookline-ops --"
# What runs on this machine is compiled by one cargo call, which the tests share.
export CARGO_TARGET_DIR := env("CARGO_TARGET_DIR", justfile_directory() / "target")
compiled := CARGO_TARGET_DIR / "debug"
whole_hookline := from + " " + quote(compiled / "hookline")
tool := from + " " + quote(python)
cargo_deny := "0.20.2"

# The tools come after the user's own: a terraform that is installed wins over ours.
export PATH := env("PATH") + ":" + venv

# List the tasks
[no-exit-message]
default:
    @"{{ just_executable() }}" --justfile "{{ justfile() }}" --list --unsorted

# Fetch the pinned tools where they are missing
_tools:
    @ops/tools/ready.sh

# Write out/main.tf.json and out/versions.tf.json: ./just synth [--environment-suffix dev] [--region us-east-1] ...
[no-exit-message]
synth *options:
    @{{ hookline }} synth "$@"

# Draw the resource graph: ./just graph [--format svg|mermaid|dot] [--output graph.svg]
[no-exit-message]
graph *options:
    @{{ hookline }} graph "$@"

# Compare two synthesized documents without terraform: ./just diff OLD NEW [--json] [--exit-code]
[no-exit-message]
diff *options:
    @{{ hookline }} diff "$@"

# Run terraform validate on out/ and show each finding at its Rust line
[no-exit-message]
validate *options: _tools
    @{{ hookline }} validate "$@"

# Print the settings that count, options included, as JSON
[no-exit-message]
settings *options:
    @{{ hookline }} settings "$@"

# Build both Lambda functions into out/*.zip: ./just build [--arm64]
[no-exit-message]
build *options: _tools
    @{{ tool }} ops/tools/build.py "$@"

# Show the whole pipeline at work on this machine: build, deploy to the emulator, send, receive, destroy
[no-exit-message]
demo *options: _local
    @{{ whole_hookline }} demo "$@"

# Deploy to the local emulator and leave it running; again after a change: the difference. ./just up [--port 4566]
[no-exit-message]
up *options: _local
    @{{ whole_hookline }} up "$@"

# Stop what `up` started
[no-exit-message]
down *options: _commands
    @{{ whole_hookline }} down "$@"

# Send signed test webhooks: ./just send stripe payment_intent.succeeded [--count 3] [--forge] [--expect 401]
[no-exit-message]
send *options: _commands
    @{{ whole_hookline }} send "$@"

# Show what a deployment would change: ./just plan env=staging
[no-exit-message]
plan *options: _tools
    @{{ tool }} ops/tools/deploy.py plan "$@"

# Build and deploy to AWS: ./just deploy env=staging [region=eu-west-1] [-auto-approve]
[no-exit-message]
deploy *options: _tools
    @{{ tool }} ops/tools/deploy.py deploy "$@"

# Remove a deployment from AWS: ./just destroy env=staging [region=eu-west-1] [-auto-approve]
[no-exit-message]
destroy *options: _tools
    @{{ tool }} ops/tools/deploy.py destroy "$@"

# The commands for this machine
_commands:
    @cargo build --quiet --workspace --all-features --bins

# The functions, commands and document for this machine; out/ is for deployments alone
_local: _tools
    @echo "hookline: compiling what changed (minutes the first time)" >&2
    @{{ tool }} ops/tools/build.py --local
    @{{ whole_hookline }} synth --local --architecture {{ host }}

# Run all tests: ./just test [filter]
test *filter: _tools
    cargo test --quiet --workspace --all-features --no-run
    {{ tool }} ops/tools/build.py --local --compiled
    cargo clippy --quiet --workspace --all-features --all-targets -- --deny warnings
    cargo clippy --quiet --package hookline-ops --package hookline-tests --all-targets -- --deny warnings
    cargo test --quiet --profile quick --package hookline-ops --test left_out
    export TFDSL_REQUIRE_TERRAFORM=1; \
    if cargo nextest --version >/dev/null 2>&1; then \
        cargo nextest run --workspace --all-features --no-fail-fast "$@"; \
        cargo test --quiet --workspace --all-features --doc; \
    else \
        cargo test --workspace --all-features --no-fail-fast "$@"; \
    fi
    "{{ python }}" -m pytest --quiet -p no:cacheprovider tests/offline stack/src/aws/schema ops/tools

# Write every golden file anew and show how they differ from what is committed
golden:
    #!/usr/bin/env bash
    set -euo pipefail
    UPDATE_GOLDEN=1 cargo test --quiet --package hookline-tests --test json_diff --test cost >&2
    UPDATE_GOLDEN=1 cargo test --quiet --package hookline-stack --lib config::reference >&2
    TRYBUILD=overwrite cargo test --quiet --package tfdsl --test compile_fail >&2
    files=(tests/golden hookline.schema.json docs/configuration.md docs/cost.md dsl/tests/compile_fail)
    if git diff --quiet -- "${files[@]}"; then
        echo "hookline: no golden file differs from what is committed" >&2
    else
        git diff -- "${files[@]}"
    fi

# Sign and verify webhooks with the providers' own packages and write what they say: ./just vectors [scheme ...] (needs Node 20.11)
vectors *schemes: _tools
    @lambdas/webhook/tests/vectors/generate/vectors.sh {{ quote(python) }} "$@"

# Change every constant of every provider file, one at a time, and list the changes that no test notices
mutants:
    cargo test --quiet --package hookline-webhook --test mutants -- --nocapture

# Replace each resource of a deployed stack alone, about six minutes (the tests do it by type)
test-replacements: _local
    cargo test --workspace --all-features --test end_to_end -- --ignored each_resource_alone

# Deploy 200 providers with the longest names to the emulator, plan again, destroy (about ten minutes)
scale:
    HOOKLINE_SCALE=1 "{{ python }}" -m pytest --quiet -p no:cacheprovider tests/offline/tests/test_scale.py

# Measure synth at 10,000 and 100,000 resources against printing the same document with plain serde_json
bench:
    cargo bench --package tfdsl --bench synth

# Check the dependencies' licences, sources and advisories with cargo-deny (compiled into the user's cache, once; needs the network)
deny:
    #!/usr/bin/env bash
    set -euo pipefail
    folder="${XDG_CACHE_HOME:-$HOME/.cache}/hookline/cargo-deny-{{ cargo_deny }}"
    if [ ! -x "$folder/bin/cargo-deny" ]; then
        echo "hookline: compiling cargo-deny {{ cargo_deny }}, once (about three minutes on two cores)" >&2
        cargo install --quiet --locked --version "{{ cargo_deny }}" --root "$folder" --target-dir "$folder/target" cargo-deny
        rm -rf "$folder/target"
    fi
    "$folder/bin/cargo-deny" check

# Check formatting and lints
lint:
    cargo fmt --all --check
    cargo clippy --quiet --workspace --all-features --all-targets -- --deny warnings
    cargo clippy --quiet --package hookline-ops --package hookline-tests --all-targets -- --deny warnings

# Format the code
fmt:
    cargo fmt --all

# Rewrite the pinned versions and hashes of the tools: ./just pin [--upgrade]
pin *options: _tools
    @ops/tools/pin.sh "$@"

# Remove what was built (never Terraform's state in out/)
clean:
    @if [ -e target/local/up ]; then cargo build --quiet --workspace --all-features --bins && {{ whole_hookline }} down; fi
    cargo clean --quiet
    rm -rf target out/ingestion.zip out/processing.zip out/main.tf.json out/versions.tf.json
