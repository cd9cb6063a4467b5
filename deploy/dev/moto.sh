# shellcheck shell=bash
# moto: an S3 server that the tests of report files talk to. A Python program, in an environment of its own under .dev.

readonly MOTO_VERSION=5.2.5

# Sees to it that moto is there, and says in MOTO_SERVER where its server is; one that is given from outside is used.
need_moto() {
    [[ ! -x ${MOTO_SERVER:-} ]] || return 0
    MOTO_SERVER="$DEV/moto/bin/moto_server"
    need_environment moto "moto[server]==$MOTO_VERSION" ||
        fail "moto could not be installed from PyPI (see above), and the tests of S3 need it. If this machine has a
  moto_server, name it: MOTO_SERVER=/path/to/moto_server ./dev test"
}
