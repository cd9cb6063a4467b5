# shellcheck shell=bash
# A partner's client, generated from docs/openapi.json by somebody else's generator (openapi-python-client), type-checked
# (mypy, strict), and used to book on the scratch stack: proof that the document is one that clients can be made of.
# Nothing of it is kept.

readonly CLIENT_TOOLS=(openapi-python-client==0.29.1 mypy==2.4.1)

check_client() {
    need_environment client "${CLIENT_TOOLS[@]}" || {
        warn "the generator could not be installed from PyPI, see above"
        return 1
    }
    local programs="$DEV/client/bin" folder="$DEV/check/client"
    rm -rf "$folder"
    cp -r deploy/dev/client "$folder"
    guarded "$programs/openapi-python-client" generate --path docs/openapi.json --config "$folder/generator.yaml" \
        --meta none --output-path "$folder/prexsell" --fail-on-warning >"$folder.log" 2>&1 || {
        cat "$folder.log" >&2
        return 1
    }
    guarded env -C "$folder" "$programs/mypy" --no-error-summary || return 1
    guarded env -C "$folder" API_URL="$(scratch_setting API_URL)" API_KEY="$(scratch_setting API_KEY)" \
        "$programs/python" books.py || return 1
    say "   the generated client books, pays, cancels and reads errors"
}
