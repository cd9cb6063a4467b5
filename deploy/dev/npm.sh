# shellcheck shell=bash
# Programs from npm that checks use, each set in its own folder under .dev, in the versions of a package-lock.json.

# Makes sure that .dev/$1 has the packages that the lock file in the folder $2 pins. No script of a package is run.
need_packages() {
    local name=$1 source=$2 folder="$DEV/$1"
    need_tools node
    ! cmp -s "$source/package-lock.json" "$folder/package-lock.json" || [[ ! -e $folder/complete ]] || return 0
    say "Installing $name from npm into .dev/$name (once, about half a minute) ..."
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$source/package.json" "$source/package-lock.json" "$folder"
    guarded npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error || {
        warn "$name could not be installed from npm, see above"
        return 1
    }
    touch "$folder/complete"
}
