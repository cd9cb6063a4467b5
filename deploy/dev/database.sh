# shellcheck shell=bash
# Manual access to the development database: psql and the admin command line.

database_shell() {
    load_settings
    local psql
    if ! psql=$(find_postgres); then
        psql=$(command -v psql) || fail "psql is missing: install a PostgreSQL client"
        psql=${psql%/*}
    fi
    exec "$psql/psql" "$DATABASE_URL" "$@"
}

database_admin() {
    load_settings
    [[ -x $DEV/bin/admin ]] || fail "the programs are not built yet: run ./dev up"
    exec "$DEV/bin/admin" "$@"
}
