# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# `./dev bench`: the duels of bench/run.py, on servers that live as long as one command. PostgreSQL keeps its default
# durability here: a commit waits for the disk.

readonly OHA_VERSION=1.16.0

bench_usage() {
    cat <<'TEXT'
Usage: ./dev bench DUEL [--seconds N] [--rounds N] [--quick] [--feeds FOLDER] [--results FILE]

  search     offers at saturation, against a hello-world program that sends the same bytes; 1,000 mixed searches per
             second
  catalogue  cities, stops and schedule, against a hello-world program that sends responses of the same size
  sale       booking, payment, confirmation and cancellation, against pgbench with the minimal statements
  on-sale    5,000 sockets for 50 and for 500 seats; refusals of a full bus
  lists      lists and single reads at 50,000, 200,000 and 1,000,000 tickets
  import     feeds, against COPY of their raw files (--all-yardsticks: also gtfs-via-postgres, not for commercial use)
  swap       500 searches per second, without publications and during them
  report     two million orders, against COPY of the same query
  queue      jobs that do nothing, against BullMQ and plain lists of Redis; the time until an idle worker starts one
  sweep      100,000 unpaid tickets that expire at the same instant, against the rate needed to close them in a minute;
             then the time until the last message about them is sent
  backlog    a million due jobs of a thousand tenants: the time until all are done, and the wait of an urgent one
  retention  ten million finished jobs of one day: dropping their partition, against deleting as many rows; the wait of
             other jobs meanwhile
  overload   distinct searches at three times the sustainable rate, for a minute; API and load on one core each
  growth     searches and sales at 1, 4 and 16 times the number of tickets
  idle       what the platform consumes without requests
  traces     searches and bookings with a scrape each second, with spans of 1 % and of all traces, alternating each
             second with a run without them (--rounds 20 for a narrow interval)
  memory     memory of the API during searches of --minutes N
  all        all of these except memory
  plot [FILE]  no benchmark: draws docs/plots from bench/results.jsonl or another such file

Release build, private servers. Prints a table, and adds a line of JSON to bench/results.jsonl. --quick shows in a few
seconds that a benchmark works, with the debug build, and measures nothing. --beside FOLDER: the built programs of
another commit, measured too where the benchmark supports it. docs/PERFORMANCE.md explains the figures.
TEXT
}

# Load generators: wrk from the system's packages, pgbench from PostgreSQL's, oha from crates.io. The debug build
# measures nothing, so bench/quick has a replacement for oha, which takes minutes to build.
need_load_generators() {
    local tools=$TARGET/tools programs
    command -v wrk >/dev/null || install_packages wrk >&2 || fail "wrk is missing (Debian's name: wrk)"
    programs=$(find_postgres)
    PATH="$tools/bin:$programs:$PATH"
    [[ -x $programs/pgbench ]] || command -v pgbench >/dev/null || fail "pgbench is missing: it comes with PostgreSQL"
    [[ $1 == release ]] || PATH="$PATH:$ROOT/bench/quick"
    ! command -v oha >/dev/null || return 0
    say "Installing oha (once, some minutes) ..."
    guarded env CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 cargo install \
        --quiet --locked --root "$tools" "oha@$OHA_VERSION"
}

run_bench() {
    [[ -n ${1:-} && $1 != -* ]] || {
        bench_usage
        return 0
    }
    if [[ $1 == plot ]]; then
        need_tools python
        python3 deploy/dev/plot.py "${2:-bench/results.jsonl}" docs/plots
        return
    fi
    at_the_end leave_bench
    need_cargo
    local needed=(build postgres redis python) profile=release argument
    for argument in "$@"; do
        case $argument in
            --quick) profile=debug ;;
            --all-yardsticks) needed+=(node) ;;
        esac
    done
    need_tools "${needed[@]}"
    need_load_generators "$profile" || fail "oha could not be installed from crates.io, see above"
    build_bench "$profile" || fail "the build failed, see above"
    YARDSTICKS=()
    if [[ " $* " == *" --all-yardsticks "* ]]; then
        need_packages gtfs-via-postgres bench/gtfs-via-postgres || fail "gtfs-via-postgres could not be installed, see above"
        YARDSTICKS+=(--yardstick "gtfs-via-postgres=$DEV/gtfs-via-postgres")
    fi
    if [[ $1 == queue || $1 == backlog || $1 == retention || $1 == all ]]; then
        build_queue_bench "$profile" || fail "the build failed, see above"
    fi
    if [[ $1 == queue || $1 == all ]]; then
        need_bullmq "$profile"
    fi
    start_bench_servers "$profile"
    bench_duels "$profile" "$@" "${YARDSTICKS[@]}"
}

