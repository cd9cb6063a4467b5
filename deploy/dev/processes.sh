# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# The processes of `./dev up`, each under a supervisor (supervise.sh) that starts it again when it dies.
# An instance is named after its program: email_worker, and email_worker.2 when there are several.

# program, the variable with the address it listens at, the first port to try, how readiness is checked
readonly PROGRAMS='
mail_sim      MAIL_SIM_LISTEN   18025  tcp
viber_sim     VIBER_SIM_LISTEN  18026  tcp
fms_sim       FMS_SIM_LISTEN    18027  tcp
google_sim    GOOGLE_SIM_LISTEN 18028  tcp
api           LISTEN            8080   http
scheduler     HEALTH_LISTEN     18081  http
email_worker  HEALTH_LISTEN     18082  http
viber_worker  HEALTH_LISTEN     18083  http
sweep_worker  HEALTH_LISTEN     18084  http
report_worker HEALTH_LISTEN     18085  http
geo_worker    HEALTH_LISTEN     18086  http
timetable_worker HEALTH_LISTEN  18087  http
'

# Seconds that a process has to drain, and seconds after which it is killed.
readonly DRAIN_SECONDS=${SHUTDOWN_SECONDS:-10}
readonly KILL_SECONDS=$((DRAIN_SECONDS + 3))

# One column of a program's row.
program_column() { awk -v name="$1" -v column="$2" '$1 == name { print $column }' <<<"$PROGRAMS"; }

program_names() { awk 'NF { print $1 }' <<<"$PROGRAMS"; }

# The servers that ./dev starts, and the instances of every program.
server_instances() {
    given_database || echo postgres
    given_redis || echo redis
    ! is_observed || echo prometheus
}

program_instances() {
    local name count number
    for name in $(program_names); do
        echo "$name"
        count=1
        [[ ! -e $DEV/scale/$name ]] || read -r count <"$DEV/scale/$name"
        for ((number = 2; number <= count; number++)); do echo "$name.$number"; done
    done
}

