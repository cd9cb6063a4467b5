# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# A complete platform with the demo's data for the time of one command: what `./dev up` starts, in its own folder and on
# its own ports, so that it and a developer's stack do not disturb each other.

# The folder it is in; empty while there is none. Its .dev is what .dev is to `./dev up` (settings in .dev/env, logs in
# .dev/logs), so a text that says `source .dev/env` can be run there as it is.
SCRATCH_STACK=''

# Runs a function of ./dev on the scratch stack. Its supervisors end with this shell, however that ends. Servers that
# are given from outside apply to `./dev up` only.
in_scratch_stack() {
    local DEV=$SCRATCH_STACK/.dev DATABASE_URL='' REDIS_URL=''
    # Below the ports that the kernel gives to clients (from 32768 on).
    local PORT_SHIFT=$((5000 + RANDOM % 9000))
    local SUPERVISED=(setpriv --pdeathsig TERM --)
    "$@"
}

# Builds and starts everything. The caller must have run `need_cargo` and `need_tools build postgres redis`, and must
# run `stop_scratch_stack` in its exit trap.
start_scratch_stack() {
    forget_dead_scratches
    SCRATCH_STACK=$(mktemp -d /var/tmp/prexsell-scratch-XXXXXX)
    record_process $$ "$SCRATCH_STACK.owner"
    # The user that runs PostgreSQL must be able to enter.
    chmod 711 "$SCRATCH_STACK"
    mkdir "$SCRATCH_STACK/.dev"
    chmod 711 "$SCRATCH_STACK/.dev"
    in_scratch_stack build_programs
    in_scratch_stack bring_up >"$SCRATCH_STACK/.dev/start.log"
}

# Makes the program `dev` in the folder of the scratch stack: documents that are run there say ./dev, which must mean
# that stack.
make_scratch_dev() {
    printf '#!/bin/sh\nDEV_FOLDER=%q exec %q "$@"\n' "$SCRATCH_STACK/.dev" "$ROOT/dev" >"$SCRATCH_STACK/dev"
    chmod +x "$SCRATCH_STACK/dev"
}

# Loads the settings of the scratch stack; to be called in a subshell. `in_scratch_stack load_settings` would not do:
# there DATABASE_URL and REDIS_URL are local, and gone when it returns.
load_scratch_settings() {
    # shellcheck disable=SC1091
    source "$SCRATCH_STACK/.dev/env"
}

# A setting of the scratch stack by its name, as in `scratch_setting API_URL`.
scratch_setting() (
    load_scratch_settings
    printf '%s' "${!1}"
)

stop_scratch_stack() {
    [[ -n $SCRATCH_STACK ]] || return 0
    in_scratch_stack stop_everything
    in_scratch_stack forget_private_cluster
    # The report store of chaos.sh, which may be mounted.
    umount "$SCRATCH_STACK/.dev/store" 2>/dev/null || true
    rm -rf "$SCRATCH_STACK" "$SCRATCH_STACK.owner"
    SCRATCH_STACK=''
}
