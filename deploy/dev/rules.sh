# shellcheck shell=bash
# Import rules that the compiler does not enforce (docs/ARCHITECTURE.md), and the length of files.

# Prints the code lines of the given files: without comments, and without the tests at the end of a file.
code_lines() {
    awk 'FNR == 1 { tests = 0 }
         /^#\[cfg\(test\)\]/ { tests = 1 }
         !tests && !/^[[:space:]]*\/\// { print FILENAME ":" FNR ": " $0 }' "$@"
}

rust_files() { find "$@" -name '*.rs' | sort; }

# Fails, and prints the lines, if code lines match the pattern $1 in the files $2...
forbid() {
    local pattern=$1
    shift
    (($# > 0)) || return 0
    ! code_lines "$@" | grep -E "^[^ ]+ .*($pattern)"
}

# Fails if package $1 depends on a package whose name begins with $2. $3 are the kinds of dependencies to follow, by
# default all; with $4 = 1 only direct dependencies count.
forbid_dependency() {
    local found
    found=$(cargo tree --locked -p "$1" -e "${3:-normal,build,dev}" --prefix none ${4:+--depth "$4"}) || return 1
    ! grep -E "^$2" <<<"$found"
}

check_rules() {
    local files kept=0 folders=(common/*/src api/src worker/src scheduler/src) package
    mapfile -t files < <(rust_files "${folders[@]}" | grep -vE '^common/(chaos|connect|db|ledger/src/db|testing)/')
    forbid '\bsqlx::(query|raw_sql)|\bquery(_as|_scalar|_file)?!' "${files[@]}" ||
        { kept=1 && warn "SQL belongs in common/db (the ledger's in common/ledger/src/db)."; }

    mapfile -t files < <(rust_files "${folders[@]}" | grep -vE '^(common/ledger|common/app/src/jobs|worker)/')
    forbid '\bapalis(_[a-z]+)?::' "${files[@]}" ||
        { kept=1 && warn "only the ledger, the jobs and the workers name apalis."; }

    mapfile -t files < <(rust_files common/domain/src)
    forbid '\basync\b|\.await\b|\b(PgConnection|sqlx::query|tokio|poem|poem_openapi|redis|reqwest|lettre)\b' \
        "${files[@]}" ||
        { kept=1 && warn "common/domain is pure: no async, no database, no network."; }

    # Building and starting a program for the examples of each crate takes longer than its tests.
    mapfile -t files < <(rust_files "${folders[@]}")
    ! awk '/^ *\/\/[\/!] ```/ { if (!open && /```(rust)?$/) print FILENAME ":" FNR; open = !open }' "${files[@]}" | grep . ||
        { kept=1 && warn "examples in documentation are not compiled: write a test, and mark the example as text."; }

    # The names of files have no blanks.
    ! git ls-files '*.rs' '*.ts' '*.mjs' '*.svelte' '*.css' '*.py' '*.sh' | xargs awk 'FNR == 301 { print FILENAME }' |
        grep . || { kept=1 && warn "files of code have at most 300 lines: divide these."; }

    python3 deploy/dev/untested.py || { kept=1 && warn "these tests never run: their package or program has 'test = false'."; }

    forbid_dependency api 'apalis ' || { kept=1 && warn "the api must not run jobs."; }
    forbid_dependency api '(db|sqlx) ' normal 1 ||
        { kept=1 && warn "the api imports no SQL: it calls the use cases of common/app."; }
    mapfile -t files < <(rust_files api/src)
    forbid '\bpool(\(\))?\.(acquire|begin)[a-z_]*\(|\bPgConnection\b' "${files[@]}" ||
        { kept=1 && warn "the api passes the pool on to common/app, and takes no connection or transaction from it."; }
    mapfile -t files < <(rust_files "${folders[@]}" | grep -vE '^common/(chaos|connect|testing)/')
    forbid '\bpool(\(\))?\.(try_)?begin[a-z_]*\(' "${files[@]}" ||
        { kept=1 && warn "transactions begin with connect::postgres::begin, which leaves none open when it is dropped."; }
    forbid_dependency scheduler '(krilla|lettre|object_store) ' normal ||
        { kept=1 && warn "the scheduler needs no PDF, no SMTP and no report store."; }
    for package in api worker scheduler; do
        forbid_dependency "$package" '(chaos|simulators|testing) ' normal ||
            { kept=1 && warn "no program that runs in production contains a simulator."; }
    done
    forbid_dependency ledger '(domain|db|app|clients|process|config) ' normal ||
        { kept=1 && warn "the ledger stands alone."; }
    for package in opentelemetry opentelemetry_sdk opentelemetry-otlp opentelemetry-proto tracing-opentelemetry; do
        (($(grep -c "^name = \"$package\"\$" Cargo.lock) == 1)) ||
            { kept=1 && warn "there must be one version of $package: spans of another are lost without an error."; }
    done
    for package in common/*; do
        forbid_dependency "${package#common/}" '(api|worker|scheduler) ' ||
            { kept=1 && warn "$package must not import a program."; }
    done
    return "$kept"
}
