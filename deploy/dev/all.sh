# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# What every part of ./dev starts from: where things are, how to speak, and the parts themselves.

# Everything that ./dev keeps. A scratch stack keeps it elsewhere (scratch_stack.sh); its supervisors are told where.
DEV="${DEV_FOLDER:-$ROOT/.dev}"
# Where cargo leaves what it builds.
readonly TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"

say() { printf '%s\n' "$*"; }
warn() { printf 'dev: %s\n' "$*" >&2; }
# What a step could not check, for the last line of ./dev check.
NOT_CHECKED=()
# Says that the step cannot check $1, for the reason $2. A machine of a developer may lack a tool. On a machine of CI the
# step fails: there the tools can be installed, and a check that was left out must not look like one that passed.
not_checked() {
    NOT_CHECKED+=("$1")
    warn "NOT CHECKED: $1. $2"
    [[ ${CI:-} != true ]]
}
# Gives up for a reason that was understood; whatever else ends a command early is an interruption.
GAVE_UP=''
fail() {
    GAVE_UP=1
    warn "$*"
    exit 1
}

# A random secret of the given number of bytes, in hex.
random_hex() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# Asks `"$@"` ten times a second until it succeeds, for the given number of seconds.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

for part in tools sessions ports settings postgres redis python npm console moto observe processes stack scratch_stack tours runbook client database tests rules texts feeds linters fuzz chaos bench check; do
    # shellcheck disable=SC1090
    source "$ROOT/deploy/dev/$part.sh"
done
unset part
