#!/bin/sh
# Makes sure that the tools are there: cargo, and the pinned ones (ops/tools/requirements.txt) as .tools/venv.
#
# The first use puts them into a virtual environment in the user's cache and links it; nothing else on the machine
# changes. Later uses compare two files and are done.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd -P)
venv="$root/.tools/venv"
pins="$root/ops/tools"

fail() {
    printf '%s\n' "error: $1" >&2
    exit 1
}

command -v cargo >/dev/null 2>&1 ||
    fail "Rust is missing (no cargo on PATH): install it with rustup from https://rustup.rs, then run this again."

# Terraform comes from the pinned library only where the machine has none of its own. The recipes' PATH ends with our
# tools, which are none of the machine's.
own_terraform() {
    PATH=$(printf %s ":$PATH:" | sed "s#:$venv/bin:#:#g")
    command -v terraform >/dev/null 2>&1 || command -v tofu >/dev/null 2>&1
}
marker=complete
if ! (own_terraform); then
    marker=complete-with-terraform
fi

ready() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/$marker" ] &&
        cmp -s "$pins/requirements.txt" "$venv/requirements.txt" &&
        cmp -s "$pins/requirements-terraform.txt" "$venv/requirements-terraform.txt"
}

if ! ready; then
    python=
    for candidate in "${HOOKLINE_PYTHON:-}" python3 python python3.14 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] ||
        fail "Python 3.11 or newer (with its venv module) is missing: install it from your package manager or https://python.org, or name one in HOOKLINE_PYTHON, then run this again."
    if [ "$marker" = complete ]; then
        "$python" "$pins/install.py" "$root"
    else
        "$python" "$pins/install.py" "$root" --terraform
    fi
fi
