# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# Prometheus beside the platform (`./dev up --observe`), and the checks of deploy/observability: rules with promtool,
# dashboards by queries to a Prometheus that scrapes the scratch stack.

readonly OBSERVABILITY="$ROOT/deploy/observability"
# Where Debian's package is unpacked when the machine has no Prometheus. All stacks of a checkout share it.
readonly PROMETHEUS_PACKAGE="$ROOT/.dev/prometheus-package"
readonly PYYAML_VERSION=6.0.3

# Makes sure that `prometheus` and `promtool` are found. Debian's package is unpacked, not installed, since installing
# it would start a service.
need_prometheus() {
    [[ $PATH == *:"$PROMETHEUS_PACKAGE/usr/bin" ]] || PATH+=":$PROMETHEUS_PACKAGE/usr/bin"
    command -v prometheus >/dev/null && command -v promtool >/dev/null && return
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    say "Unpacking Debian's package prometheus into .dev (once) ..."
    local folder
    folder=$(mktemp -d)
    if (cd "$folder" && apt-get download -q prometheus) >/dev/null 2>&1 ||
        (as_root apt-get update -q && cd "$folder" && apt-get download -q prometheus) >/dev/null 2>&1; then
        mkdir -p "$PROMETHEUS_PACKAGE"
        dpkg -x "$folder"/prometheus_*.deb "$PROMETHEUS_PACKAGE"
    fi
    rm -rf "$folder"
    hash -r
    prometheus --version >/dev/null 2>&1 && promtool --version >/dev/null 2>&1
}

# ---- beside a stack

# Whether Prometheus runs beside this stack; `set_observed` decides whether it does from now on.
is_observed() { [[ -e $DEV/observed ]]; }
set_observed() {
    rm -f "$DEV/observed"
    [[ ${1:-} == --observe ]] || return 0
    need_prometheus || fail "--observe needs Prometheus, which cannot be installed here (Debian package: prometheus)"
    touch "$DEV/observed"
}

# Writes the files that Prometheus is started with: rules and configuration of production, with the targets of this
# stack.
write_prometheus() {
    mkdir -p "$DEV/prometheus"
    rm -rf "$DEV/prometheus/rules"
    cp -r "$OBSERVABILITY/rules" "$DEV/prometheus/"
    sed "s#\[targets.json\]#['$DEV/targets.json']#" "$OBSERVABILITY/prometheus.yml" >"$DEV/prometheus/prometheus.yml"
}

prometheus_command() {
    need_prometheus || fail "Prometheus is gone; ./dev up starts the platform without it"
    COMMAND=(setpriv --pdeathsig TERM -- prometheus --config.file="$DEV/prometheus/prometheus.yml"
        --storage.tsdb.path="$DEV/prometheus/data" --storage.tsdb.retention.time=2d
        --web.listen-address="127.0.0.1:$(remembered_port prometheus)" --log.level=warn)
}

