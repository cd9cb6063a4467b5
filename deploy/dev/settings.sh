# shellcheck shell=bash
# .dev/env: the settings of every process and the credentials of the demo, in shell syntax. It is made from secrets,
# which are generated once (.dev/secrets), the ports (.dev/ports), and the servers given from outside.

# Whether a server is given from outside. An address that was merely read from .dev/env is that of our own server.
given_database() { [[ -n ${DATABASE_URL:-} && $DATABASE_URL != "${PRIVATE_DATABASE_URL:-}" ]]; }
given_redis() { [[ -n ${REDIS_URL:-} && $REDIS_URL != "${PRIVATE_REDIS_URL:-}" ]]; }

# Makes the secrets that do not exist yet.
make_secrets() (
    umask 077
    touch "$DEV/secrets"
    while IFS='=' read -r name value; do
        grep -q "^$name=" "$DEV/secrets" || printf '%s=%s\n' "$name" "$value" >>"$DEV/secrets"
    done <<SECRETS
postgres_password=$(random_hex 16)
offer_secret=$(random_hex 32)
session_secret=$(random_hex 32)
link_secret=$(random_hex 32)
vault_key=$(random_hex 32)
api_key=pxs_local_$(random_hex 32)
api_key_2=pxs_local_$(random_hex 32)
backoffice_password=$(random_hex 12)
partner_password=$(random_hex 12)
ops_password=$(random_hex 12)
viber_token=$(random_hex 16)
fms_token=$(random_hex 16)
google_client_secret=$(random_hex 16)
SECRETS
)

# Prints a secret by its name.
secret() { sed -n "s/^$1=//p" "$DEV/secrets"; }

# Writes .dev/env again if anything in it has changed.
write_settings() {
    local api database redis google
    api=http://127.0.0.1:$(remembered_port api)
    google=http://127.0.0.1:$(remembered_port google_sim)
    if given_database; then database=$DATABASE_URL; else database=$(private_database_url); fi
    if given_redis; then redis=$REDIS_URL; else redis=$(private_redis_url); fi
    local pairs=(
        "API_URL=$api"
        "API_KEY=$(secret api_key)"
        "API_KEY_2=$(secret api_key_2)"
        "BACKOFFICE_EMAIL=admin@prexsell.example"
        "BACKOFFICE_PASSWORD=$(secret backoffice_password)"
        "PARTNER_EMAIL=partner@prexsell.example"
        "PARTNER_PASSWORD=$(secret partner_password)"
        "OPS_EMAIL=ops@prexsell.example"
        "OPS_PASSWORD=$(secret ops_password)"
        "DATABASE_URL=$database"
        "REDIS_URL=$redis"
        "MAIL_DIR=$DEV/mail"
        "ENVIRONMENT=local"
        "LISTEN=127.0.0.1:$(remembered_port api)"
        "METRICS_LISTEN=127.0.0.1:$(remembered_port api.metrics)"
        "PUBLIC_URL=$api"
        "OFFER_SECRET=$(secret offer_secret)"
        "SESSION_SECRET=$(secret session_secret)"
        "COOKIE_SECURE=false"
        "STORAGE_URL=file://$DEV/files"
        "LINK_SECRET=$(secret link_secret)"
        "VAULT_KEY=$(secret vault_key)"
        "SMTP_URL=smtp://127.0.0.1:$(remembered_port mail_sim)"
        "MAIL_FROM=PREXSELL <tickets@prexsell.example>"
        "VIBER_URL=http://127.0.0.1:$(remembered_port viber_sim)"
        "VIBER_TOKEN=$(secret viber_token)"
        "MAIL_SIM_LISTEN=127.0.0.1:$(remembered_port mail_sim)"
        "VIBER_SIM_LISTEN=127.0.0.1:$(remembered_port viber_sim)"
        "VIBER_SIM_TOKEN=$(secret viber_token)"
        "FMS_URL=http://127.0.0.1:$(remembered_port fms_sim)"
        "FMS_TOKEN=$(secret fms_token)"
        "FMS_SIM_LISTEN=127.0.0.1:$(remembered_port fms_sim)"
        "FMS_SIM_TOKEN=$(secret fms_token)"
        "FMS_SIM_DATA=$ROOT/data/demo"
        "GOOGLE_CLIENT_ID=prexsell-local"
        "GOOGLE_CLIENT_SECRET=$(secret google_client_secret)"
        "GOOGLE_ISSUER=$google"
        "GOOGLE_KEYS_URL=$google/keys"
        "GOOGLE_AUTHORIZATION_URL=$google/authorize"
        "GOOGLE_TOKEN_URL=$google/token"
        "GOOGLE_SIM_LISTEN=127.0.0.1:$(remembered_port google_sim)"
        "SHUTDOWN_DELAY_SECONDS=0"
        "SHUTDOWN_SECONDS=$DRAIN_SECONDS"
    )
    given_database || pairs+=("PRIVATE_DATABASE_URL=$database")
    given_redis || pairs+=("PRIVATE_REDIS_URL=$redis")
    local name
    for name in OTEL_EXPORTER_OTLP_ENDPOINT OTEL_TRACES_SAMPLER_ARG; do
        [[ -z ${!name:-} ]] || pairs+=("$name=${!name}")
    done
    local pair quote="'\\''"
    (
        umask 077
        for pair in "${pairs[@]}"; do
            pair=${pair//\'/$quote}
            printf "export %s='%s'\n" "${pair%%=*}" "${pair#*=}"
        done >"$DEV/env.new"
    )
    if cmp -s "$DEV/env.new" "$DEV/env"; then rm "$DEV/env.new"; else mv "$DEV/env.new" "$DEV/env"; fi
    mkdir -p "$DEV/mail"
}

# Loads the settings into this shell.
load_settings() {
    [[ -r $DEV/env ]] || fail "nothing is set up here yet: run ./dev up"
    # shellcheck disable=SC1091
    source "$DEV/env"
}
