# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# Private PostgreSQL servers: the one of `./dev up`, and a scratch one that lives as long as one command.
# They listen on 127.0.0.1 only and keep no Unix socket.

# PostgreSQL refuses to run as root, so root runs it as a user that owns nothing else. Prints that user, or nothing when
# not root.
postgres_user() {
    ((EUID == 0)) || return 0
    local user
    for user in postgres nobody; do
        id -u "$user" >/dev/null 2>&1 && printf '%s' "$user" && return
    done
    fail "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as."
}

# Sets AS_POSTGRES to the prefix of commands of PostgreSQL. A server ends (fast shutdown) with its parent.
as_postgres() {
    local user
    user=$(postgres_user)
    AS_POSTGRES=(env -C "$1" setpriv --pdeathsig INT)
    [[ -z $user ]] || AS_POSTGRES+=(--reuid "$user" --regid "$(id -g "$user")" --init-groups)
    AS_POSTGRES+=(--)
}

# Makes a database cluster in the empty folder $1, with the password $2; $3... are passed to initdb.
make_cluster() {
    local folder=$1 password=$2 user
    shift 2
    user=$(postgres_user)
    (umask 077 && printf '%s' "$password" >"$folder/password")
    [[ -z $user ]] || chown -R "$user:" "$folder"
    as_postgres "$folder"
    "${AS_POSTGRES[@]}" "$(find_postgres)/initdb" -D "$folder/new" --username=prexsell --pwfile="$folder/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 "$@" >"$folder.log" 2>&1 ||
        fail "initdb failed: $(cat "$folder.log")"
    rm -f "$folder/password" "$folder.log"
    mv "$folder/new" "$folder/data"
}

# Sets COMMAND to a PostgreSQL server on the cluster in the folder $1, at the port $2; $3... are further settings.
postgres_command() {
    local folder=$1 port=$2 programs setting
    shift 2
    programs=$(find_postgres "$folder/data") ||
        fail "the PostgreSQL version that made $folder/data is gone; ./dev reset forgets the data"
    as_postgres "$folder/data"
    COMMAND=("${AS_POSTGRES[@]}" "$programs/postgres" -D "$folder/data" -p "$port")
    for setting in listen_addresses=127.0.0.1 unix_socket_directories= "$@"; do
        COMMAND+=(-c "$setting")
    done
}

postgres_is_ready() { "$(find_postgres)/pg_isready" -q -h 127.0.0.1 -p "$1"; }

# Runs the psql of the same version as our servers.
run_psql() { "$(find_postgres)/psql" "$@"; }

# Requires btree_gist, with which the schema excludes overlapping seats: some systems package it apart from the server.
require_extension() {
    local found
    found=$(run_psql "$1" -Atc "select 1 from pg_available_extensions where name = 'btree_gist'")
    [[ $found == 1 ]] || fail "this PostgreSQL lacks the extension btree_gist: install the contrib package that
  belongs to it (postgresql-contrib), then run this again."
}

# ---- the server of `./dev up`

# Where its data is: .dev/postgres, or, when the server's user cannot reach .dev (a checkout under /root), a folder of
# its own that .dev/postgres points to.
make_private_cluster() {
    [[ ! -e $DEV/postgres/data ]] || return 0
    say "Making a private database ..."
    local user
    user=$(postgres_user)
    forget_private_cluster
    mkdir -m 700 "$DEV/postgres"
    if [[ -n $user ]]; then
        chown "$user:" "$DEV/postgres"
        if ! setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups test -w "$DEV/postgres"; then
            rmdir "$DEV/postgres"
            ln -s "$(mktemp -d /var/tmp/prexsell-dev-XXXXXX)" "$DEV/postgres"
        fi
    fi
    make_cluster "$(readlink -f "$DEV/postgres")" "$(secret postgres_password)"
}

forget_private_cluster() {
    [[ ! -L $DEV/postgres ]] || rm -rf "$(readlink -m "$DEV/postgres")"
    rm -rf "$DEV/postgres"
}

private_postgres_command() {
    postgres_command "$(readlink -f "$DEV/postgres")" "$(remembered_port postgres)" max_connections=300
}

