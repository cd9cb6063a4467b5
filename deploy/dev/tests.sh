# shellcheck shell=bash
# `./dev test`: every test, on a PostgreSQL of its own. Tests that need a Redis or an S3 server start one each.

# PgBouncer is optional: without it, the tests that need it are skipped, with a warning.
want_pgbouncer() {
    [[ ! -x /usr/sbin/pgbouncer && ! -x /usr/bin/pgbouncer && ! -x /usr/local/bin/pgbouncer ]] || return 0
    if command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
        ! install_packages pgbouncer >&2 || return 0
    fi
    warn "SKIPPED: the tests behind PgBouncer. pgbouncer is not installed, and could not be (Debian's name: pgbouncer)"
}

# Compiles what `run_tests` runs, and gets what it needs.
compile_tests() {
    need_moto
    want_pgbouncer
    guarded env -u DATABASE_URL SQLX_OFFLINE=true cargo test --locked --workspace --no-run
}

run_tests() {
    at_the_end 'end_guarded; stop_scratch_postgres'
    need_cargo
    local scope=(--workspace) argument
    for argument in "$@"; do
        # To cargo, --workspace has precedence over a chosen package.
        case $argument in -p* | --package*) scope=() ;; --) break ;; esac
    done
    if [[ -n ${TEST_DATABASE_URL:-} ]]; then
        need_tools build redis
        SCRATCH_URL=$TEST_DATABASE_URL
    else
        need_tools build redis postgres
        start_scratch_postgres
    fi
    need_moto
    want_pgbouncer
    build_console
    # Most tests wait for servers and processes, not for a core, so there are two threads for each core. On a large
    # machine these would need more connections than the scratch server has.
    local cores
    cores=$(nproc)
    ((cores > 8)) || export RUST_TEST_THREADS=${RUST_TEST_THREADS:-$((2 * cores))}
    guarded env -u DATABASE_URL -u REDIS_URL TEST_DATABASE_URL="$SCRATCH_URL" SQLX_OFFLINE=true MOTO_SERVER="$MOTO_SERVER" \
        cargo test --locked "${scope[@]}" "$@"
}
