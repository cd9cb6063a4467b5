# shellcheck shell=bash
# Checks of texts: references in documents, spelling, words to avoid, subjects of commits.

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

# Words that comments and documents must not use.
check_words() {
    guarded python3 "$ROOT/deploy/dev/words.py"
}

# Subjects of commits are at most 72 characters. Older ones than the named commit cannot change; a source archive and a
# shallow clone have no history to check.
check_subjects() {
    local since=8352e3a5 long
    git rev-parse --quiet --verify "$since^{commit}" >/dev/null 2>&1 || return 0
    long=$(git log --no-merges --format=%s -n 50 "$since..HEAD" | LC_ALL=C.UTF-8 awk 'length > 72')
    [[ -z $long ]] || {
        warn "these commit subjects have more than 72 characters:"$'\n'"$long"
        return 1
    }
}
