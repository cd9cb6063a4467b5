# shellcheck shell=bash
# moto: an S3 server for the tests of report files. A Python program, in its own environment under .dev.

readonly MOTO_VERSION=5.2.5

# Makes sure that moto is installed, and sets MOTO_SERVER to the path of its server, unless that is set already.
need_moto() {
    [[ ! -x ${MOTO_SERVER:-} ]] || return 0
    MOTO_SERVER="$DEV/moto/bin/moto_server"
    need_environment moto "moto[server]==$MOTO_VERSION" ||
        fail "moto could not be installed from PyPI (see above), and the tests of S3 need it. If this machine has a
  moto_server, name it: MOTO_SERVER=/path/to/moto_server ./dev test"
}
