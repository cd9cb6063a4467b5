# shellcheck shell=bash
# The query cache (.sqlx), with which packages compile without a database.

# The packages with queries, including those that only tests use.
QUERY_PACKAGES=(connect ledger db testing)

# Prints the migrations as sqlx applies them: each in a transaction, unless its first line says `no-transaction`.
migrations_as_applied() {
    local file
    for file in migrations/*.sql; do
        if head -n 1 "$file" | grep -q '^-- no-transaction'; then
            cat "$file"
        else
            printf 'begin;\n' && cat "$file" && printf '\ncommit;\n'
        fi
    done
}

# Writes the query cache into the new folder $1. sqlx's macros write it from a freshly migrated database, and run only
# while a package is compiled: by the cargo command after $1, which compiles the packages with queries.
make_queries() {
    local folder=$1 made=0
    shift
    start_scratch_postgres
    migrations_as_applied | PGOPTIONS="-c client_min_messages=error" run_psql "$SCRATCH_URL" -q -v ON_ERROR_STOP=1 -f - >/dev/null ||
        return 1
    mkdir -p "$folder"
    compile_queries "$folder" "$@" || made=1
    # The macros did not run for packages that an earlier build had compiled: these are removed and compiled again.
    if ((made == 0)) && remove_fresh_queries; then
        compile_queries "$folder" "$@" || made=1
    fi
    stop_scratch_postgres
    return "$made"
}

# Runs the cargo command after $1, with macros that write the query cache into the folder $1.
compile_queries() {
    local folder=$1
    shift
    guarded env -u SQLX_OFFLINE DATABASE_URL="$SCRATCH_URL" SQLX_OFFLINE_DIR="$folder" "$@" >"$CHECK/cargo.json"
}

# Removes the packages with queries that the last compile_queries found already compiled; fails if there were none.
remove_fresh_queries() {
    local package outcomes=()
    for package in "${QUERY_PACKAGES[@]}"; do
        mapfile -t -O "${#outcomes[@]}" outcomes < <(
            grep '"fresh":true' "$CHECK/cargo.json" | grep -oE "[^\"]*/lib$package-[0-9a-f]+\.rmeta"
        )
    done
    ((${#outcomes[@]} > 0)) && rm -f "${outcomes[@]}"
}
