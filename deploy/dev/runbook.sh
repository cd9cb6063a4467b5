# shellcheck shell=bash
# The runbook (docs/OPERATIONS.md), run on the scratch stack as somebody on call would paste it: what it shows must be what
# comes. It restores a dump into an empty server; an API on that server must then sell an offer, and know a session, that
# were made before the dump.

check_runbook() {
    local failed=0 jar="$DEV/check/session" offer
    # People type ./dev; here it means the scratch stack.
    printf '#!/bin/sh\nDEV_FOLDER=%q exec %q "$@"\n' "$SCRATCH_STACK/.dev" "$ROOT/dev" >"$SCRATCH_STACK/dev"
    chmod +x "$SCRATCH_STACK/dev"
    start_scratch_postgres
    offer=$(before_the_dump "$jar") || failed=1
    guarded env -C "$SCRATCH_STACK" PATH="$(find_postgres):$PATH" PSQL="$(find_postgres)/psql" RESTORED_URL="$SCRATCH_URL" \
        python3 "$ROOT/deploy/dev/tours.py" "$ROOT/docs/OPERATIONS.md" || failed=1
    ((failed)) || check_restored "$jar" "$offer" || failed=1
    stop_scratch_postgres
    rm -f "$SCRATCH_STACK/dev"
    return "$failed"
}

# Signs somebody in, with the session in $1, and prints an offer. The demo's buses rest on two days of the year.
before_the_dump() (
    in_scratch_stack load_settings
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

# An API on the restored database, while it is asked: the offer $2 is sold, the session in $1 is known.
check_restored() (
    in_scratch_stack load_settings
    local port=$((20000 + RANDOM % 10000)) status restored
    restored=http://127.0.0.1:$port
    DATABASE_URL=$SCRATCH_URL LISTEN=127.0.0.1:$port PUBLIC_URL=$restored METRICS_LISTEN=127.0.0.1:0 \
        setpriv --pdeathsig TERM -- "$SCRATCH_STACK/.dev/bin/api" >"$DEV/check/restored.log" 2>&1 9>&- &
    local api=$!
    wait_until 60 answers_http "$port" /readyz || {
        warn "the API does not start on the restored database: $(tail -n 3 "$DEV/check/restored.log")"
        return 1
    }
    local failed=0
    status=$(curl -s -o "$DEV/check/sold" -w '%{http_code}' -H "x-api-key: $API_KEY" -H 'content-type: application/json' \
        "$restored/v2/bookings" -d '{"offerId": "'"$2"'", "currency": "EUR",
            "passengers": [{"firstName": "Test", "lastName": "Restore", "email": "restore@example.com", "phones": [{"phone": "+380671234567"}]}]}')
    [[ $status == 201 ]] || {
        warn "an offer from before the dump is not sold after the restore: $status $(cat "$DEV/check/sold")"
        failed=1
    }
    status=$(curl -s -o /dev/null -w '%{http_code}' -b "$1" "$restored/v2/auth/me")
    [[ $status == 200 ]] || {
        warn "a session from before the dump is not known after the restore: $status"
        failed=1
    }
    kill "$api"
    wait "$api" || failed=1
    ((failed)) || say "   restored: an offer and a session of before the dump are valid"
    return "$failed"
)
