#!/usr/bin/env bash
# Installs what the tests need (office engines included) and runs them all.
# With arguments, runs pytest with them instead: scripts/test.sh tests/test_words.py
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need_debian libreoffice-calc libreoffice-writer python3-uno gnumeric poppler-utils \
    fonts-noto-cjk chromium chromium-driver dovecot-imapd
make_venv
if install_locked .venv/bin/python; then
    .venv/bin/pip install --quiet --disable-pip-version-check --no-deps --editable .
else
    echo "Not all of requirements.lock can be had here; the newest that pyproject.toml" \
        "allows are tested instead." >&2
    .venv/bin/pip install --quiet --disable-pip-version-check --editable '.[test]'
fi
if [ $# -gt 0 ]; then
    exec .venv/bin/python -m pytest "$@"
fi
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy &
types=$!
# A file at a time: what its tests share is made once, and those of the desk build on one
# another. Three at once keep two cores busy: many wait for other programs.
passed=0
.venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=40 ||
    passed=$?
wait "$types"
exit "$passed"
