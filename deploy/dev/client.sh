# shellcheck shell=bash
# Clients of partners, generated from docs/openapi.json by third-party generators, type-checked strictly, and used to
# book on the scratch stack: proof that clients can be generated from the document. In Python (openapi-python-client,
# mypy) and in TypeScript (openapi-typescript, openapi-fetch). The clients are not kept.

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

check_typescript_client() {
    need_packages client-typescript deploy/dev/client-typescript || return 1
    local folder="$DEV/client-typescript"
    cp deploy/dev/client-typescript/{books.ts,tsconfig.json} "$folder"
    guarded "$folder/node_modules/.bin/openapi-typescript" docs/openapi.json --output "$folder/prexsell.d.ts" \
        >"$folder.log" 2>&1 || {
        cat "$folder.log" >&2
        return 1
    }
    guarded env -C "$folder" node_modules/.bin/tsc || return 1
    guarded env -C "$folder" API_URL="$(scratch_setting API_URL)" API_KEY="$(scratch_setting API_KEY)" \
        node built/books.js || return 1
    say "   the generated client books, pays, cancels and reads errors"
}
