# shellcheck shell=bash
# The processes that ./dev starts. Each command gets its own session, so that all processes that it starts in turn can
# be ended with it. A process is identified by its id and its start time, so that one with a reused id is never taken
# for it.

# Reads /proc/PID/stat from field 3 (state) on into the array STAT; fails if there is no such process.
read_stat() {
    local line
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    read -ra STAT <<<"${line##*) }"
}

# Whether a process runs (a zombie does not).
is_running() { read_stat "$1" && [[ ${STAT[0]} != Z ]]; }

# Records a process: id and start time.
record_process() { read_stat "$1" && printf '%s %s\n' "$1" "${STAT[19]}" >"$2"; }

# Prints the id in such a record, if that same process still runs.
recorded_process() {
    local pid started
    { read -r pid started <"$1"; } 2>/dev/null || return 1
    is_running "$pid" && [[ ${STAT[19]} == "$started" ]] && printf '%s' "$pid"
}

# Prints the processes that run in a session.
session_members() {
    local path
    for path in /proc/[0-9]*; do
        is_running "${path##*/}" && [[ ${STAT[3]} == "$1" ]] && printf '%s\n' "${path##*/}"
    done
    return 0
}

session_is_empty() { [[ -z $(session_members "$1") ]]; }

signal_session() {
    local members
    mapfile -t members < <(session_members "$2")
    ((${#members[@]} == 0)) || kill -s "$1" "${members[@]}" 2>/dev/null || true
}

# Ends every process of a session: sends SIGTERM, waits for the given number of seconds, then sends SIGKILL.
end_session() {
    signal_session TERM "$1"
    wait_until "${2:-5}" session_is_empty "$1" || signal_session KILL "$1"
}

# Runs $1 when this shell ends, also by a signal. (Bash 5.2 may run a trap while it parses `$(...)`, and then expects
# the closing bracket from it; in all other cases the first line has ended the shell before.)
at_the_end() {
    local leave=$'exit 130\n)'
    # shellcheck disable=SC2064
    trap "$1" EXIT
    # shellcheck disable=SC2064
    trap "$leave" INT TERM HUP
}

# The session of the command that runs under `guarded`, or empty.
GUARDED=''

# Runs a program that leaves the processors to others while these need them. Where the kernel divides processors between
# sessions (autogroups), their priority must be set for each session.
readonly AT_LOW_PRIORITY=(nice -n 19 sh -c '{ echo 19 >/proc/self/autogroup; } 2>/dev/null; exec "$@"' sh)

# Runs a command so that nothing it starts outlives it, even if a signal ends ./dev; with LOW_PRIORITY, at low priority.
# The caller must run `end_guarded` in its exit trap.
guarded() {
    local status=0 start=()
    [[ -z ${LOW_PRIORITY:-} ]] || start=("${AT_LOW_PRIORITY[@]}")
    setsid "${start[@]}" env --default-signal=INT,QUIT "$@" </dev/null 9>&- &
    GUARDED=$!
    wait "$GUARDED" || status=$?
    end_guarded
    return "$status"
}

end_guarded() {
    [[ -z $GUARDED ]] || end_session "$GUARDED"
    GUARDED=''
}
