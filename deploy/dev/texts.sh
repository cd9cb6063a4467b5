# shellcheck shell=bash
# What documents and code say: references to what is there, and spelling.

readonly TYPOS_VERSION=1.52.0

check_references() {
    guarded python3 "$ROOT/deploy/dev/references.py"
}

# Spelling, and the terms that the project uses (typos.toml).
check_spelling() {
    need_environment typos "typos==$TYPOS_VERSION" || {
        not_checked spelling "typos cannot be installed from PyPI."
        return
    }
    guarded env -C "$ROOT" "$DEV/typos/bin/typos" --format brief .
}

# Words of comments and documents that the project avoids.
check_words() {
    guarded python3 "$ROOT/deploy/dev/words.py"
}
