# shellcheck shell=bash
# Alerts while something is broken: the faults that `./dev check` causes on the scratch stack, beside which Prometheus
# runs (observe.sh). Those that take minutes are in slow_alerts.sh.

# The states in which an alert has come, and how many seconds it may take to come and to go. `./dev check` does not wait
# until an alert fires: promtool tests how long a fault must last.
ALERT_STATES='pending|firing'
ALERT_SECONDS=45
QUIET_SECONDS=45

# Alerts under real faults: each must appear in a Prometheus with the rules of production, and disappear when the fault
# ends.
check_alerts_under_faults() {
    in_scratch_stack is_observed || return 0
    local failed=0
    stop_tls_api || failed=1
    # The gauges of the others come from the scheduler.
    come_and_go NoScheduler stop_scheduler start_scheduler || failed=1
    # It is found out while the others come. It lasts for a quarter of an hour, so it is not waited for until it goes.
    crash_a_mail || failed=1
    # In this order: a mail is refused and a message held up while their workers run, and a mail waits when neither the
    # worker nor Redis takes it.
    # Nothing is sold after a sweep is late and a seat is lost: a sale closes expired tickets of its departure, and could
    # sell the seat again. The API hangs last, since the faults before need sales.
    come_and_go JobsDead refuse_a_mail discard_the_mail MessagesHeldUp hold_a_message release_the_message \
        QueuePausedTooLong pause_reports resume_reports \
        NoWorker suspend_mails resume_mails RedisAway fill_redis empty_redis JobsWaitTooLong delay_a_mail : \
        SweepLate delay_a_sweep resume_sweeps InvariantBroken lose_a_seat restore_the_seat \
        ApiDown suspend_api resume_api ProcessDown : : || failed=1
    alert_comes JobsCrash || failed=1
    ((failed)) || say "   eleven alerts appear during their faults and disappear afterwards, and a twelfth appears"
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

# A worker is killed while it sends a mail: the mail server hangs until then. Its supervisor starts it again, and the
# mail is sent once the scheduler has taken the job back.
crash_a_mail() {
    local server worker failed=0
    server=$(in_scratch_stack child_pid mail_sim) && worker=$(in_scratch_stack child_pid email_worker) || return 1
    kill -s STOP "$server"
    { sell_one >/dev/null && wait_until 30 has_running_mail && kill -s KILL "$worker"; } || failed=1
    kill -s CONT "$server"
    ((!failed)) || warn "no worker could be killed while it sends a mail"
    return "$failed"
}
has_running_mail() { [[ $(scratch_psql "select count(*) from jobs where queue = 'email' and state = 'running'") != 0 ]]; }

# An API that hangs: its ports accept connections, and nothing answers.
suspend_api() { kill -s STOP "$(in_scratch_stack child_pid api)"; }
resume_api() { kill -s CONT "$(in_scratch_stack child_pid api)"; }

pause_reports() { scratch_admin pause-queue report; }
resume_reports() { scratch_admin resume-queue report; }
scratch_admin() (
    load_scratch_settings
    "$SCRATCH_STACK/.dev/bin/admin" "$@" --by check --reason 'Alerts are tried' >/dev/null
)

# The mail server refuses this address for good.
refuse_a_mail() { sell_one nobody@bounce.example >/dev/null && wait_until 30 has_dead_mail; }
has_dead_mail() { [[ $(scratch_psql "select count(*) from jobs where queue = 'email' and state = 'dead'") != 0 ]]; }
discard_the_mail() { scratch_admin jobs discard --queue email --error 'SMTP 5' --yes; }

# The Viber provider does not answer, and the only message waits, as if for 20 minutes. Its next try would be minutes
# after the end of the fault.
hold_a_message() {
    in_scratch_stack stop_instances viber_sim && sell_one restore@example.com '"Viber"' >/dev/null &&
        wait_until 30 backdate_the_message
}
backdate_the_message() {
    [[ $(scratch_psql "update jobs set held_since = now() - interval '20 minutes'
        where queue = 'viber' and state = 'ready' and held_since is not null returning 'held'") == held* ]]
}
release_the_message() {
    in_scratch_stack start_instances viber_sim &&
        scratch_psql "update jobs set run_at = now() where state = 'ready' and held_since is not null"
}

# Writes mails that have been due for two minutes. They leave when Redis and the worker are back.
delay_a_mail() {
    sell_and_pay &&
        scratch_psql "update jobs set run_at = now() - interval '2 minutes' where queue = 'email' and state in ('ready', 'sent')"
}

# Sells a ticket whose payment window ended five minutes ago, while no sweep runs.
delay_a_sweep() {
    local booking
    scratch_admin pause-queue sweep && booking=$(sell_one) &&
        scratch_psql "update tickets set created_at = created_at - interval '25 minutes'
            where 'bkg_' || replace(booking_id::text, '-', '') = '$booking'"
}
resume_sweeps() { scratch_admin resume-queue sweep; }

# Takes the seat of the ticket away that was paid last. The invariants are checked at once, not at the next minute.
lose_a_seat() {
    LOST_SEAT=$(scratch_psql "delete from seat_holds where ticket_id = (
        select id from tickets where payment_status = 'Paid' and status = 'Confirmed' order by updated_at desc limit 1
    ) returning format('%L, %L, %L, %s, %L', ticket_id, trip_id, service_day, seat, stretch)")
    [[ -n $LOST_SEAT ]] && check_invariants_now
}

# Sells a ticket to the mail address $1 and the messengers $2, and prints the id of the booking.
sell_one() (
    load_scratch_settings
    local offer
    offer=$(before_the_dump "$DEV/check/session") && sell "$API_URL" "$offer" "${1:-}" "${2:-}"
)

# As above, and pays for it.
sell_and_pay() (
    load_scratch_settings
    local booking
    booking=$(sell_one) &&
        curl -sf -o /dev/null -H "x-api-key: $API_KEY" -H 'content-type: application/json' -d '{}' \
            "$API_URL/v2/bookings/$booking/pay"
)

restore_the_seat() {
    [[ -n $LOST_SEAT ]] && scratch_psql "insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch) values ($LOST_SEAT)" &&
        check_invariants_now
}

check_invariants_now() { scratch_psql "update schedules set next_at = now() where name = 'invariants'"; }

scratch_psql() { run_psql "$(scratch_setting DATABASE_URL)" -qAtc "$1"; }

scratch_redis() { redis-cli -u "$(scratch_setting REDIS_URL)" "$@"; }

alert_comes() {
    wait_until "$ALERT_SECONDS" prometheus_has "ALERTS{alertname=\"$1\",alertstate=~\"$ALERT_STATES\"}" && return
    warn "$1 was not $ALERT_STATES within $ALERT_SECONDS seconds"
    return 1
}

alert_goes() {
    wait_until "$QUIET_SECONDS" alert_is_quiet "$1" && return
    warn "$1 did not resolve within $QUIET_SECONDS seconds after its fault"
    return 1
}

# Whether the expression has a series now.
prometheus_has() {
    curl -sf -G --data-urlencode "query=$1" "$(scratch_prometheus)/api/v1/query" | grep -q '"metric":'
}

alert_is_quiet() {
    local alerts
    alerts=$(curl -sf "$(scratch_prometheus)/api/v1/alerts") && ! grep -q "\"alertname\":\"$1\"" <<<"$alerts"
}
