# shellcheck shell=bash
# Programs from PyPI that tests and checks use, each in an environment of its own under .dev.

# Makes sure that .dev/$1 is a Python environment with the packages $2..., each named with its version.
need_environment() {
    local name=$1 folder="$DEV/$1"
    shift
    [[ ! -x $folder/bin/python || "$(cat "$folder/version" 2>/dev/null)" != "$*" ]] || return 0
    need_tools python
    say "Installing $name from PyPI into .dev/$name (once, about half a minute) ..."
    rm -rf "$folder"
    mkdir -p "$DEV"
    { guarded python3 -m venv "$folder" &&
        guarded "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"; } >&2 || return 1
    printf '%s\n' "$*" >"$folder/version"
}
