# shellcheck shell=bash
# The request of the README, the tours and the requests of the guides, run on the scratch stack as a reader would paste
# them: the output must be what they show.

check_tours() {
    guarded env -C "$SCRATCH_STACK" PSQL="$(find_postgres)/psql" python3 "$ROOT/deploy/dev/tours.py" \
        "$ROOT/README.md" "$ROOT"/docs/tours/{partner,operator}.md "$ROOT"/docs/guides/{introduction,distribution-getting-started}.md
}
