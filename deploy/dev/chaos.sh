# shellcheck shell=bash
# Chaos: load and faults on a platform of its own (common/chaos), and known-bad mutants of the code that it must catch.

# Size of the report store: small, so that it can be filled at once, but enough for the reports of a run. Each report
# lists all orders so far, so they grow with the square of the rounds: 56 MiB are enough for 20. It is in memory, which a
# full store takes up: one that is larger than this (of more than 85 rounds) is an ordinary folder.
readonly CHAOS_ROUNDS=20 CHAOS_STORE_MIB=56 CHAOS_STORE_MOST_MIB=1024

# What `./dev check` runs: every fault occurs, in about three minutes. It may run on slow shared machines, on which a
# recovery takes longer than the 10 s that are guaranteed on one's own; `chaos` warns of each that does.
readonly CHECKED_ROUNDS=13 CHECKED_SEED=1 CHECKED_ALLOWANCE=5000

# The folder of the report store, a file system of its own if it can be mounted; empty while there is none.
CHAOS_STORE=''

# The size of that file system in bytes; 0 if none is mounted.
CHAOS_STORE_SIZE=0

# ./dev chaos [--rounds N] [--seed S] [--allowance MILLISECONDS] [--mutant NAME]
run_chaos() {
    local arguments=() mutant='' rounds=$CHAOS_ROUNDS value
    while (($#)); do
        value=${2:-}
        case $1=$value in
            --rounds=[1-9]* | --seed=[0-9]* | --allowance=[0-9]*) arguments+=("$1" "$value") ;;
            --mutant=?*) mutant=$value ;;
            *) fail "usage: ./dev chaos [--rounds N] [--seed S] [--allowance MILLISECONDS] [--mutant $(mutant_names | paste -sd '|')]" ;;
        esac
        [[ $1 != --rounds ]] || rounds=$value
        shift 2
    done
    [[ -z $mutant || -e $MUTANTS/$mutant.patch ]] || fail "there is no mutant '$mutant', only $(mutant_names | paste -sd ' ')"
    at_the_end leave_chaos
    need_cargo
    need_tools build postgres redis
    start_chaos_stack "$rounds"
    if [[ -n $mutant ]]; then
        try_mutant "$mutant" "${arguments[@]}"
    else
        chaos "$SCRATCH_STACK/.dev/bin" "${arguments[@]}" || fail "a guarantee was violated, see above; logs and mails are in .dev/chaos"
    fi
}

# A step of `./dev check`, with a fixed seed.
check_chaos() {
    local status=0
    stop_scratch_stack
    start_chaos_stack "$CHECKED_ROUNDS"
    chaos "$SCRATCH_STACK/.dev/bin" --rounds "$CHECKED_ROUNDS" --seed "$CHECKED_SEED" \
        --allowance "$CHECKED_ALLOWANCE" || status=$?
    leave_chaos_stack
    return "$status"
}

# PostgreSQL with the demo in it, and a report store for $1 rounds; the rest of the platform is started by `chaos`.
start_chaos_stack() {
    local rounds=$(($1 > CHAOS_ROUNDS ? $1 : CHAOS_ROUNDS))
    local size=$(((CHAOS_STORE_MIB << 20) * rounds * rounds / (CHAOS_ROUNDS * CHAOS_ROUNDS)))
    forget_dead_scratches
    SCRATCH_STACK=$(mktemp -d /var/tmp/prexsell-scratch-XXXXXX)
    record_process $$ "$SCRATCH_STACK.owner"
    chmod 711 "$SCRATCH_STACK"
    mkdir "$SCRATCH_STACK/.dev"
    chmod 711 "$SCRATCH_STACK/.dev"
    in_scratch_stack build_programs
    in_scratch_stack bring_up_database >"$SCRATCH_STACK/.dev/start.log"
    CHAOS_STORE=$SCRATCH_STACK/.dev/store
    mkdir "$CHAOS_STORE"
    # Without permission to mount, or for a long run, the store is a plain folder, which is moved away instead of filled.
    CHAOS_STORE_SIZE=0
    if ((size <= CHAOS_STORE_MOST_MIB << 20)) && mount -t tmpfs -o "size=$size" tmpfs "$CHAOS_STORE" 2>/dev/null; then
        CHAOS_STORE_SIZE=$size
    fi
}

bring_up_database() {
    make_secrets
    choose_ports
    write_settings
    make_private_cluster
    start_instances postgres
    await_instances postgres
    make_private_database
    load_demo || fail "the database could not be brought up to date, see above"
}

