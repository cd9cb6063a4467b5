# shellcheck shell=bash
# moto: an S3 server that the tests of report files talk to. A Python program, in an environment of its own under .dev.

readonly MOTO_VERSION=5.2.5

# Sees to it that moto is there, and says in MOTO_SERVER where its server is; one that is given from outside is used.
need_moto() {
    [[ ! -x ${MOTO_SERVER:-} ]] || return 0
    MOTO_SERVER="$DEV/moto/bin/moto_server"
    [[ ! -x $MOTO_SERVER || "$(cat "$DEV/moto/version" 2>/dev/null)" != "$MOTO_VERSION" ]] || return 0
    need_tools python
    say "Installing moto $MOTO_VERSION, an S3 server for tests, into .dev/moto (once, about half a minute) ..."
    rm -rf "$DEV/moto"
    mkdir -p "$DEV"
    { guarded python3 -m venv "$DEV/moto" &&
        guarded "$DEV/moto/bin/pip" install --quiet --disable-pip-version-check "moto[server]==$MOTO_VERSION"; } >&2 ||
        fail "moto could not be installed from PyPI (see above), and the tests of S3 need it. If this machine has a
  moto_server, name it: MOTO_SERVER=/path/to/moto_server ./dev test"
    printf '%s\n' "$MOTO_VERSION" >"$DEV/moto/version"
}
