# shellcheck shell=bash
# `./dev test`: every test, on a PostgreSQL of its own. Tests that need a Redis or an S3 server start one each.

run_tests() {
    at_the_end 'end_guarded; stop_scratch_postgres'
    need_cargo
    local scope=(--workspace) argument
    for argument in "$@"; do
        # Cargo lets --workspace win over a chosen package.
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
    guarded env -u DATABASE_URL -u REDIS_URL TEST_DATABASE_URL="$SCRATCH_URL" SQLX_OFFLINE=true MOTO_SERVER="$MOTO_SERVER" \
        cargo test --locked "${scope[@]}" "$@"
}
