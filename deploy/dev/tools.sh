# shellcheck shell=bash
# The programs that ./dev needs on the machine: found, installed with apt-get, or named for the user to install.

readonly OLDEST_POSTGRES=15
readonly OLDEST_REDIS=7 # the first that has BLMPOP
readonly OLDEST_NODE=18

# Finds Rust, even if this shell's PATH does not have the folder of rustup yet.
need_cargo() {
    command -v cargo >/dev/null && return
    local home="${CARGO_HOME:-$HOME/.cargo}/bin"
    [[ -x $home/cargo ]] || fail "Rust is missing. Install it, then run this again:
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --component clippy --component rustfmt"
    PATH="$home:$PATH"
}

# Builds programs of the workspace, unoptimised, with `$@` for cargo. Includes the examples, which tests start and which
# bring the features of dependencies that tests need: without them, programs and tests would each build most crates of
# their own. With --bins it builds everything, which this command of ./dev then does not build again.
build_for_development() {
    [[ -z $ALL_BUILT ]] || return 0
    guarded env -u DATABASE_URL SQLX_OFFLINE=true cargo build --locked --workspace --examples "$@" || return
    [[ " $* " != *" --bins "* ]] || ALL_BUILT=1
}
ALL_BUILT=''

# The major version of the PostgreSQL server in a folder of programs; nothing when it has no complete server.
postgres_version() {
    [[ -x $1/postgres && -x $1/initdb && -x $1/psql && -x $1/pg_isready ]] || return 0
    [[ $("$1/postgres" --version) =~ ([0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# Prints the folder with the programs of the newest PostgreSQL, or of the version that wrote the data in $1.
# Distributions keep the server outside the PATH.
# shellcheck disable=SC2120
find_postgres() {
    local wanted='' folder version best='' best_version=0
    [[ ! -r ${1:-}/PG_VERSION ]] || read -r wanted <"$1/PG_VERSION"
    local folders=(/usr/lib/postgresql/*/bin /usr/pgsql-*/bin)
    folder=$(command -v postgres) && folders+=("${folder%/*}")
    folder=$(pg_config --bindir 2>/dev/null) && folders+=("$folder")
    for folder in "${folders[@]}"; do
        version=$(postgres_version "$folder")
        [[ -n $version && ${wanted:-$version} == "$version" ]] || continue
        ((version < OLDEST_POSTGRES || version <= best_version)) || best=$folder best_version=$version
    done
    [[ -n $best ]] && printf '%s' "$best"
}

# The major version of redis-server, 0 without one.
redis_version() {
    [[ $(redis-server --version 2>/dev/null) =~ v=([0-9]+) ]] || true
    printf '%s' "${BASH_REMATCH[1]:-0}"
}

# The major version of Node.js, 0 without one.
node_version() {
    [[ $(node --version 2>/dev/null) =~ v([0-9]+) ]] || true
    printf '%s' "${BASH_REMATCH[1]:-0}"
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

# Installs packages without leaving their services running: a policy forbids services to start meanwhile.
install_packages() (
    say "Installing $* with apt-get ..."
    if [[ ! -e /usr/sbin/policy-rc.d ]]; then
        trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
        as_root chmod 755 /usr/sbin/policy-rc.d
    fi
    apt_install() {
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null
    }
    apt_install "$@" || { as_root apt-get update -q && apt_install "$@"; }
)

# Makes sure that the named kinds of tool are installed: postgres, redis, build, python, curl, node.
need_tools() {
    local kind packages=()
    for kind in "$@"; do
        case $kind in
            postgres) find_postgres >/dev/null || packages+=(postgresql postgresql-contrib) ;;
            redis) command -v redis-server >/dev/null || packages+=(redis-server) ;;
            python) python3 -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3 python3-venv) ;;
            node) command -v npm >/dev/null || packages+=(nodejs npm) ;;
            curl) command -v curl >/dev/null || packages+=(curl) ;;
            build) command -v cc >/dev/null || packages+=(build-essential) ;;
        esac
    done
    if ((${#packages[@]})); then
        command -v apt-get >/dev/null ||
            fail "missing: ${packages[*]} (Debian's names). Install them with your package manager,
  then run this again."
        ((EUID == 0)) || sudo -n true 2>/dev/null ||
            fail "missing: ${packages[*]}. Run this, then the same command again:
  sudo apt-get update && sudo apt-get install -y ${packages[*]}"
        install_packages "${packages[@]}" >&2 ||
            fail "apt-get could not install ${packages[*]} (see above). Install them by hand, then run this again."
        hash -r
    fi
    for kind in "$@"; do
        case $kind in
            postgres) find_postgres >/dev/null ||
                fail "PostgreSQL $OLDEST_POSTGRES or later is missing, and this system's packages have none.
  Add PostgreSQL's own packages (https://www.postgresql.org/download/), or give DATABASE_URL." ;;
            redis) (($(redis_version) >= OLDEST_REDIS)) ||
                fail "Redis $OLDEST_REDIS or later is missing, and this system's packages have none.
  Add Redis' own packages (https://redis.io/downloads/), or give REDIS_URL." ;;
            node) (($(node_version) >= OLDEST_NODE)) ||
                fail "Node.js $OLDEST_NODE or later is missing, and this system's packages have none.
  Add Node.js' own packages (https://nodejs.org/)." ;;
        esac
    done
}
