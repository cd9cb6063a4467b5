# shellcheck shell=bash
# The commands for the whole stack: up, down, reset, status, scale, logs.

# Only one `./dev` at a time may change what runs here.
lock() {
    mkdir -p "$DEV"
    exec 9>"$DEV/lock"
    flock -n 9 || {
        say "Another ./dev is at work here; waiting for it."
        flock 9
    }
}

stack_up() {
    [[ $* == '' || $* == --observe ]] || fail "usage: ./dev up [--observe]"
    lock
    at_the_end stop_if_interrupted
    need_cargo
    local needed=(build)
    given_database || needed+=(postgres)
    given_redis || needed+=(redis)
    need_tools "${needed[@]}"
    set_observed "$@"
    build_console
    build_programs
    bring_up
    sell_demo
    trap - EXIT INT TERM HUP
    print_welcome
}

# Stops everything if Ctrl-C, or the end of the terminal, interrupts the start. After a failure, what runs is left as it
# is.
stop_if_interrupted() {
    trap '' INT TERM HUP
    # The terminal may be gone: a message that cannot be written must not end this.
    set +e
    end_guarded
    [[ -z $GAVE_UP ]] || return 0
    warn "interrupted: stopping everything"
    stop_everything
}

# Builds the programs, and puts them where a later build or test does not replace them under a running process.
build_programs() {
    say "Building (the first time takes some minutes) ..."
    build_for_development --bins || fail "the build failed, see above"
    local name
    mkdir -p "$DEV/bin"
    for name in admin sales_sim $(program_names); do
        [[ -x $TARGET/debug/$name ]] || fail "the build produced no program $name"
        cmp -s "$TARGET/debug/$name" "$DEV/bin/$name" && continue
        ln -f "$TARGET/debug/$name" "$DEV/bin/$name.new" 2>/dev/null || cp "$TARGET/debug/$name" "$DEV/bin/$name.new"
        mv "$DEV/bin/$name.new" "$DEV/bin/$name"
    done
}

# Starts servers and programs, and returns once all are ready.
bring_up() {
    local servers programs surplus
    make_secrets
    choose_ports
    write_settings
    write_targets
    mapfile -t servers < <(server_instances)
    mapfile -t programs < <(program_instances)
    mapfile -t surplus < <(known_instances | grep -vxF "$(printf '%s\n' "${servers[@]}" "${programs[@]}")" || true)
    stop_instances "${surplus[@]}"
    given_database || make_private_cluster
    ! is_observed || write_prometheus
    start_instances "${servers[@]}"
    await_instances "${servers[@]}"
    given_database || make_private_database
    load_demo || fail "the database could not be brought up to date, see above"
    start_instances "${programs[@]}"
    await_instances "${programs[@]}"
}

# Brings the schema and the demo up to date. The demo is loaded again if its files, the settings or the day have
# changed: its calendar moves with the day.
load_demo() (
    load_settings
    "$DEV/bin/admin" migrate || exit 1
    local mark
    mark="$(date +%F) $(cat "$DEV/env" data/demo/*.csv data/demo/*/*.txt | cksum)"
    [[ $(cat "$DEV/demo" 2>/dev/null) != "$mark" ]] || exit 0
    say "Loading the demo (SYNTHETIC timetables) ..."
    "$DEV/bin/admin" seed-demo --data data/demo || exit 1
    (umask 077 && printf '%s\n' "$mark" >"$DEV/demo")
)

# Sells seats of the demo once a day, so that the console has data to show: first those of the last week, once, then
# those of today; and switches tracking on. If that fails, the demo goes without.
sell_demo() (
    load_settings
    [[ $(cat "$DEV/sales" 2>/dev/null) != "$(date +%F)" ]] || exit 0
    say "Selling seats of the demo (SYNTHETIC) ..."
    { "$DEV/bin/admin" seed-demo-sales && "$DEV/bin/sales_sim"; } || {
        warn "the demo bookings could not be created, see above"
        exit 0
    }
    date +%F >"$DEV/sales"
)

