"""The dashboard of queues, workers and delivery."""

from panels import Dashboard, Panel, quantile, rate, stat

JOBS = Dashboard(
    "prexsell-jobs",
    "PREXSELL: jobs and queues",
    [
        (
            "Now",
            [
                stat("Schedulers", "short", "prexsell:schedulers:up"),
                stat("Dead jobs", "short", 'sum(prexsell:jobs:max{state="dead"})', 1),
                stat("Paused queues", "short", "sum(prexsell:queue_paused:max)", 1),
            ],
        ),
        (
            "Waiting",
            [
                Panel("Jobs that are due", "short", [('prexsell:jobs:max{state="due"}', "{{queue}}")]),
                Panel("Oldest due job", "s", [("prexsell:job_oldest_due_seconds:max", "{{queue}}")], 60),
                Panel(
                    "Oldest running job",
                    "s",
                    [("prexsell:job_oldest_running_seconds:max", "{{queue}}")],
                    120,
                    about="Red: longer than a job may run, except those of timetables (22 minutes) and reports (32).",
                ),
                Panel(
                    "Oldest job held up",
                    "s",
                    [("prexsell:job_oldest_held_seconds:max", "{{queue}}")],
                    900,
                    about="A provider or a store fails; such attempts do not count.",
                ),
                Panel(
                    "Jobs by state",
                    "short",
                    [("sum by (state) (prexsell:jobs:max)", "{{state}}")],
                ),
                Panel("Ids in Redis", "short", [("prexsell:redis_list_length:max", "{{queue}}")]),
                Panel(
                    "From due to begun, p95",
                    "s",
                    [(quantile(0.95, "prexsell_job_pickup_seconds", "queue"), "{{queue}}")],
                ),
            ],
        ),
        (
            "Work",
            [
                Panel(
                    "Outcomes a second",
                    "ops",
                    [(rate("prexsell_job_outcomes_total", "queue, outcome"), "{{queue}} {{outcome}}")],
                ),
                Panel("Run time by kind, p95", "s", [(quantile(0.95, "prexsell_job_run_seconds", "kind"), "{{kind}}")]),
                Panel(
                    "From written to done, p95",
                    "s",
                    [(quantile(0.95, "prexsell_job_total_seconds", "queue"), "{{queue}}")],
                ),
                Panel(
                    "Live processes",
                    "short",
                    [("prexsell:processes:max", "{{role}}")],
                    about="By the heartbeats that the ledger goes by.",
                ),
                Panel(
                    "Slots in use",
                    "percentunit",
                    [
                        (
                            'sum by (queue) (prexsell_worker_slots{state="busy"}) / sum by (queue) (prexsell_worker_slots)',
                            "{{queue}}",
                        )
                    ],
                ),
                Panel(
                    "Crashes and time-outs in an hour",
                    "short",
                    [
                        (
                            'sum by (kind, outcome) (increase(prexsell_job_outcomes_total{outcome=~"crash|timeout"}[1h]))'
                            " or vector(0)",
                            "{{kind}} {{outcome}}",
                        )
                    ],
                ),
            ],
        ),
        (
            "Delivery",
            [
                Panel(
                    "Seconds of a claim, p95",
                    "s",
                    [(quantile(0.95, "prexsell_job_claim_seconds", "queue"), "{{queue}}")],
                ),
                Panel(
                    "Jobs of a claim, p95",
                    "short",
                    [(quantile(0.95, "prexsell_job_claim_batch", "queue"), "{{queue}}")],
                ),
                Panel(
                    "Seconds of a tick of the relay, p95", "s", [(quantile(0.95, "prexsell_relay_tick_seconds"), "p95")]
                ),
                Panel(
                    "Since the last tick",
                    "s",
                    [("time() - max(prexsell_relay_last_tick_timestamp_seconds)", "relay")],
                    30,
                ),
                Panel(
                    "Recovered in an hour",
                    "short",
                    [("sum by (cause) (increase(prexsell_jobs_recovered_total[1h])) or vector(0)", "{{cause}}")],
                ),
                Panel(
                    "Schedules are late by",
                    "s",
                    [("prexsell:schedule_lag_seconds:max", "{{schedule}}")],
                    120,
                ),
            ],
        ),
    ],
)
