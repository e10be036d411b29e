#!/usr/bin/env bash
# Installs the oldest libraries that pyproject.toml allows, in a place of their own, and
# runs with them the demo, its report and the tests that need no other program.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$place/tool"
"$place/tool/bin/pip" install --quiet --disable-pip-version-check uv
uv=$place/tool/bin/uv
extras=(desk report mail documents protected seal data)
"$uv" pip compile --quiet pyproject.toml "${extras[@]/#/--extra=}" \
    --resolution lowest-direct --python-version 3.11 -o "$place/lowest.txt"
"$python" -m venv "$place/low"
"$uv" pip install --quiet --python "$place/low/bin/python" -r "$place/lowest.txt" \
    -c "$place/lowest.txt" . pytest hypothesis aiosmtpd trustme selenium
"$place/low/bin/workbook-builder" demo "$place/demo" >/dev/null
"$place/low/bin/workbook-builder" report "$place/demo" >/dev/null || [ $? = 1 ]
"$place/low/bin/python" -m pytest tests/test_here.py \
    tests/test_doctor.py tests/test_formats.py tests/test_cli.py -k "not console"