# Every instance that was started and not yet stopped.
known_instances() {
    local folder
    for folder in "$DEV"/run/*/; do
        [[ -d $folder ]] && basename "$folder"
    done
    return 0
}

choose_ports() {
    choose_port postgres 15432
    choose_port redis 16379
    ! is_observed || choose_port prometheus 19090
    local instance
    for instance in $(program_instances); do
        choose_port "$instance" "$(program_column "${instance%%.*}" 3)"
    done
    choose_port api.metrics 18080
}

# Writes .dev/targets.json: the addresses at which our processes answer scrapes, in the format of Prometheus
# (file_sd_configs), which notices new instances by itself. The API answers scrapes at an address of its own.
write_targets() {
    local instance port separator='' format='%s\n  {"targets": ["127.0.0.1:%s"], "labels": {"job": "%s", "process": "%s"}}'
    {
        printf '['
        for instance in $(program_instances); do
            case $(program_column "${instance%%.*}" 2) in
                HEALTH_LISTEN) port=$(remembered_port "$instance") ;;
                LISTEN) port=$(remembered_port "$instance.metrics") ;;
                *) continue ;;
            esac
            # shellcheck disable=SC2059
            printf "$format" "$separator" "$port" "${instance%%.*}" "$instance"
            separator=,
        done
        printf '\n]\n'
    } >"$DEV/targets.json.new"
    mv "$DEV/targets.json.new" "$DEV/targets.json"
}

# Print the process id of the supervisor of an instance, and that of its present process.
instance_pid() { recorded_process "$DEV/run/$1/supervisor"; }
child_pid() { recorded_process "$DEV/run/$1/child"; }

# Sets COMMAND to the command that starts an instance, with the present settings.
instance_command() {
    local program=${1%%.*}
    case $program in
        postgres) private_postgres_command ;;
        redis) private_redis_command ;;
        prometheus) prometheus_command ;;
        *) COMMAND=(env "$(program_column "$program" 2)=127.0.0.1:$(remembered_port "$1")"
            setpriv --pdeathsig TERM -- "$DEV/bin/$program") ;;
    esac
}

# Prints what an instance runs with. If that differs from what it was started with, the instance is out of date.
instance_fingerprint() {
    local settings='' program=''
    case $1 in
        postgres | redis) ;;
        prometheus) settings=$(prometheus_fingerprint) ;;
        *)
            settings=$(cksum <"$DEV/env")
            program=$(stat -Lc '%i %Y' "$DEV/bin/${1%%.*}")
            ;;
    esac
    printf '%s %s %s\n' "$(remembered_port "$1")" "$settings" "$program"
}

instance_is_current() { [[ $(instance_fingerprint "$1") == "$(cat "$DEV/run/$1/fingerprint" 2>/dev/null)" ]]; }

# The command prefix of supervisors: none, so that they outlive `./dev up`. A scratch stack has one (scratch_stack.sh).
SUPERVISED=()

# Starts instances that do not run, restarts those that are out of date, and leaves the others alone.
start_instances() {
    local instance supervisor
    for instance in "$@"; do
        if instance_pid "$instance" >/dev/null; then
            instance_is_current "$instance" && continue
            say "Restarting $instance: it changed."
            kill -s TERM "$(child_pid "$instance")" 2>/dev/null || true
        else
            # If its supervisor was killed, the process may still be shutting down.
            stop_instances "$instance"
            mkdir -p "$DEV/run/$instance" "$DEV/logs"
            DEV_FOLDER=$DEV DEV_INSTANCE=$instance "${SUPERVISED[@]}" setsid bash "$ROOT/deploy/dev/supervise.sh" \
                </dev/null >>"$DEV/logs/$instance.log" 2>&1 9>&- &
            supervisor=$!
            record_process "$supervisor" "$DEV/run/$instance/supervisor"
        fi
    done
}

# Stops instances: signals all at once, and kills those that take too long.
stop_instances() {
    local instance pid pids=()
    for instance in "$@"; do
        for pid in $(instance_pid "$instance") $(child_pid "$instance"); do
            pids+=("$pid")
        done
    done
    if ((${#pids[@]})); then
        for instance in "$@"; do
            pid=$(instance_pid "$instance") || pid=$(child_pid "$instance") || continue
            kill -s TERM "$pid" 2>/dev/null || true
        done
        wait_until "$KILL_SECONDS" none_runs "${pids[@]}" || kill -s KILL "${pids[@]}" 2>/dev/null || true
        wait_until 5 none_runs "${pids[@]}" || warn "still running: ${pids[*]}"
    fi
    for instance in "$@"; do
        rm -rf "${DEV:?}/run/$instance"
    done
}

none_runs() {
    local pid
    for pid in "$@"; do
        ! is_running "$pid" || return 1
    done
}

# Whether an instance is up to date and answers.
instance_is_ready() {
    local port
    child_pid "$1" >/dev/null && instance_is_current "$1" || return 1
    port=$(remembered_port "$1")
    case $1 in
        postgres) postgres_is_ready "$port" ;;
        redis) redis_is_ready "$port" ;;
        prometheus) answers_http "$port" /-/ready ;;
        *) case $(program_column "${1%%.*}" 4) in
            tcp) port_is_taken "$port" ;;
            http) answers_http "$port" /readyz ;;
        esac ;;
    esac
}

# Whether a port answers the path $2 with 200.
answers_http() (
    { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || exit 1
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
    read -r -t 3 _ status _ <&3 && [[ $status == 200 ]]
)

# Waits until all of the instances are ready; names the first one that is not.
await_instances() {
    local instance
    for instance in "$@"; do
        wait_until 60 instance_is_ready "$instance" && continue
        tail -n 15 "$DEV/logs/$instance.log" >&2
        fail "$instance is not ready after a minute; above are the last lines of ${DEV#"$ROOT"/}/logs/$instance.log.
  It is restarted until './dev down'; once the cause is gone, run ./dev up again."
    done
}
