# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# `./dev check`: every check that needs no run of the tests; and `./dev prepare`, which regenerates the files that the
# check compares.

readonly CARGO_DENY=0.20.2

run_checks() {
    case ${1:-} in
        '') check_everything ;;
        code) check_code ;;
        *) fail "usage: ./dev check [code]" ;;
    esac
}

# What needs processors and no platform.
check_code() {
    CHECK="$DEV/check-code"
    begin_checks build postgres
    step "lints, and the query cache" check_lints
    step "documentation" check_documentation
    step "tests, compiled" compile_tests
    step "dependencies" check_dependencies
    end_checks
}

# Runs every step, even after a failure; the last line names the steps that failed.
check_everything() {
    begin_checks build postgres redis python curl node
    step "format" format_code --check
    step "import rules" check_rules
    step "import circles" python3 deploy/dev/circles.py
    step "mutants fit the code" check_mutants
    step "references in documents" check_references
    step "nouns, and where they have files" python3 deploy/dev/nouns.py
    step "spelling" check_spelling
    step "words" check_words
    step "commit subjects" check_subjects
    # Before the first build of the API, which contains it.
    build_console
    step "programs" build_for_development --bins
    # The other steps mostly wait for servers and browsers, and build nothing.
    start_beside check code
    step "demo feeds" check_feeds
    step "OpenAPI document" check_openapi
    step "table of routes" check_routes
    step "jobs, listed and in a table" check_jobs
    step "contract: nothing that breaks clients" check_breaks
    step "OpenAPI document, read by Spectral and its OWASP rules" check_spectral
    step "OpenAPI document, read by Redocly" check_redocly
    step "OpenAPI document, read by vacuum" check_vacuum
    step "console" check_console
    step "packages of the console" check_console_packages
    step "alerts and dashboards" check_alerts
    step "benches" check_benches
    step "scratch stack" start_fuzzed_stack
    step "Prometheus beside it" observe_scratch_stack
    step "README, tours and guides" check_tours
    step "runbook, backup and restore" check_runbook
    step "dashboards, asked of Prometheus" check_dashboards
    step "alerts, while something is broken" check_alerts_under_faults
    step "typed client in Python" check_client
    step "typed client in TypeScript" check_typescript_client
    step "console in a browser" check_console_browser
    step "schemathesis against a running API" check_fuzz
    step "code, which was checked meanwhile" await_beside
    # Nothing runs beside it: recovery is timed.
    step "faults under load" check_chaos
    end_checks
}

