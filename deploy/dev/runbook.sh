# shellcheck shell=bash
# The runbook (docs/OPERATIONS.md), run on the scratch stack as an operator would paste it: the output must be what it
# shows. As it says, one message was refused and another is held up. The runbook restores a dump into an empty server;
# an API on that server must then sell an offer and accept a session that were made before the dump.

check_runbook() {
    local failed=0 jar="$DEV/check/session" tls="$ROOT/api/tests/it/http/tls" offer
    command -v openssl >/dev/null || { command -v apt-get >/dev/null && install_packages openssl >&2; } || {
        warn "The runbook needs openssl."
        return 1
    }
    make_scratch_dev
    start_scratch_postgres
    offer=$(before_the_dump "$jar") && break_messages "$offer" || failed=1
    guarded env -C "$SCRATCH_STACK" PATH="$(find_postgres):$PATH" PSQL="$(find_postgres)/psql" RESTORED_URL="$SCRATCH_URL" \
        TLS_CERT="$tls/first.pem" TLS_KEY="$tls/first.key" \
        python3 "$ROOT/deploy/dev/tours.py" --strict "$ROOT/docs/OPERATIONS.md" || failed=1
    ((failed)) || check_restored "$jar" "$offer" || failed=1
    stop_scratch_postgres
    ((failed)) || check_point_in_time "$offer" || failed=1
    stop_scratch_postgres
    in_scratch_stack start_instances viber_sim
    return "$failed"
}

