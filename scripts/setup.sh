# Sourced by demo.sh and test.sh: a virtual environment beside the project, and the
# Debian packages that are missing. Nothing is installed twice.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# need_debian PACKAGE…: installs those that are not there yet.
need_debian() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    echo "Installing Debian packages: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# make_venv: .venv with a Python of at least 3.11.
make_venv() {
    local python=${PYTHON:-python3}
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Python 3.11 or later is needed; set PYTHON to one." >&2
        exit 2
    }
    "$python" -c 'import ensurepip, venv' 2>/dev/null || need_debian python3-venv
    [ -x .venv/bin/python ] || "$python" -m venv .venv
}

# install_locked PYTHON: every library in the version of requirements.lock, its hash checked.
# uv takes a twentieth of pip's time, and is asked first; it does not know what pip is
# configured with. An index that does not carry them all makes it fail.
install_locked() {
    local pip=("$1" -m pip install --quiet --disable-pip-version-check)
    local locked=(--require-hashes --requirement requirements.lock)
    { "${pip[@]}" uv && "$1" -m uv pip install --quiet --python "$1" "${locked[@]}"; } ||
        "${pip[@]}" "${locked[@]}"
}
