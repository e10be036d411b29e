#!/usr/bin/env bash
# Installs the program into .venv and runs the demo.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
make_venv
.venv/bin/pip install --quiet --disable-pip-version-check '.[desk,report]'
.venv/bin/workbook-builder "$@" demo
echo
echo "Before these commands, once in each terminal: source .venv/bin/activate"