# Signs a user in, with the session in the file $1, and prints an offer. The demo's buses do not run on two days of the
# year.
before_the_dump() (
    load_scratch_settings
    local day found=''
    curl -sf -c "$1" -o /dev/null -H 'content-type: application/json' "$API_URL/v2/auth/login" \
        -d "{\"email\": \"$BACKOFFICE_EMAIL\", \"password\": \"$BACKOFFICE_PASSWORD\"}" || return 1
    for day in 2 3 4; do
        found=$(curl -sf -H "x-api-key: $API_KEY" "$API_URL/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate=$(
            date -d "$day days" +%F
        )&passengers=1&currency=EUR" | grep -o '"id":"eyJ[^"]*' | head -n 1 | cut -d '"' -f 4)
        [[ -z $found ]] || break
    done
    [[ -n $found ]] && printf '%s' "$found"
)

# Makes what the runbook finds: an order whose mail is refused and whose Viber message waits, because that provider does
# not answer; and a queue that was paused for a moment.
break_messages() (
    load_scratch_settings
    in_scratch_stack stop_instances viber_sim
    sell "$API_URL" "$1" nobody@bounce.example '"Viber"' >/dev/null || return 1
    local change
    for change in pause resume; do
        "$SCRATCH_STACK/.dev/bin/admin" "$change-queue" report --by taras --reason 'The store is full' >/dev/null || return 1
    done
    wait_until 60 is_refused
)

is_refused() {
    [[ $(run_psql "$DATABASE_URL" -Atc "select count(*) filter (where queue = 'email' and state = 'dead'),
        count(*) filter (where queue = 'viber' and held_since is not null) from jobs") == '1|1' ]]
}

# Starts an API on the restored database, and checks that it sells the offer $2 and accepts the session in $1.
check_restored() (
    load_scratch_settings
    local port=$((20000 + RANDOM % 10000)) status restored
    restored=http://127.0.0.1:$port
    DATABASE_URL=$SCRATCH_URL LISTEN=127.0.0.1:$port PUBLIC_URL=$restored METRICS_LISTEN=127.0.0.1:0 \
        setpriv --pdeathsig TERM -- "$SCRATCH_STACK/.dev/bin/api" >"$DEV/check/restored.log" 2>&1 9>&- &
    local api=$!
    wait_until 60 answers_http "$port" /readyz || {
        warn "the API did not start on the restored database: $(tail -n 3 "$DEV/check/restored.log")"
        return 1
    }
    local failed=0
    sell "$restored" "$2" >/dev/null || {
        warn "an offer from before the dump cannot be bought after the restore: $(cat "$DEV/check/sold")"
        failed=1
    }
    status=$(curl -s -o /dev/null -w '%{http_code}' -b "$1" "$restored/v2/auth/me")
    [[ $status == 200 ]] || {
        warn "a session from before the dump is unknown after the restore: $status"
        failed=1
    }
    kill "$api"
    wait "$api" || failed=1
    ((failed)) || say "   restored: an offer and a session of before the dump are valid"
    return "$failed"
)

# Sells the offer $2 at the API $1, to a passenger with the mail address $3 and the messengers $4, and prints the id of
# the booking.
sell() {
    curl -s --fail-with-body -o "$DEV/check/sold" -H "x-api-key: $API_KEY" -H 'content-type: application/json' "$1/v2/bookings" \
        -d '{"offerId": "'"$2"'", "currency": "EUR", "passengers": [{"firstName": "Test", "lastName": "Restore",
            "email": "'"${3:-restore@example.com}"'", "phones": [{"phone": "+380671234567", "messengers": ['"${4:-}"']}]}]}' &&
        grep -o 'bkg_[0-9a-f]*' "$DEV/check/sold" | head -n 1
}

# Restores a base backup, and the WAL received since, to an instant between two sales of the offer $1: the first sale
# must be there, and the second must not.
check_point_in_time() {
    local programs port instant bookings found
    programs=$(find_postgres)
    port=$((20000 + RANDOM % 10000))
    SCRATCH=$(mktemp -d /var/tmp/prexsell-scratch-XXXXXX)
    record_process $$ "$SCRATCH.owner"
    mkdir "$SCRATCH/wal"
    bookings=$(sell_around_an_instant "$programs" "$1") || {
        warn "no backup or no sale, so nothing to restore: $(tail -n 3 "$SCRATCH.log")"
        return 1
    }
    instant=$(cat "$SCRATCH/instant")
    documented 're[a-z_]* = .*' | sed "s#^\(recovery_target_time = \).*#\1'$instant'#" >>"$SCRATCH/data/postgresql.auto.conf"
    touch "$SCRATCH/data/recovery.signal"
    [[ -z $(postgres_user) ]] || chown -R "$(postgres_user):" "$SCRATCH"
    postgres_command "$SCRATCH" "$port" max_connections=300
    "${COMMAND[@]}" >"$SCRATCH.log" 2>&1 9>&- &
    SCRATCH_PID=$!
    SCRATCH_URL=$(in_scratch_stack private_database_url)
    SCRATCH_URL=${SCRATCH_URL/:$(in_scratch_stack remembered_port postgres)\//:$port/}
    wait_until 60 is_promoted || {
        warn "the server was not promoted at $instant: $(tail -n 3 "$SCRATCH.log")"
        return 1
    }
    found=$(run_psql "$SCRATCH_URL" -Atc "select 'bkg_' || replace(id::text, '-', '') from bookings
        where 'bkg_' || replace(id::text, '-', '') in ('${bookings/ /\', \'}')")
    [[ $found == "${bookings% *}" ]] || {
        warn "of the bookings $bookings these exist after the recovery to $instant: ${found:-none}"
        return 1
    }
    say "   recovered to a point in time: the sale before it exists, the sale after it does not"
}

# Prints the lines of the runbook's indented blocks that match $1, with our folders in place of those in the text. If
# the text has changed and nothing matches, nothing is printed, and the recovery fails.
documented() {
    sed -n "s#^    \($1\)\$#\1#p" "$ROOT/docs/OPERATIONS.md" |
        sed "s#^\$ ##; s#/backup/base#$SCRATCH/data#; s#/backup/wal#$SCRATCH/wal#"
}

is_promoted() { [[ $(run_psql "$SCRATCH_URL" -Atc 'select pg_is_in_recovery()' 2>/dev/null) == f ]]; }

# Takes the base backup, sells, notes the instant, sells again, and waits until the WAL of that sale is complete. Prints
# both bookings.
sell_around_an_instant() (
    load_scratch_settings
    local before after segment receiver PATH="$1:$PATH"
    { eval "$(documented '$ pg_receivewal .*')"; } >>"$SCRATCH.log" 2>&1 9>&-
    receiver=$!
    trap 'kill "$receiver" 2>/dev/null' EXIT
    { eval "$(documented '$ pg_basebackup .*')"; } >>"$SCRATCH.log" 2>&1 || return 1
    before=$(sell "$API_URL" "$2") || return 1
    run_psql "$DATABASE_URL" -Atc 'select clock_timestamp()' >"$SCRATCH/instant"
    after=$(sell "$API_URL" "$2") || return 1
    segment=$(run_psql "$DATABASE_URL" -Atc 'select pg_walfile_name(pg_switch_wal())')
    wait_until 30 test -e "$SCRATCH/wal/$segment" || return 1
    printf '%s %s' "$before" "$after"
)
