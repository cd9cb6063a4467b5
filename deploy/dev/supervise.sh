#!/usr/bin/env bash
# Keeps one process of `./dev up` running: starts it, and starts it again when it ends, until the supervisor gets
# SIGTERM. DEV_INSTANCE names the instance, DEV_FOLDER the folder of its stack; the name is not an argument, so that
# `pkill -f email_worker` ends workers, not supervisors.
set -uo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
source "$ROOT/deploy/dev/all.sh"

readonly LONGEST_PAUSE=5
stopping=''
child=''
pause=0

stop_signal=TERM
# On SIGTERM PostgreSQL would wait for its clients to leave; on SIGINT it rolls back and ends.
[[ $DEV_INSTANCE != postgres ]] || stop_signal=INT

stop() {
    stopping=1
    [[ -z $child ]] || kill -s "$stop_signal" "$child" 2>/dev/null
}
trap stop TERM
trap '' INT HUP
cd "$ROOT" || exit 1

log() { printf '%s supervisor: %s\n' "$(date -u +%FT%TZ)" "$*"; }

while [[ -z $stopping ]]; do
    load_settings
    instance_command "$DEV_INSTANCE"
    instance_fingerprint "$DEV_INSTANCE" >"$DEV/run/$DEV_INSTANCE/fingerprint"
    started=$SECONDS
    "${COMMAND[@]}" &
    child=$!
    record_process "$child" "$DEV/run/$DEV_INSTANCE/child"
    # A SIGTERM may have come before the id of the process was known.
    [[ -z $stopping ]] || stop
    wait "$child"
    status=$?
    # A signal to the supervisor cuts `wait` short; the process itself may still be draining.
    while is_running "$child"; do wait "$child"; done
    child=''
    [[ -z $stopping ]] || break
    ((SECONDS - started < 30)) || pause=0
    log "$DEV_INSTANCE ended with status $status; starting it again in $pause s"
    sleep "$pause" &
    nap=$!
    wait "$nap"
    kill "$nap" 2>/dev/null
    pause=$((pause * 2 + 1))
    ((pause <= LONGEST_PAUSE)) || pause=$LONGEST_PAUSE
done
log "$DEV_INSTANCE is stopped"
