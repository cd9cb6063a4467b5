# shellcheck shell=bash
# The demo feeds, validated against the canonical GTFS rules (https://gtfs-validator.mobilitydata.org/rules.html).

readonly GTFS_VALIDATOR_VERSION=0.1.2

check_feeds() {
    need_environment gtfs-validator "gtfs-validator==$GTFS_VALIDATOR_VERSION" || {
        warn "the GTFS validator could not be installed from PyPI, see above"
        return 1
    }
    guarded python3 "$ROOT/deploy/dev/feeds.py" "$DEV/gtfs-validator/bin/gtfs-validator" "$ROOT"/data/demo/*/
}