private_database_url() {
    printf 'postgres://prexsell:%s@127.0.0.1:%s/prexsell' "$(secret postgres_password)" "$(remembered_port postgres)"
}

# Creates the database in the running server, once.
make_private_database() {
    local server
    server=$(private_database_url)
    server=${server%/*}/postgres
    require_extension "$server"
    [[ $(run_psql "$server" -Atc "select 1 from pg_database where datname = 'prexsell'") == 1 ]] ||
        run_psql -q "$server" -c 'create database prexsell'
}

# ---- a scratch server

SCRATCH=''
SCRATCH_PID=''
SCRATCH_URL=''

# Removes what a ./dev that was killed left behind.
forget_dead_scratches() {
    local owner
    for owner in {/var/tmp,/dev/shm}/prexsell-scratch-*.owner; do
        [[ -O $owner ]] || continue
        recorded_process "$owner" >/dev/null && continue
        umount "${owner%.owner}/.dev/store" 2>/dev/null || true
        rm -rf "${owner%.owner}" "${owner%.owner}.log" "$owner"
    done
}

# Prints where a server that need not be durable keeps its data: in memory, if there is enough. Each test makes a
# database of hundreds of files, and a file system on disk takes longer to make and remove these than PostgreSQL does.
scratch_root() {
    local shared available
    shared=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
    available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
    if ((${shared:-0} > 4 << 20 && ${available:-0} > 8 << 20)); then
        printf /dev/shm
    else
        printf /var/tmp
    fi
}

# Starts an empty server whose data is removed when it stops; SCRATCH_URL is its address. Without settings as arguments
# it is not durable either. The caller must run `stop_scratch_postgres` in its exit trap.
start_scratch_postgres() {
    local password port attempt root=/var/tmp settings=("$@") options=(--no-sync) is_quick=''
    if (($# == 0)); then
        root=$(scratch_root)
        # Nothing is compiled (jit), as in every connection of the product.
        settings=(max_connections=400 fsync=off full_page_writes=off synchronous_commit=off wal_level=minimal
            max_wal_senders=0 jit=off)
        # Connections stay on this machine. SCRAM is slow by design: in a debug build it takes longer than most tests.
        options+=(--auth=password)
        is_quick=1
    fi
    forget_dead_scratches
    SCRATCH=$(mktemp -d "$root/prexsell-scratch-XXXXXX")
    record_process $$ "$SCRATCH.owner"
    password=$(random_hex 16)
    make_cluster "$SCRATCH" "$password" "${options[@]}"
    for attempt in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 10000))
        ! port_is_taken "$port" || continue
        postgres_command "$SCRATCH" "$port" "${settings[@]}"
        "${COMMAND[@]}" >"$SCRATCH.log" 2>&1 9>&- &
        SCRATCH_PID=$!
        if wait_until 30 scratch_is_decided "$port" && is_running "$SCRATCH_PID"; then
            SCRATCH_URL=postgres://prexsell:$password@127.0.0.1:$port/postgres
            require_extension "$SCRATCH_URL"
            [[ -z $is_quick ]] || store_quick_password "$password"
            return
        fi
    done
    fail "the private PostgreSQL does not start (attempt $attempt): $(tail -n 5 "$SCRATCH.log")"
}

# Stores the password of the scratch server so that it is compared at once. The form for SCRAM takes thousands of hashes
# for each connection, a tenth of the processor time of the tests. Where a server does not know the old form any more, it
# stays as it is.
store_quick_password() {
    run_psql "$SCRATCH_URL" -q >/dev/null 2>&1 <<<"set password_encryption = md5; alter role prexsell password '$1'" || true
}

scratch_is_decided() { ! is_running "$SCRATCH_PID" || postgres_is_ready "$1"; }

stop_scratch_postgres() {
    [[ -n $SCRATCH ]] || return 0
    if [[ -n $SCRATCH_PID ]]; then
        kill -s QUIT "$SCRATCH_PID" 2>/dev/null || true
        wait "$SCRATCH_PID" 2>/dev/null || true
    fi
    rm -rf "$SCRATCH" "$SCRATCH.log" "$SCRATCH.owner"
    SCRATCH=''
}
