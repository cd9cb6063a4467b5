# shellcheck shell=bash
# Ports on 127.0.0.1, chosen once and remembered in .dev/ports, chosen again if another program has taken one.

# How far above the usual ports the search for free ones begins (scratch_stack.sh).
PORT_SHIFT=0

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints the first port from $1 on that is neither in use nor remembered for an instance.
free_port() {
    local port=$1
    while port_is_taken "$port" || { [[ -e $DEV/ports ]] && grep -q " $port\$" "$DEV/ports"; }; do
        port=$((port + 1))
    done
    printf '%s' "$port"
}

remembered_port() {
    local name port
    [[ -e $DEV/ports ]] || return 1
    while read -r name port; do
        [[ $name == "$1" ]] && printf '%s' "$port" && return
    done <"$DEV/ports"
    return 1
}

# Makes sure that an instance has a port: it keeps its port if it runs or the port is free, else it gets a new one.
choose_port() {
    local port
    if port=$(remembered_port "$1"); then
        # The second port of an instance is named after it.
        instance_pid "${1%.metrics}" >/dev/null && return
        port_is_taken "$port" || return 0
        sed -i "/^$1 /d" "$DEV/ports"
    fi
    printf '%s %s\n' "$1" "$(free_port "$(($2 + PORT_SHIFT))")" >>"$DEV/ports"
}
