# shellcheck shell=bash
# `./dev alerts`: faults whose alerts take minutes, on a scratch stack with Prometheus. Each alert must fire, not only
# be pending, and disappear when its fault ends (`come_and_go` in alerts.sh). Faults exist at the same time, so that all
# take a quarter of an hour.

run_alerts() {
    (($# == 0)) || fail "usage: ./dev alerts"
    at_the_end leave_check
    need_cargo
    need_tools build postgres redis curl
    need_prometheus || fail "./dev alerts needs Prometheus, which cannot be installed here (Debian package: prometheus)"
    command -v openssl >/dev/null || fail "./dev alerts needs openssl"
    mkdir -p "$DEV/check"
    start_scratch_stack
    in_scratch_stack start_observing
    # Switches tracking on.
    in_scratch_stack sell_demo >>"$SCRATCH_STACK/.dev/start.log"
    cause_slow_faults || fail "an alert did not do what its fault should make it do, see above"
    say "Ten alerts fire during their faults; all but one, which lasts for half an hour, resolve afterwards."
}

cause_slow_faults() {
    local failed=0 ALERT_STATES=firing ALERT_SECONDS=600 QUIET_SECONDS=150
    say "Causing faults; it takes a quarter of an hour ..."
    # It takes longest, so the others come meanwhile.
    fail_tracking || failed=1
    # Messages and reports need the API and the relay, so they come before these two are stopped.
    come_and_go MessageProviderFailing fail_viber recover_viber ReportsFailing fail_reports forget_reports \
        ScheduleLate hold_a_schedule release_the_schedule InvariantsNotChecked forget_file_checks resume_reports \
        CertificateExpires serve_short_certificate stop_tls_api || failed=1
    come_and_go RelayStuck block_the_relay release_the_relay SamplerStale : : \
        PoolExhausted exhaust_the_pool release_the_pool || failed=1
    # Caused by the requests that failed meanwhile. It lasts for half an hour, so it is not waited for until it goes.
    alert_comes ErrorBudgetBurnsFast || failed=1
    alert_comes TrackingProviderFailing || failed=1
    recover_tracking || failed=1
    alert_goes TrackingProviderFailing || failed=1
    return "$failed"
}

# ---- providers

# The tracking provider fails. Accounts that fail are polled less and less often; polled at once, they soon have more
# failures than they had successes.
fail_tracking() {
    curl -sf -o /dev/null -H 'content-type: application/json' -d '{"status": 500, "count": 1000000}' \
        "$(scratch_setting FMS_URL)/faults" &&
        wait_until 180 poll_until prometheus_has 'ALERTS{alertname="TrackingProviderFailing"}'
}

# As above: polled at once, they soon have more successes.
recover_tracking() {
    curl -sf -o /dev/null -X DELETE "$(scratch_setting FMS_URL)/faults" &&
        wait_until 240 poll_until alert_is_quiet TrackingProviderFailing
}

# Polls and lists every account, and returns whether the command succeeds a second later.
poll_until() {
    scratch_psql "update tracking_accounts set next_poll_at = now(), next_sync_at = now()"
    sleep 1
    "$@"
}

# The Viber provider answers every message with 500. A counter that begins is not seen to rise: it must exist before
# the failures that are to be counted.
fail_viber() {
    local faults
    faults=$(printf '{"kind": "status", "status": 500},%.0s' {1..500})
    local number failures='prexsell_provider_request_seconds_count{provider="viber",outcome!="ok"}'
    curl -sf -o /dev/null -H 'content-type: application/json' -d "[${faults%,}]" \
        "$(scratch_setting VIBER_URL)/faults" &&
        sell_to_viber && wait_until 60 prometheus_has "$failures" || return 1
    for number in {1..9}; do
        sell_to_viber || {
            warn "message $number to the failing provider could not be written"
            return 1
        }
    done
}

sell_to_viber() { sell_one restore@example.com '"Viber"' >/dev/null; }

# The provider is started anew, without the faults, and gets more messages than have failed.
recover_viber() {
    in_scratch_stack stop_instances viber_sim
    in_scratch_stack start_instances viber_sim && wait_until 300 sell_until_quiet MessageProviderFailing
}
sell_until_quiet() {
    sell_to_viber
    release_the_message
    alert_is_quiet "$1"
}

# ---- reports

# A file is in the place of the store, which only root could write to if it were merely read-only. Reports are
# attempted for hours; each gets only one more attempt.
fail_reports() {
    local store=$SCRATCH_STACK/.dev/files
    mkdir -p "$store" && mv "$store" "$store.away" && touch "$store" && request_reports &&
        wait_until 180 have_reports_failed
}

request_reports() (
    load_scratch_settings
    before_the_dump "$DEV/check/session" >/dev/null || exit 1
    # Reports of the same days would be one report.
    local days
    for days in 1 2 3 4; do
        curl -sf -o /dev/null -b "$DEV/check/session" -H "origin: $API_URL" -H 'content-type: application/json' \
            -d "{\"dateFrom\": \"$(date -d "$days days ago" +%F)\", \"dateTo\": \"$(date +%F)\"}" \
            "$API_URL/v2/reports/orders" || exit 1
    done
)

have_reports_failed() {
    scratch_psql "update jobs set max_attempts = attempt + 1 where kind = 'report_generate' and state = 'ready'"
    [[ $(scratch_psql "select count(*) > 2 from reports where status = 'Failed'") == t ]]
}

# The store is back, and it is as if the reports had failed an hour earlier.
forget_reports() {
    local store=$SCRATCH_STACK/.dev/files
    rm -f "$store" && mv "$store.away" "$store" && scratch_admin jobs discard --queue report --yes &&
        scratch_psql "update reports set ended_at = ended_at - interval '1 hour' where status = 'Failed'"
}

# As if the files had not been checked for ten minutes; their check is a job of the queue that is paused.
forget_file_checks() {
    pause_reports && scratch_psql "update invariants set checked_at = now() - interval '10 minutes'
        where rule in ('report_without_file', 'upload_without_file')"
}

# ---- locks

# Runs the statement $2, which locks something, in a session named after $1, which keeps the lock until `release_lock`.
hold_lock() {
    PGAPPNAME=fault-$1 run_psql "$(scratch_setting DATABASE_URL)" -qAtc "begin; $2; select pg_sleep(1800)" \
        </dev/null >/dev/null 2>&1 9>&- &
    wait_until 30 is_lock_held "$1" && return
    warn "the lock $1 could not be taken"
    return 1
}
is_lock_held() {
    [[ $(scratch_psql "select count(*) from pg_stat_activity
        where application_name = 'fault-$1' and wait_event = 'PgSleep'") == 1 ]]
}
release_lock() {
    scratch_psql "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fault-$1'" >/dev/null
}

# Another session has locked the row of a schedule, so no scheduler fires it.
hold_a_schedule() { hold_lock schedule "select from schedules where name = 'bus_syncs' for update"; }
release_the_schedule() { release_lock schedule; }

# The relay and the sampler cannot read which queues are paused.
block_the_relay() { hold_lock relay "lock table paused_queues in access exclusive mode"; }
release_the_relay() { release_lock relay; }

# Requests of signed-in people wait for a lock, and there are always more of them than connections.
exhaust_the_pool() {
    local url asking=$DEV/check/asking
    url=$(scratch_setting API_URL)
    before_the_dump "$DEV/check/session" >/dev/null &&
        hold_lock pool "lock table sessions in access exclusive mode" || return 1
    touch "$asking"
    for _ in {1..20}; do
        while [[ -e $asking ]]; do
            curl -s -m 30 -o /dev/null -b "$DEV/check/session" "$url/v2/auth/me" || true
            sleep 0.1
        done </dev/null >/dev/null 2>&1 9>&- &
    done
}
release_the_pool() {
    rm -f "$DEV/check/asking"
    release_lock pool
}

# ---- certificates

# An API serves a certificate that is valid for two days. (It is one that chaos.sh makes for Redis.)
serve_short_certificate() {
    local folder=$DEV/check/certificates
    mkdir -p "$folder" && make_certificates "$folder" >"$folder/log" 2>&1 &&
        start_tls_api "$folder/redis.pem" "$folder/redis.key"
}
