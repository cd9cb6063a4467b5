# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# A whole platform with the demo's data that lives as long as one command: what `./dev up` starts, in a folder and on
# ports of its own, so that it disturbs no stack of a developer and is disturbed by none.

# The folder it is in, while there is one. What `./dev up` keeps in .dev is in its .dev (settings in .dev/env, logs in
# .dev/logs), so a text that says `source .dev/env` may be run there as it is.
SCRATCH_STACK=''

# Runs a function of ./dev on the scratch stack. Its supervisors end with this shell, however that ends. Servers that
# are given from outside are for `./dev up`, not for this.
in_scratch_stack() {
    local DEV=$SCRATCH_STACK/.dev DATABASE_URL='' REDIS_URL=''
    # Below the ports that the kernel gives to clients (from 32768 on).
    local PORT_SHIFT=$((5000 + RANDOM % 9000))
    local SUPERVISED=(setpriv --pdeathsig TERM --)
    "$@"
}

# Builds, and starts everything. The caller has `stop_scratch_stack` in the trap of its own end, and before that
# `need_cargo` and `need_tools build postgres redis`.
start_scratch_stack() {
    forget_dead_scratches
    SCRATCH_STACK=$(mktemp -d /var/tmp/prexsell-scratch-XXXXXX)
    record_process $$ "$SCRATCH_STACK.owner"
    # The database's user must be able to pass.
    chmod 711 "$SCRATCH_STACK"
    mkdir "$SCRATCH_STACK/.dev"
    chmod 711 "$SCRATCH_STACK/.dev"
    in_scratch_stack build_programs
    in_scratch_stack bring_up >"$SCRATCH_STACK/.dev/start.log"
}

# The settings of the scratch stack, for a subshell of its own. Not by `in_scratch_stack load_settings`: the DATABASE_URL
# and the REDIS_URL of that end with it.
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
    # Of chaos.sh, where it may be mounted.
    umount "$SCRATCH_STACK/.dev/store" 2>/dev/null || true
    rm -rf "$SCRATCH_STACK" "$SCRATCH_STACK.owner"
    SCRATCH_STACK=''
}