# Makes certificates for Redis in the folder $1, signed by an authority that nothing else trusts.
make_certificates() {
    local new=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    openssl req -x509 "${new[@]}" -keyout "$1/ca.key" -out "$1/ca.pem" -days 2 -subj '/CN=chaos' &&
        openssl req "${new[@]}" -keyout "$1/redis.key" -out "$1/redis.csr" -subj '/CN=redis' &&
        openssl x509 -req -in "$1/redis.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days 2 \
            -extfile <(printf 'subjectAltName=IP:127.0.0.1') -out "$1/redis.pem"
}

# Whether redis-server supports TLS, with the certificates in the folder $1. If it does, it runs until `timeout` ends
# it.
redis_does_tls() {
    local status=0
    timeout 1 redis-server --port 0 --bind 127.0.0.1 --tls-port "$(free_port 26379)" --save '' --tls-cert-file "$1/redis.pem" \
        --tls-key-file "$1/redis.key" --tls-ca-cert-file "$1/ca.pem" || status=$?
    ((status == 124 || status == 0))
}

# Runs `chaos` with the programs in the folder $1 and the other arguments. Keeps logs and mails after a failure.
chaos() {
    local programs=$1 folder=$SCRATCH_STACK/.dev/chaos certificates=$SCRATCH_STACK/.dev/certificates tls=() status=0
    shift
    mkdir -p "$certificates"
    if make_certificates "$certificates" && redis_does_tls "$certificates"; then
        tls=("CHAOS_CERTIFICATES=$certificates")
    else
        warn "NOT TRIED: TLS to Redis. openssl is missing, or this redis-server was built without TLS."
    fi >"$certificates/log" 2>&1
    [[ -n ${tls[*]} ]] || tail -n 1 "$certificates/log" >&2
    # shellcheck disable=SC2016 # the inner shell reads the settings
    guarded env CHAOS_PROGRAMS="$programs" CHAOS_FOLDER="$folder" CHAOS_STORE="$CHAOS_STORE" \
        CHAOS_STORE_SIZE="$CHAOS_STORE_SIZE" CHAOS_FEED="$ROOT/data/demo/demo-karpaty" \
        "${tls[@]}" CHAOS_POSTGRES="$SCRATCH_STACK/.dev/run/postgres/child" \
        bash -c 'source "$1"; shift; exec setpriv --pdeathsig TERM -- "$@"' chaos "$SCRATCH_STACK/.dev/env" \
        "$TARGET/debug/chaos" "$@" || status=$?
    if ((status != 0)) && [[ -d $folder ]]; then
        rm -rf "$DEV/chaos"
        cp -r "$folder" "$DEV/chaos"
    fi
    return "$status"
}

leave_chaos() {
    # Leave nothing running, even if the terminal is gone and messages cannot be written.
    trap '' INT TERM HUP
    set +e
    end_guarded
    leave_chaos_stack
}

leave_chaos_stack() {
    CHAOS_STORE=''
    stop_scratch_stack
}

# ---- mutants

# Known-bad changes of the code, one patch each. They are applied to a copy of the tree only.
readonly MUTANTS="$ROOT/deploy/dev/mutants"

mutant_names() {
    local patch
    for patch in "$MUTANTS"/*.patch; do basename "$patch" .patch; done
}

# Fails when a patch no longer applies, so that it is updated.
check_mutants() {
    local name kept=0
    for name in $(mutant_names); do
        git apply --check "$MUTANTS/$name.patch" || { kept=1 && warn "deploy/dev/mutants/$name.patch does not apply."; }
    done
    return "$kept"
}

# Builds a copy of the tree with mutant $1, and runs `chaos`, which must fail. The copy has its own target folder, which
# begins as a copy of ours without the incremental part: cargo distinguishes the files of the two trees only by their
# times.
try_mutant() {
    local name=$1 tree=$TARGET/mutants/tree built=$TARGET/mutants/built status=0 part
    shift
    rm -rf "$tree"
    mkdir -p "$tree"
    git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf - | tar -xf - -C "$tree"
    # Hides this repository from git, so that the patch is relative to the copy.
    GIT_CEILING_DIRECTORIES=$TARGET/mutants git -C "$tree" apply "$MUTANTS/$name.patch" ||
        fail "deploy/dev/mutants/$name.patch does not apply"
    # Files that another mutant changed must be built again.
    git apply --numstat "$MUTANTS"/*.patch | cut -f 3 | sort -u | (cd "$tree" && xargs touch)
    if [[ ! -d $built ]]; then
        mkdir -p "$built/debug"
        for part in deps build .fingerprint; do cp -a "$TARGET/debug/$part" "$built/debug/"; done
    fi
    say "Building the mutant $name ..."
    guarded env -C "$tree" -u DATABASE_URL SQLX_OFFLINE=true CARGO_TARGET_DIR="$built" \
        cargo build --locked --workspace --bins --examples || fail "the build failed, see above"
    chaos "$built/debug" "$@" || status=$?
    ((status == 1)) || fail "the mutant $name was not caught (status $status)"
    say "The mutant $name was caught."
}
