# shellcheck shell=bash
# The request of the README, the tours and the requests of the guides, run as a reader would paste them, on the scratch
# stack: what they show must be what comes.

check_tours() {
    guarded env -C "$SCRATCH_STACK" PSQL="$(find_postgres)/psql" python3 "$ROOT/deploy/dev/tours.py" \
        "$ROOT/README.md" "$ROOT"/docs/tours/{partner,operator}.md "$ROOT"/docs/guides/{introduction,distribution-getting-started}.md
}
