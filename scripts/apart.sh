#!/usr/bin/env bash
# Installs the program in a place of its own, with `lowest` (the oldest libraries that
# pyproject.toml allows) or `locked` (those of requirements.lock), and runs the demo, its
# report and the tests that need no other program. PYTHON says with which Python.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
kind=${1:?lowest or locked}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$place/env"
if [ "$kind" = lowest ]; then
    "$python" -m venv "$place/tool"
    "$place/tool/bin/pip" install --quiet --disable-pip-version-check uv
    uv=$place/tool/bin/uv
    extras=(desk report mail documents protected seal data)
    "$uv" pip compile --quiet pyproject.toml "${extras[@]/#/--extra=}" \
        --resolution lowest-direct --python-version 3.11 -o "$place/lowest.txt"
    "$uv" pip install --quiet --python "$place/env/bin/python" -r "$place/lowest.txt" \
        -c "$place/lowest.txt" . pytest hypothesis aiosmtpd trustme selenium openpyxl
else
    install_locked "$place/env/bin/python"
    "$place/env/bin/pip" install --quiet --no-deps .
fi
"$place/env/bin/python" --version
"$place/env/bin/workbook-builder" demo "$place/demo" >/dev/null
"$place/env/bin/workbook-builder" report "$place/demo" >/dev/null || [ $? = 1 ]
"$place/env/bin/python" -m pytest tests/test_here.py \
    tests/test_doctor.py tests/test_formats.py tests/test_cli.py -k "not console"