# Formats the code, or with --check says what is not formatted. cargo does not see the files of jobs, whose modules a macro
# declares.
format_code() {
    cargo fmt --all "$@" && rustfmt --edition 2024 "$@" common/app/src/jobs/*.rs
}

# Includes the examples, so that the dependencies have the features with which they have been checked already. Leaves
# out the programs api and scheduler, whose pages would be in the folder of the library of the same name.
check_documentation() {
    guarded env RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps \
        --lib --examples --bin admin --bin chaos --bin hello --bin openapi --bin '*_*'
}

# Writes the OpenAPI documents that the code generates, the public one and that for platform operators, into the folder
# $1. Builds with the features of the whole workspace, so that `up` shares the build.
make_openapi() {
    build_for_development --bin openapi &&
        "$TARGET/debug/openapi" >"$1/openapi.json" && "$TARGET/debug/openapi" ops >"$1/openapi-ops.json"
}

check_openapi() {
    make_openapi "$CHECK" || return 1
    local name
    for name in openapi.json openapi-ops.json; do
        diff -u "docs/$name" "$CHECK/$name" | head -n 40
        ((PIPESTATUS[0] == 0)) || {
            warn "docs/$name is out of date: run ./dev prepare"
            return 1
        }
    done
}

# Writes the table of routes into the file $1, from the compiled routes and the sources.
make_routes() {
    build_for_development --bin openapi &&
        "$TARGET/debug/openapi" routes | python3 "$ROOT/deploy/dev/routes.py" >"$1"
}

check_routes() {
    make_routes "$CHECK/ROUTES.md" || return 1
    diff -u docs/ROUTES.md "$CHECK/ROUTES.md" | head -n 40
    ((PIPESTATUS[0] == 0)) || {
        warn "docs/ROUTES.md is out of date: run ./dev prepare"
        return 1
    }
}

# Compares the table of jobs; fails as well if a job is in no list, so that no worker has a handler for it.
check_jobs() {
    python3 "$ROOT/deploy/dev/jobs.py" >"$CHECK/JOBS.md" || return 1
    diff -u docs/JOBS.md "$CHECK/JOBS.md" | head -n 40
    ((PIPESTATUS[0] == 0)) || {
        warn "docs/JOBS.md is out of date: run ./dev prepare"
        return 1
    }
}

# Compares the contract with the last released one; accepted breaks are listed beside that.
check_breaks() {
    build_for_development --bin openapi || return 1
    "$TARGET/debug/openapi" breaks docs/released/openapi.json docs/released/accepted-breaks.txt || {
        warn "these changes break clients of docs/released/openapi.json: take them back, or accept them with a reason in
  docs/released/accepted-breaks.txt (CONTRIBUTING.md says when)"
        return 1
    }
}

# Runs the lints on everything, and compares the query cache that the macros write while they compile.
check_lints() {
    make_queries "$CHECK/sqlx" cargo clippy --locked --workspace --all-targets \
        --message-format json-render-diagnostics -- -D warnings || return 1
    diff -ru .sqlx "$CHECK/sqlx" | head -n 40
    ((PIPESTATUS[0] == 0)) || {
        warn ".sqlx is out of date: run ./dev prepare"
        return 1
    }
}

renew_generated() {
    need_cargo
    need_tools build postgres python
    at_the_end leave_check
    rm -rf "$CHECK"
    mkdir -p "$CHECK" docs
    # With the examples: the features of the lints and of the documentation, so that no dependency is checked twice.
    make_queries "$CHECK/sqlx" cargo check --locked --workspace --lib --examples \
        --message-format json-render-diagnostics || fail "the queries could not be prepared, see above"
    rm -rf .sqlx
    mv "$CHECK/sqlx" .sqlx
    say ".sqlx was regenerated: $(find .sqlx -name '*.json' | wc -l) queries."
    export SQLX_OFFLINE=true
    make_openapi "$CHECK" || fail "the OpenAPI documents could not be made, see above"
    mv "$CHECK/openapi.json" "$CHECK/openapi-ops.json" docs/
    say "docs/openapi.json and docs/openapi-ops.json were regenerated."
    make_routes "$CHECK/ROUTES.md" || fail "the table of routes could not be written, see above"
    mv "$CHECK/ROUTES.md" docs/ROUTES.md
    say "docs/ROUTES.md was regenerated."
    python3 "$ROOT/deploy/dev/jobs.py" >"$CHECK/JOBS.md" || fail "the table of jobs could not be written, see above"
    mv "$CHECK/JOBS.md" docs/JOBS.md
    say "docs/JOBS.md was regenerated."
    make_dashboards "$OBSERVABILITY/dashboards" || fail "the dashboards could not be written, see above"
    say "deploy/observability/dashboards was regenerated."
}

# Checks licences, bans and sources of all dependencies, and their known vulnerabilities if the database of these can be
# reached. Without internet access the step says so instead of failing.
check_dependencies() {
    need_cargo_deny || return 1
    local checks=(licenses bans sources) checked=0
    if guarded timeout 30 cargo deny --locked fetch db >"$CHECK/fetch.log" 2>&1; then
        checks+=(advisories)
    else
        # Not a failure even on CI: no tool that could be installed would help.
        CI='' not_checked "known vulnerabilities" "The advisory database cannot be reached from here:"
        grep -m 1 -iE 'error|fail' "$CHECK/fetch.log" >&2 || true
    fi
    guarded cargo deny --locked check --hide-inclusion-graph "${checks[@]}" || checked=1
    return "$checked"
}

need_cargo_deny() {
    ! command -v cargo-deny >/dev/null || return 0
    PATH="$TARGET/tools/bin:$PATH"
    ! command -v cargo-deny >/dev/null || return 0
    # Unoptimised it takes a third of the time to build, and a few seconds more to run.
    say "Installing cargo-deny into target/tools (once, about a minute) ..."
    guarded cargo install --quiet --debug --locked --root "$TARGET/tools" "cargo-deny@$CARGO_DENY"
}
