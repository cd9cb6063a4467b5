# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# Prometheus beside the platform (`./dev up --observe`), and what is checked of deploy/observability: rules with promtool,
# dashboards by asking a Prometheus that scrapes the scratch stack.

readonly OBSERVABILITY="$ROOT/deploy/observability"
# Where Debian's package is unpacked when the machine has no Prometheus. All stacks of a checkout share it.
readonly PROMETHEUS_PACKAGE="$ROOT/.dev/prometheus-package"
readonly PYYAML_VERSION=6.0.3

# Sees to it that `prometheus` and `promtool` are found. Debian's package is unpacked, not installed: that would start a
# service.
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

# Whether Prometheus runs beside this stack, and that it does from now on, or no longer.
is_observed() { [[ -e $DEV/observed ]]; }
set_observed() {
    rm -f "$DEV/observed"
    [[ ${1:-} == --observe ]] || return 0
    need_prometheus || fail "--observe needs Prometheus, and it cannot be had from here (Debian's package: prometheus)"
    touch "$DEV/observed"
}

# Writes what Prometheus is started with: rules and configuration as they are for production, with the targets of this
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

# Changed targets are seen by themselves.
prometheus_fingerprint() { cat "$DEV/prometheus/prometheus.yml" "$DEV"/prometheus/rules/*.yml | cksum; }

# ---- checks

# Rules and tests, without a server.
check_alerts() {
    need_environment observe "PyYAML==$PYYAML_VERSION" || {
        warn "NOT CHECKED: alerts and dashboards. PyYAML cannot be installed from PyPI."
        return 0
    }
    local failed=0
    check_dashboard_files || failed=1
    run_observe files || failed=1
    need_prometheus || {
        warn "NOT CHECKED: the tests of alerts, and dashboards. There is no Prometheus (Debian's package: prometheus)."
        return "$failed"
    }
    guarded promtool check rules "$OBSERVABILITY"/rules/*.yml >"$DEV/check/rules.log" 2>&1 || {
        cat "$DEV/check/rules.log" >&2
        failed=1
    }
    guarded promtool test rules "$OBSERVABILITY"/tests/*.yml || failed=1
    return "$failed"
}

run_observe() { guarded env -C "$ROOT" PYTHONDONTWRITEBYTECODE=1 "$DEV/observe/bin/python" deploy/dev/observe.py "$@"; }

# Writes the dashboards into the folder $1.
make_dashboards() {
    mkdir -p "$1"
    PYTHONDONTWRITEBYTECODE=1 guarded python3 "$OBSERVABILITY/dashboards.py" "$1"
}

check_dashboard_files() {
    make_dashboards "$DEV/check/dashboards" || return 1
    diff -ru "$OBSERVABILITY/dashboards" "$DEV/check/dashboards" | head -n 40
    ((PIPESTATUS[0] == 0)) || {
        warn "deploy/observability/dashboards is not what dashboards.py makes: run ./dev prepare"
        return 1
    }
}

# Starts Prometheus beside the scratch stack, before the tours: what they do is what dashboards show.
observe_scratch_stack() {
    need_prometheus || {
        warn "NOT CHECKED: dashboards. There is no Prometheus (Debian's package: prometheus)."
        return 0
    }
    in_scratch_stack start_observing
}

start_observing() {
    set_observed --observe
    bring_up >>"$DEV/start.log"
}

# After the tours: every expression returns numbers.
check_dashboards() {
    in_scratch_stack is_observed && [[ -x $DEV/observe/bin/python ]] || return 0
    local url
    url=http://127.0.0.1:$(in_scratch_stack remembered_port prometheus)
    ask_for_a_while
    run_observe ask "$url"
}

# Searches and lists between several scrapes: a series begins with its first request, and only what comes after it is a
# rate. A search asks memory, a list the database.
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
