# shellcheck shell=bash
# The rules of the house that the compiler does not know: who may import what (docs/ARCHITECTURE.md).

# Prints the code lines of the given files: without comments, and without the tests that end a file.
code_lines() {
    awk 'FNR == 1 { tests = 0 }
         /^#\[cfg\(test\)\]/ { tests = 1 }
         !tests && !/^[[:space:]]*\/\// { print FILENAME ":" FNR ": " $0 }' "$@"
}

rust_files() { find "$@" -name '*.rs' | sort; }

# Fails, and shows them, when code lines match. The pattern comes first, then the files.
forbid() {
    local pattern=$1
    shift
    (($# > 0)) || return 0
    ! code_lines "$@" | grep -E "^[^ ]+ .*($pattern)"
}

# Fails when package $1 depends on a package whose name begins with $2, directly or not; tests included.
forbid_dependency() {
    local found
    found=$(cargo tree --locked -p "$1" -e normal,build,dev --prefix none) || return 1
    ! grep -E "^$2" <<<"$found"
}

check_rules() {
    local files kept=0 rooms=(common/src api/src worker/src scheduler/src)
    mapfile -t files < <(rust_files "${rooms[@]}" | grep -vE '^common/src/(db|testing)/')
    forbid '\bsqlx::(query|raw_sql)|\bquery(_as|_scalar|_file)?!' "${files[@]}" ||
        { kept=1 && warn "SQL belongs in common/src/db."; }

    mapfile -t files < <(rust_files "${rooms[@]}" | grep -vE '^worker/src/adapter(/|\.rs)')
    forbid '\bapalis(_[a-z]+)?::' "${files[@]}" ||
        { kept=1 && warn "only worker/src/adapter.rs names apalis."; }

    mapfile -t files < <(rust_files common/src/domain)
    forbid '\basync\b|\.await\b|\b(PgConnection|sqlx::query|tokio|poem|poem_openapi|redis|reqwest|lettre)\b' \
        "${files[@]}" ||
        { kept=1 && warn "common/src/domain is pure: no async, no database, no network."; }

    forbid_dependency api apalis || { kept=1 && warn "the api must not depend on apalis."; }
    forbid_dependency common '(api|worker|scheduler) ' || { kept=1 && warn "common must not import a door."; }
    return "$kept"
}
