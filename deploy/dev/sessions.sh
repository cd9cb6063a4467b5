# shellcheck shell=bash
# Processes that are ours. Whatever ./dev starts gets a session of its own, so that all it starts in turn can be ended
# with it. A process is known by its number AND its start time, so that a number used again is never taken for it.

# Fields 3 (state) and on of /proc/PID/stat, in the array STAT; fails when there is no such process.
read_stat() {
    local line
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    read -ra STAT <<<"${line##*) }"
}

# Whether a process runs (one that ended and waits to be collected does not).
is_running() { read_stat "$1" && [[ ${STAT[0]} != Z ]]; }

# Writes down a process: number and start time.
record_process() { read_stat "$1" && printf '%s %s\n' "$1" "${STAT[19]}" >"$2"; }

# The number in such a record, if that very process still runs.
recorded_process() {
    local pid started
    { read -r pid started <"$1"; } 2>/dev/null || return 1
    is_running "$pid" && [[ ${STAT[19]} == "$started" ]] && printf '%s' "$pid"
}

# The processes that run in a session.
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

# Runs $1 when this shell ends, also when a signal ends it. (Bash 5.2 may run a trap half-way into parsing `$(...)`, and
# then asks it for the bracket that closes that; in all other cases the first line has ended the shell before.)
at_the_end() {
    local leave=$'exit 130\n)'
    # shellcheck disable=SC2064
    trap "$1" EXIT
    # shellcheck disable=SC2064
    trap "$leave" INT TERM HUP
}

# The session of the command that runs under `guarded`, if one does.
GUARDED=''

# Runs a command so that nothing it starts outlives it, even if a signal ends ./dev. The caller sets `end_guarded` in its
# own exit trap.
guarded() {
    local status=0
    setsid env --default-signal=INT,QUIT "$@" </dev/null 9>&- &
    GUARDED=$!
    wait "$GUARDED" || status=$?
    end_guarded
    return "$status"
}

end_guarded() {
    [[ -z $GUARDED ]] || end_session "$GUARDED"
    GUARDED=''
}