# Without the targets: Prometheus notices changes of these by itself.
prometheus_fingerprint() { cat "$DEV/prometheus/prometheus.yml" "$DEV"/prometheus/rules/*.yml | cksum; }

# ---- checks

# Checks the rules and runs their tests, without a server.
check_alerts() {
    need_yaml || {
        not_checked "alerts and dashboards" "PyYAML cannot be installed (Debian's package: python3-yaml)."
        return
    }
    local failed=0
    check_dashboard_files || failed=1
    run_observe files || failed=1
    need_prometheus || {
        not_checked "the tests of alerts" "There is no Prometheus (Debian's package: prometheus)." || failed=1
        return "$failed"
    }
    guarded promtool check rules "$OBSERVABILITY"/rules/*.yml >"$DEV/check/rules.log" 2>&1 || {
        cat "$DEV/check/rules.log" >&2
        failed=1
    }
    guarded promtool test rules "$OBSERVABILITY"/tests/*.yml || failed=1
    return "$failed"
}

# Sets OBSERVE_PYTHON to a Python with PyYAML: from PyPI, else from Debian's package.
need_yaml() {
    OBSERVE_PYTHON=$DEV/observe/bin/python
    need_environment observe "PyYAML==$PYYAML_VERSION" && return
    OBSERVE_PYTHON=python3
    python3 -c 'import yaml' 2>/dev/null || { command -v apt-get >/dev/null && install_packages python3-yaml >&2; }
}

run_observe() { guarded env -C "$ROOT" PYTHONDONTWRITEBYTECODE=1 "$OBSERVE_PYTHON" deploy/dev/observe.py "$@"; }

# Writes the dashboards into the folder $1.
make_dashboards() {
    mkdir -p "$1"
    PYTHONDONTWRITEBYTECODE=1 guarded python3 "$OBSERVABILITY/dashboards.py" "$1"
}

check_dashboard_files() {
    make_dashboards "$DEV/check/dashboards" || return 1
    diff -ru "$OBSERVABILITY/dashboards" "$DEV/check/dashboards" | head -n 40
    ((PIPESTATUS[0] == 0)) || {
        warn "deploy/observability/dashboards is out of date: run ./dev prepare"
        return 1
    }
}

# Starts Prometheus beside the scratch stack, before the tours: their requests are what the dashboards show.
observe_scratch_stack() {
    need_prometheus || {
        not_checked "dashboards, and alerts under faults" "There is no Prometheus (Debian's package: prometheus)."
        return
    }
    in_scratch_stack start_observing && start_tls_api
}

start_observing() {
    set_observed --observe
    bring_up >>"$DEV/start.log"
}

# Checks, after the tours, that every expression returns numbers.
check_dashboards() {
    in_scratch_stack is_observed || return 0
    need_yaml || return 1
    ask_for_a_while
    run_observe ask "$(scratch_prometheus)"
}

scratch_prometheus() { printf 'http://127.0.0.1:%s' "$(in_scratch_stack remembered_port prometheus)"; }

# Starts a second API on the scratch stack, which serves TLS: only such a process knows when its certificate expires.
# Prometheus notices the new target by itself. The API ends with this shell.
start_tls_api() {
    local tls="$ROOT/api/tests/it/http/tls" targets="$SCRATCH_STACK/.dev/targets.json" port metrics
    port=$(in_scratch_stack free_port $((20000 + RANDOM % 5000)))
    metrics=$(in_scratch_stack free_port $((25000 + RANDOM % 5000)))
    (
        load_scratch_settings
        LISTEN=127.0.0.1:$port METRICS_LISTEN=127.0.0.1:$metrics TLS_CERT=$tls/first.pem TLS_KEY=$tls/first.key \
            exec setpriv --pdeathsig TERM -- "$SCRATCH_STACK/.dev/bin/api"
    ) >"$DEV/check/tls.log" 2>&1 9>&- &
    wait_until 60 answers_http "$metrics" /metrics || {
        warn "the API with TLS does not start: $(tail -n 3 "$DEV/check/tls.log")"
        return 1
    }
    sed "s#^]#,{\"targets\": [\"127.0.0.1:$metrics\"], \"labels\": {\"job\": \"api\", \"process\": \"api.tls\"}}]#" \
        "$targets" >"$targets.new"
    mv "$targets.new" "$targets"
}

# Alerts under real faults: each must appear in a Prometheus with the rules of production, and disappear when the fault
# ends. `pending` is enough: promtool tests how long a fault must last.
check_alerts_under_faults() {
    in_scratch_stack is_observed || return 0
    local failed=0
    # The gauges of the others come from the scheduler.
    come_and_go NoScheduler stop_scheduler start_scheduler || failed=1
    come_and_go InvariantBroken lose_a_seat restore_the_seat QueuePausedTooLong pause_reports resume_reports \
        NoWorker suspend_mails resume_mails RedisAway fill_redis empty_redis || failed=1
    ((failed)) || say "   five alerts come with a fault, and go with it"
    return "$failed"
}

# Whether alerts appear with their faults, and disappear with them. The arguments are, for each alert, its name, what
# causes the fault, and what ends it. The faults are caused in this order, and exist at the same time.
come_and_go() {
    local failed=0 alerts=() causes=() ends=() i
    while (($# > 0)); do
        alerts+=("$1") causes+=("$2") ends+=("$3")
        shift 3
    done
    for i in "${!alerts[@]}"; do "${causes[i]}" || failed=1; done
    for i in "${!alerts[@]}"; do alert_comes "${alerts[i]}" || failed=1; done
    for i in "${!alerts[@]}"; do "${ends[i]}" || failed=1; done
    for i in "${!alerts[@]}"; do alert_goes "${alerts[i]}" || failed=1; done
    return "$failed"
}

stop_scheduler() { in_scratch_stack stop_instances scheduler; }
start_scheduler() { in_scratch_stack start_instances scheduler; }

# A full server answers, and accepts no writes.
fill_redis() { scratch_redis config set maxmemory 1 >/dev/null; }
empty_redis() { scratch_redis config set maxmemory 0 >/dev/null; }

# A process that hangs: it exists, but sends no heartbeats. Once it continues, it ends, and its supervisor starts it
# again.
suspend_mails() { kill -s STOP "$(in_scratch_stack child_pid email_worker)"; }
resume_mails() { kill -s CONT "$(in_scratch_stack child_pid email_worker)"; }

pause_reports() { scratch_queue pause; }
resume_reports() { scratch_queue resume; }
scratch_queue() (
    load_scratch_settings
    "$SCRATCH_STACK/.dev/bin/admin" "$1-queue" report --by check --reason 'Alerts are tried' >/dev/null
)

# Takes the seat of a paid ticket away. The invariants are checked at once, not at the next minute.
lose_a_seat() {
    local booking
    LOST_SEAT=''
    booking=$(sell_and_pay) &&
        LOST_SEAT=$(scratch_psql "delete from seat_holds where ticket_id = (
            select id from tickets where 'bkg_' || replace(booking_id::text, '-', '') = '$booking'
        ) returning format('%L, %L, %L, %s, %L', ticket_id, trip_id, service_day, seat, stretch)") &&
        check_invariants_now
}

# Prints the id of the booking.
sell_and_pay() (
    load_scratch_settings
    local offer booking
    offer=$(before_the_dump "$DEV/check/session") && booking=$(sell "$API_URL" "$offer") &&
        curl -sf -o /dev/null -H "x-api-key: $API_KEY" -H 'content-type: application/json' -d '{}' \
            "$API_URL/v2/bookings/$booking/pay" && printf '%s' "$booking"
)

restore_the_seat() {
    [[ -n $LOST_SEAT ]] && scratch_psql "insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch) values ($LOST_SEAT)" &&
        check_invariants_now
}

check_invariants_now() { scratch_psql "update schedules set next_at = now() where name = 'invariants'"; }

scratch_psql() { run_psql "$(scratch_setting DATABASE_URL)" -qAtc "$1"; }

scratch_redis() { redis-cli -u "$(scratch_setting REDIS_URL)" "$@"; }

alert_comes() {
    wait_until 45 alert_is_active "$1" && return
    warn "$1 does not come within 45 seconds"
    return 1
}

alert_goes() {
    wait_until 45 alert_is_quiet "$1" && return
    warn "$1 does not go within 45 seconds after the fault"
    return 1
}

alert_is_active() { curl -sf "$(scratch_prometheus)/api/v1/alerts" | grep -q "\"alertname\":\"$1\""; }
alert_is_quiet() {
    local alerts
    alerts=$(curl -sf "$(scratch_prometheus)/api/v1/alerts") && ! grep -q "\"alertname\":\"$1\"" <<<"$alerts"
}

# Searches and reads lists for several scrapes: a series begins with its first request, and a rate counts only later
# ones. A search reads from memory, a list from the database.
ask_for_a_while() (
    load_scratch_settings
    local attempt day
    day=$(date -d tomorrow +%F)
    for attempt in {1..8}; do
        curl -sf -o /dev/null -H "x-api-key: $API_KEY" \
            "$API_URL/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate=$day&passengers=1" || return 1
        curl -sf -o /dev/null -H "x-api-key: $API_KEY" "$API_URL/v2/bookings?take=1" || return 1
        sleep 2
    done
)
