# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# What every part of ./dev needs: folders, messages, and the parts themselves.

# The folder of everything that ./dev keeps. A scratch stack has another one (scratch_stack.sh), which its supervisors
# are given.
DEV="${DEV_FOLDER:-$ROOT/.dev}"
# Cargo's build output.
readonly TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"

say() { printf '%s\n' "$*"; }
warn() { printf 'dev: %s\n' "$*" >&2; }
# Names of what could not be checked, for the last line of ./dev check.
NOT_CHECKED=()
# Reports that the step cannot check $1, for the reason $2. A developer's machine may lack a tool. On CI the step fails:
# tools can be installed there, and a check that was left out must not look like one that passed.
not_checked() {
    NOT_CHECKED+=("$1")
    warn "NOT CHECKED: $1. $2"
    [[ ${CI:-} != true ]]
}
# Set by `fail`, which ends a command for a known reason; any other early end is an interruption.
GAVE_UP=''
fail() {
    GAVE_UP=1
    warn "$*"
    exit 1
}

# A random secret of the given number of bytes, in hex.
random_hex() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# Runs the command after $1 ten times a second until it succeeds; fails after $1 seconds.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

for part in tools sessions ports settings postgres redis python npm console moto observe alerts slow_alerts processes stack scratch_stack tours runbook client database tests rules texts feeds linters fuzz chaos bench steps queries check; do
    # shellcheck disable=SC1090
    source "$ROOT/deploy/dev/$part.sh"
done
unset part
