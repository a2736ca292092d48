#!/bin/sh
# Writes ../*.json anew: vectors.sh PYTHON [SCHEME ...]. Brings the providers' packages along, pinned with their hashes, in
# .tools/vectors, and asks them. Once they are there, nothing is fetched.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
tools=$(cd "$here/../../../../.." && pwd -P)/.tools/vectors
python=$1
shift

if ! command -v npm >/dev/null 2>&1; then
    echo "error: Node is missing (no npm on PATH): install version 20.11 or newer from https://nodejs.org, then run this again." >&2
    exit 1
fi

mkdir -p "$tools"
if ! cmp -s "$here/requirements.txt" "$tools/requirements.txt"; then
    rm -rf "$tools/venv"
    "$python" -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$tools/"
fi
if ! cmp -s "$here/package-lock.json" "$tools/complete-package-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$tools/"
    (cd "$tools" && npm ci --silent --ignore-scripts --no-audit --no-fund)
    cp "$here/package-lock.json" "$tools/complete-package-lock.json"
fi
cp "$here/verify.mjs" "$tools/"

PYTHONDONTWRITEBYTECODE=1 exec "$tools/venv/bin/python" "$here/generate.py" "$tools" "$@"
