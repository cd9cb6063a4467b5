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

# The process id of the API that serves TLS; empty while there is none.
TLS_API=''

# Starts a second API on the scratch stack, which serves TLS: only such a process knows when its certificate expires.
# Prometheus notices the new target by itself. The API ends with this shell. $1 and $2 are its certificate and key, by
# default those of the tests.
start_tls_api() {
    local tls="$ROOT/api/tests/it/http/tls" targets="$SCRATCH_STACK/.dev/targets.json" port metrics
    local certificate="${1:-$tls/first.pem}" key="${2:-$tls/first.key}"
    port=$(in_scratch_stack free_port $((20000 + RANDOM % 5000)))
    metrics=$(in_scratch_stack free_port $((25000 + RANDOM % 5000)))
    (
        load_scratch_settings
        LISTEN=127.0.0.1:$port METRICS_LISTEN=127.0.0.1:$metrics TLS_CERT=$certificate TLS_KEY=$key \
            exec setpriv --pdeathsig TERM -- "$SCRATCH_STACK/.dev/bin/api"
    ) >"$DEV/check/tls.log" 2>&1 9>&- &
    TLS_API=$!
    wait_until 60 answers_http "$metrics" /metrics || {
        warn "the API with TLS did not start: $(tail -n 3 "$DEV/check/tls.log")"
        return 1
    }
    sed "s#^]#,{\"targets\": [\"127.0.0.1:$metrics\"], \"labels\": {\"job\": \"api\", \"process\": \"api.tls\"}}]#" \
        "$targets" >"$targets.new"
    mv "$targets.new" "$targets"
}

# Ends that API, so that the scratch stack has one API again.
stop_tls_api() {
    [[ -n $TLS_API ]] || return 0
    kill "$TLS_API" 2>/dev/null || true
    TLS_API=''
    in_scratch_stack write_targets
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
