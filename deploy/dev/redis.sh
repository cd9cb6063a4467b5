# shellcheck shell=bash disable=SC2034 # the parts read one another's variables
# The private Redis of `./dev up`. Nothing in it has to survive, so it writes nothing to disk.

private_redis_url() { printf 'redis://127.0.0.1:%s/' "$(remembered_port redis)"; }

private_redis_command() {
    mkdir -p "$DEV/redis"
    COMMAND=(setpriv --pdeathsig TERM -- redis-server --bind 127.0.0.1 --port "$(remembered_port redis)"
        --dir "$DEV/redis" --save '' --appendonly no)
}

redis_is_ready() (
    { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || exit 1
    printf 'PING\r\n' >&3
    read -r -t 2 answer <&3 && [[ $answer == +PONG* ]]
)
