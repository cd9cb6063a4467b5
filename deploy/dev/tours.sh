# shellcheck shell=bash
# The request of the README, the tours, the requests of the guides and the commands of the page on logs, run on the
# scratch stack as a reader would paste them: the output must be what they show.

check_tours() {
    make_scratch_dev
    guarded env -C "$SCRATCH_STACK" PSQL="$(find_postgres)/psql" python3 "$ROOT/deploy/dev/tours.py" \
        "$ROOT/README.md" "$ROOT"/docs/tours/{partner,company}.md "$ROOT"/docs/guides/{introduction,distribution-getting-started}.md \
        "$ROOT/docs/LOGS.md"
}
