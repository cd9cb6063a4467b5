# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# The steps of `./dev check`, one after another, and a command of ./dev beside them.

# The folder for what the steps write. The checks of the code run beside the others, so they have one of their own.
CHECK="$DEV/check"

# Prepares a run of the steps after the servers and programs in `$@` were found.
begin_checks() {
    need_cargo
    need_tools "$@"
    at_the_end leave_check
    rm -rf "$CHECK"
    mkdir -p "$CHECK"
    unset DATABASE_URL
    export SQLX_OFFLINE=true
    FAILED=()
    NOT_CHECKED=()
}

# Says which steps failed, or what was not checked; also to the command that this one runs beside.
end_checks() {
    [[ -z ${UNCHECKED:-} || ${#NOT_CHECKED[@]} == 0 ]] || printf '%s\n' "${NOT_CHECKED[@]}" >"$UNCHECKED"
    ((${#FAILED[@]} == 0)) || fail "failed: $(printf '%s; ' "${FAILED[@]}")see above"
    ((${#NOT_CHECKED[@]} == 0)) || {
        say "All checks passed, but for what was NOT CHECKED: $(printf '%s; ' "${NOT_CHECKED[@]}")see above."
        return 0
    }
    say "All checks passed."
}

leave_check() {
    # Leave nothing running, even if the terminal is gone and messages cannot be written.
    trap '' INT TERM HUP
    set +e
    end_guarded
    end_beside
    stop_scratch_stack
    stop_bench_servers
    rm -rf "$CHECK"
}

# Runs a step: programs by `guarded`, functions of these scripts in this shell.
step() {
    local name=$1 started=$SECONDS runner=(guarded)
    shift
    say "── $name"
    [[ $(type -t "$1") != function ]] || runner=()
    if "${runner[@]}" "$@"; then
        say "   done in $((SECONDS - started)) s"
    else
        FAILED+=("$name")
    fi
}

# The session of the command of ./dev that runs beside the steps, or empty; and the file with what it did not check.
BESIDE=''
UNCHECKED_BESIDE="$DEV/check/unchecked"

# Starts a command of ./dev beside the steps that follow. They get the processors first.
start_beside() {
    setsid env --default-signal=INT,QUIT LOW_PRIORITY=true UNCHECKED="$UNCHECKED_BESIDE" "$ROOT/dev" "$@" \
        </dev/null >"$CHECK/beside.log" 2>&1 9>&- &
    BESIDE=$!
}

# Waits for that command, and prints what it printed.
await_beside() {
    local status=0
    wait "$BESIDE" || status=$?
    BESIDE=''
    cat "$CHECK/beside.log"
    [[ ! -e $UNCHECKED_BESIDE ]] || mapfile -t -O "${#NOT_CHECKED[@]}" NOT_CHECKED <"$UNCHECKED_BESIDE"
    return "$status"
}

# Ends that command, and what it has started.
end_beside() {
    [[ -z $BESIDE ]] || end_session "$BESIDE" "$((KILL_SECONDS + 10))"
    BESIDE=''
}
