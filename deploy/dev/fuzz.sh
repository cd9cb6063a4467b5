# shellcheck shell=bash
# schemathesis against a running API, on the scratch stack: every operation of the document, with input that its schemas
# allow and input that they forbid, and journeys along its links. Its configuration is in deploy/dev/fuzz.

readonly SCHEMATHESIS_VERSION=4.32.5
readonly FUZZ="$ROOT/deploy/dev/fuzz"
# A user of a company who is signed out repeatedly.
readonly LEAVER=leaver@prexsell.example
LEAVER_PASSWORD=''

need_schemathesis() {
    need_environment schemathesis --constraint "$FUZZ/constraints.txt" "schemathesis==$SCHEMATHESIS_VERSION" || {
        warn "schemathesis could not be installed from PyPI, see above"
        return 1
    }
}

# Starts a scratch stack that accepts the client address that the fuzzer states.
start_fuzzed_stack() {
    export TRUSTED_PROXIES=127.0.0.1
    start_scratch_stack
}

# Creates the leaver at another company: the fuzzed people of a company withdraw the access of its people.
hire_leaver() (
    in_scratch_stack database_admin create-user --email "$LEAVER" --first-name Test --last-name Leaver \
        --password-stdin --access company:demo-wisla:ADMIN <<<"$LEAVER_PASSWORD" >/dev/null
)

# Runs schemathesis with `$@` on the document that FUZZ_DOCUMENT names, by default the public one. With one worker,
# since CPython 3.11 cannot compile in two threads at a time.
schemathesis() (
    load_scratch_settings
    guarded env -C "$SCRATCH_STACK" PYTHONPATH="$FUZZ" PYTHONDONTWRITEBYTECODE=1 SCHEMATHESIS_HOOKS=people \
        LEAVER_EMAIL="$LEAVER" LEAVER_PASSWORD="$LEAVER_PASSWORD" FUZZ_JOURNEY="$FUZZ_JOURNEY" \
        "$DEV/schemathesis/bin/schemathesis" --config-file "$FUZZ/schemathesis.toml" run --workers 1 \
        --continue-on-failure --url "$API_URL" "$@" "$ROOT/docs/${FUZZ_DOCUMENT:-openapi}.json"
)

# One round with the seed $3: $2 journeys along the links of sales, starting with what is on sale, and as many along the
# other links; then every operation by itself, with $1 generated requests for each beside those that cover its schemas.
# Those come later because they may withdraw a permission without which nothing is on sale. The platform's own
# operations come last: they pause queues and cancel jobs.
fuzz_round() {
    local found=0 day
    LEAVER_PASSWORD=$(random_hex 16)
    hire_leaver || return 1
    day=$(date -d tomorrow +%F)
    fuzz_journeys "$day" "$2" "$3" --include-tag Search --include-tag Bookings --include-tag Orders || found=1
    fuzz_journeys "$day" "$2" "$3" --exclude-tag Search --exclude-tag Bookings --exclude-tag Orders || found=1
    FUZZ_JOURNEY='' schemathesis --max-examples "$1" --seed "$3" || found=1
    FUZZ_JOURNEY='' FUZZ_DOCUMENT=openapi-ops schemathesis --max-examples "$1" --seed "$3" || found=1
    return "$found"
}

# Runs $2 journeys along links with the seed $3, starting with what is on sale on the day $1. Fails if no link was
# followed, since nothing was tested then.
fuzz_journeys() {
    local log="$SCRATCH_STACK/journeys.log" found=0
    FUZZ_JOURNEY=$1 schemathesis --phases stateful --mode positive --max-examples "$2" --seed "$3" "${@:4}" \
        >"$log" 2>&1 || found=1
    cat "$log"
    grep -qE 'API Links: +[1-9][0-9]* covered' "$log" || {
        warn "the journeys followed no link of the document: is anything on sale on $1?"
        return 1
    }
    return "$found"
}

# Runs one round with a fixed seed.
check_fuzz() {
    [[ -n $SCRATCH_STACK ]] && need_schemathesis || return 1
    local log="$DEV/fuzz.log" found=0
    fuzz_round 8 80 1 >"$log" 2>&1 || found=1
    if ((found)); then cat "$log"; else grep -E '(generated|covered)' "$log"; fi
    return "$found"
}

# Runs rounds, each with its own seed, for the given number of minutes; the last round is not cut short.
run_fuzz() {
    local minutes=${1:-30} ends found=0
    [[ $minutes =~ ^[1-9][0-9]*$ ]] || fail "usage: ./dev fuzz [MINUTES]"
    at_the_end leave_check
    need_cargo
    need_tools build postgres redis python
    need_schemathesis || fail "schemathesis is missing, see above"
    ends=$((SECONDS + minutes * 60))
    # Each round has its own platform, so that its seed is enough to repeat it.
    while ((SECONDS < ends)); do
        start_fuzzed_stack
        fuzz_round 100 200 "$RANDOM" || found=1
        stop_scratch_stack
    done
    ((found == 0)) || fail "schemathesis found faults, see above; each run prints its seed"
    say "Nothing found in $minutes minutes."
}