# Builds the programs. The release build is that of production: with symbols for profilers, without the features of
# tests.
build_bench() {
    if [[ $1 == debug ]]; then
        build_for_development --bins
    else
        guarded env -u DATABASE_URL SQLX_OFFLINE=true cargo build --locked --workspace --bins --release
    fi
}

# Builds the example that runs the jobs of the duel `queue`. Examples enable the features of tests, so it is not built
# together with the programs that are measured.
build_queue_bench() {
    [[ $1 == release ]] || return 0
    guarded env -u DATABASE_URL SQLX_OFFLINE=true cargo build --locked --workspace --example queue_bench --release
}

# Gets BullMQ for Node.js from npm, and its Rust edition from crates.io. Without one of them the duel says so and
# measures the rest.
need_bullmq() {
    local profile=$1
    if (need_tools node); then
        hash -r
        ! need_packages bullmq bench/queue || {
            cp bench/queue/bullmq.mjs "$DEV/bullmq"
            YARDSTICKS+=(--yardstick "bullmq=$DEV/bullmq")
        }
    fi
    # Building it takes minutes, and a run that measures nothing does not need it.
    [[ $profile == release ]] || return 0
    # It is not part of the product's workspace.
    if guarded cargo build --locked --manifest-path bench/queue/bullmq-rust/Cargo.toml --target-dir "$TARGET/bullmq" --release; then
        YARDSTICKS+=(--yardstick "bullmq-rust=$TARGET/bullmq/release/bullmq-rust")
    else
        warn "BullMQ in Rust could not be built, see above"
    fi
}

# Starts PostgreSQL with its default settings, except for memory, connections, checkpoints (none occurs during a round,
# on either side), and the counting of statements, which the duels switch on and off. For the debug build, which measures
# nothing, it need not be durable. $1: the profile of the build.
start_bench_servers() {
    local library
    local settings=(max_connections=400 shared_buffers=512MB max_wal_size=8GB checkpoint_timeout=1d
        track_activity_query_size=32kB)
    library="$(find_postgres)/../lib/pg_stat_statements.so"
    BENCH_STATEMENTS=0
    [[ ! -e $library ]] || {
        settings+=(shared_preload_libraries=pg_stat_statements)
        BENCH_STATEMENTS=1
    }
    [[ $1 == release ]] || settings+=(fsync=off full_page_writes=off synchronous_commit=off)
    start_scratch_postgres "${settings[@]}"
    [[ $1 == release ]] || quicken_connections
    BENCH=$(mktemp -d /var/tmp/prexsell-scratch-XXXXXX)
    record_process $$ "$BENCH.owner"
}

# Lets the private server take passwords as they are: the handshake of SCRAM is slow in a debug build, and each program makes
# a dozen connections.
quicken_connections() {
    local hosts=$SCRATCH/data/pg_hba.conf changed
    changed=$(sed 's/scram-sha-256$/password/' "$hosts")
    # The file must keep its owner.
    printf '%s\n' "$changed" >"$hosts"
    run_psql "$SCRATCH_URL" -qAtc 'select pg_reload_conf()' >/dev/null
}

# Runs bench/run.py with the arguments after $1, the profile of the build. Thousands of sockets are open at once.
bench_duels() {
    local profile=$1
    shift
    ulimit -n "$(ulimit -Hn)" || true
    guarded env -u DATABASE_URL -u REDIS_URL BENCH_FOLDER="$BENCH" BENCH_SERVER="$SCRATCH_URL" BENCH_POSTMASTER="$SCRATCH_PID" \
        BENCH_STATEMENTS="$BENCH_STATEMENTS" PYTHONDONTWRITEBYTECODE=1 python3 bench/run.py "$@" --programs "$TARGET/$profile"
}

# A step of `./dev check`: runs every duel for a moment, so that one that stops working is noticed.
check_benches() {
    need_load_generators debug && build_bench debug && build_queue_bench debug || return 1
    YARDSTICKS=()
    need_bullmq debug
    start_bench_servers debug
    local outcome=0
    bench_duels debug all --quick "${YARDSTICKS[@]}" >"$DEV/check/benches.log" 2>&1 || outcome=1
    stop_bench_servers
    ((outcome == 0)) || tail -n 40 "$DEV/check/benches.log" >&2
    return "$outcome"
}

BENCH=''

leave_bench() {
    trap '' INT TERM HUP
    set +e
    end_guarded
    stop_bench_servers
}

stop_bench_servers() {
    stop_scratch_postgres
    [[ -n $BENCH ]] || return 0
    rm -rf "$BENCH" "$BENCH.owner"
    BENCH=''
}