print_welcome() (
    load_settings
    cat <<TEXT

All processes are ready. SYNTHETIC demo data: invented companies, timetables and fares.

  Console      $API_URL/console        (for people: sign in as below)
  API          $API_URL        (documentation: $API_URL/docs)
  Partner key  $API_KEY
  Second key   $API_KEY_2
  Back office  $BACKOFFICE_EMAIL / $BACKOFFICE_PASSWORD      (a bus company)
               $PARTNER_EMAIL / $PARTNER_PASSWORD    (partner of the first key)
               $OPS_EMAIL / $OPS_PASSWORD        (operates the platform)
  Mails        ${MAIL_DIR#"$ROOT"/}/*.eml
  Settings     .dev/env        (in a shell: source .dev/env)
$(! is_observed || printf '  Prometheus   http://127.0.0.1:%s\n' "$(remembered_port prometheus)")

Find a trip:

  curl -H 'x-api-key: $API_KEY' \\
    '$API_URL/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate=$(date -d tomorrow +%F)&passengers=1'

./dev status, ./dev logs, ./dev down
TEXT
)

stop_everything() {
    local instances programs=() servers=() instance
    mapfile -t instances < <(known_instances)
    for instance in "${instances[@]}"; do
        case $instance in
            postgres | redis) servers+=("$instance") ;;
            *) programs+=("$instance") ;;
        esac
    done
    stop_instances "${programs[@]}"
    stop_instances "${servers[@]}"
}

stack_down() {
    [[ -d $DEV ]] || return 0
    lock
    stop_everything
    say "Everything is stopped. The data stays (./dev reset forgets it)."
}

stack_reset() {
    [[ -d $DEV ]] || return 0
    lock
    stop_everything
    forget_private_cluster
    rm -rf "$DEV"
    say "The private database, Redis, settings and mails are gone. A server given by DATABASE_URL is never touched."
}

stack_status() {
    local instance pid state
    [[ -e $DEV/ports ]] || fail "nothing is set up here yet: run ./dev up"
    for instance in $(server_instances) $(program_instances); do
        pid=$(child_pid "$instance") || pid=-
        state=stopped
        if instance_is_ready "$instance"; then
            state=ready
        elif instance_pid "$instance" >/dev/null; then
            state=starting
        fi
        printf '%-16s %-9s pid %-8s 127.0.0.1:%s\n' "$instance" "$state" "$pid" "$(remembered_port "$instance")"
    done
    print_paused
}

# Prints the paused queues; nothing if there are none, or if the database does not answer.
print_paused() (
    [[ -x $DEV/bin/admin && -e $DEV/env ]] || exit 0
    load_settings
    { "$DEV/bin/admin" queues 2>/dev/null || true; } |
        awk 'NR > 1 && $NF != "-" { printf "queue %-10s paused since %s (./dev admin resume-queue %s)\n", $1, $NF, $1 }'
)

stack_scale() {
    local name=${1:-} count=${2:-}
    [[ $(program_column "$name" 2) == HEALTH_LISTEN && $count =~ ^[1-9][0-9]?$ ]] ||
        fail "usage: ./dev scale NAME N, with a worker or the scheduler and 1 to 99"
    [[ -e $DEV/env ]] || fail "nothing is set up here yet: run ./dev up"
    lock
    mkdir -p "$DEV/scale"
    printf '%s\n' "$count" >"$DEV/scale/$name"
    bring_up
    stack_status
}

stack_logs() {
    local files=("$DEV"/logs/*.log)
    if (($#)); then files=("$DEV/logs/$1"*.log); fi
    [[ -e ${files[0]} ]] || fail "there is no log of '${1:-anything}' here; ./dev status lists the processes"
    if [[ -t 1 ]]; then tail -n 50 -F "${files[@]}"; else tail -n +1 -q "${files[@]}"; fi
}
