"""The panels of the three dashboards: platform and API, jobs and queues, sales and messages.

Every expression has to return data from a platform that works: a count of what has not happened yet ends with
`or vector(0)`. `$__rate_interval` is Grafana's: at least four scrapes.
"""

from dataclasses import dataclass


@dataclass
class Panel:
    """A picture: expressions with the legend of each, the unit (Grafana's name), and where red begins."""

    title: str
    unit: str
    asks: list[tuple[str, str]]
    red: float | None = None
    kind: str = "timeseries"
    about: str = ""


@dataclass
class Dashboard:
    """Rows of panels, each under a heading."""

    uid: str
    title: str
    rows: list[tuple[str, list[Panel]]]


def quantile(share: float, metric: str, by: str = "", labels: str = "") -> str:
    """A quantile of a histogram."""
    kept = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({kept}) (rate({metric}_bucket{labels}[$__rate_interval])))"


def rate(metric: str, by: str, labels: str = "") -> str:
    """What a counter grows by in a second."""
    return f"sum by ({by}) (rate({metric}{labels}[$__rate_interval]))"


def stat(title: str, unit: str, expression: str, red: float | None = None, about: str = "") -> Panel:
    """One number."""
    return Panel(title, unit, [(expression, "")], red, "stat", about)


HTTP = "prexsell_http_request_seconds"
ERRORS = f'sum(rate({HTTP}_count{{route!="probe",class="5xx"}}[$__rate_interval])) or vector(0)'

PLATFORM = Dashboard(
    "prexsell-platform",
    "PREXSELL: platform and API",
    [
        (
            "Now",
            [
                stat("API processes that answer", "short", "prexsell:apis:up"),
                stat("Processes that do not answer", "short", 'count(up == 0) or vector(0)', 1),
                stat("Alerts that fire", "short", 'count(ALERTS{alertstate="firing"}) or vector(0)', 1),
                stat("Invariants broken", "short", "sum(max by (rule) (prexsell_invariant_violations))", 1),
                stat("Age of the figures from the ledger", "s", "time() - max(prexsell_sampled_timestamp_seconds)", 60),
                Panel("Releases", "short", [("count by (version) (prexsell_build_info)", "{{version}}")]),
            ],
        ),
        (
            "Requests",
            [
                Panel("Requests a second", "reqps", [(rate(f"{HTTP}_count", "class"), "{{class}}")]),
                Panel(
                    "Share of requests that fail",
                    "percentunit",
                    [
                        ("prexsell:http_errors:ratio_rate5m", "5 minutes"),
                        ("prexsell:http_errors:ratio_rate1h", "1 hour"),
                    ],
                    0.0144,
                    about="Status 500 or more. Red: fourteen times as fast as the objective of 99.9 % allows.",
                ),
                Panel("Failures a second", "reqps", [(ERRORS, "500 or more")]),
                Panel(
                    "Seconds of a search",
                    "s",
                    [(quantile(q, HTTP, labels='{route="searchOffers"}'), f"p{q * 100:g}") for q in (0.5, 0.95, 0.99)],
                    0.5,
                ),
                Panel("Seconds by operation, p95", "s", [(quantile(0.95, HTTP, "route"), "{{route}}")]),
                Panel("Requests a second by operation", "reqps", [(rate(f"{HTTP}_count", "route"), "{{route}}")]),
                Panel("Requests in flight", "short", [("sum by (instance) (prexsell_http_requests_in_flight)", "{{instance}}")]),
                Panel(
                    "Refused for a rate limit, a second",
                    "reqps",
                    [("sum by (class) (rate(prexsell_rate_limited_total[$__rate_interval])) or vector(0)", "{{class}}")],
                ),
                Panel(
                    "Idempotency keys, a second",
                    "reqps",
                    [("sum by (outcome) (rate(prexsell_idempotency_total[$__rate_interval])) or vector(0)", "{{outcome}}")],
                ),
            ],
        ),
        (
            "What it stands on",
            [
                Panel(
                    "Connections in use",
                    "short",
                    [('sum by (process, instance) (prexsell_pool_connections{state="used"})', "{{process}}")],
                ),
                Panel(
                    "Share of the pool in use",
                    "percentunit",
                    [
                        (
                            'max by (job) (sum by (job, instance) (prexsell_pool_connections{state="used"})'
                            " / sum by (job, instance) (prexsell_pool_connections_max))",
                            "{{job}}",
                        )
                    ],
                    1,
                ),
                Panel("Wait for a connection, p95", "s", [(quantile(0.95, "prexsell_pool_wait_seconds", "job"), "{{job}}")], 0.25),
                Panel("Redis takes writes", "short", [("max(prexsell_redis_up)", "up")]),
                Panel("Age of what is cached", "s", [("max by (instance) (prexsell_cache_lag_seconds)", "{{instance}}")]),
                Panel("Published timetable", "short", [("max by (instance) (prexsell_published_version)", "{{instance}}")]),
                Panel("Memory", "bytes", [("process_resident_memory_bytes", "{{process}}")]),
                Panel(
                    "Processors in use",
                    "short",
                    [("rate(process_cpu_seconds_total[$__rate_interval])", "{{process}}")],
                ),
                Panel("Started", "s", [("time() - process_start_time_seconds", "{{process}}")]),
                Panel("Free for report files", "bytes", [("min(prexsell_store_free_bytes)", "free")]),
                Panel(
                    "Certificate expires in",
                    "s",
                    [("min(prexsell_certificate_expiry_timestamp_seconds) - time()", "certificate")],
                    about="Empty where a proxy ends TLS.",
                ),
            ],
        ),
    ],
)

JOBS = Dashboard(
    "prexsell-jobs",
    "PREXSELL: jobs and queues",
    [
        (
            "Now",
            [
                stat("Schedulers", "short", "prexsell:schedulers:up"),
                stat("Dead jobs", "short", 'sum(max by (queue) (prexsell_jobs{state="dead"}))', 1),
                stat("Paused queues", "short", "sum(max by (queue) (prexsell_queue_paused))", 1),
            ],
        ),
        (
            "Waiting",
            [
                Panel("Jobs that are due", "short", [('max by (queue) (prexsell_jobs{state="due"})', "{{queue}}")]),
                Panel("Oldest due job", "s", [("max by (queue) (prexsell_job_oldest_due_seconds)", "{{queue}}")], 60),
                Panel("Oldest running job", "s", [("max by (queue) (prexsell_job_oldest_running_seconds)", "{{queue}}")], 300),
                Panel(
                    "Jobs by state",
                    "short",
                    [("sum by (state) (max by (queue, state) (prexsell_jobs))", "{{state}}")],
                ),
                Panel("Ids in Redis", "short", [("max by (queue) (prexsell_redis_list_length)", "{{queue}}")]),
                Panel("From due to begun, p95", "s", [(quantile(0.95, "prexsell_job_pickup_seconds", "queue"), "{{queue}}")]),
            ],
        ),
        (
            "Work",
            [
                Panel("Outcomes a second", "ops", [(rate("prexsell_job_outcomes_total", "queue, outcome"), "{{queue}} {{outcome}}")]),
                Panel("Run time by kind, p95", "s", [(quantile(0.95, "prexsell_job_run_seconds", "kind"), "{{kind}}")]),
                Panel("From written to done, p95", "s", [(quantile(0.95, "prexsell_job_total_seconds", "queue"), "{{queue}}")]),
                Panel(
                    "Live processes",
                    "short",
                    [("max by (role) (prexsell_processes)", "{{role}}")],
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
                Panel("Seconds of a claim, p95", "s", [(quantile(0.95, "prexsell_job_claim_seconds", "queue"), "{{queue}}")]),
                Panel("Jobs of a claim, p95", "short", [(quantile(0.95, "prexsell_job_claim_batch", "queue"), "{{queue}}")]),
                Panel("Seconds of a tick of the relay, p95", "s", [(quantile(0.95, "prexsell_relay_tick_seconds"), "p95")]),
                Panel("Since the last tick", "s", [("time() - max(prexsell_relay_last_tick_timestamp_seconds)", "relay")], 30),
                Panel(
                    "Recovered in an hour",
                    "short",
                    [("sum by (cause) (increase(prexsell_jobs_recovered_total[1h])) or vector(0)", "{{cause}}")],
                ),
                Panel("Schedules are late by", "s", [("max by (schedule) (prexsell_schedule_lag_seconds)", "{{schedule}}")], 120),
            ],
        ),
    ],
)

SALES = Dashboard(
    "prexsell-sales",
    "PREXSELL: sales and messages",
    [
        (
            "Sales",
            [
                Panel("Bookings an hour", "short", [("sum by (outcome) (increase(prexsell_bookings_total[1h]))", "{{outcome}}")]),
                Panel(
                    "Seats refused, a second",
                    "ops",
                    [("sum by (reason) (rate(prexsell_seat_refusals_total[$__rate_interval])) or vector(0)", "{{reason}}")],
                ),
                Panel("Unpaid tickets are closed late by", "s", [("max(prexsell_sweep_lag_seconds)", "oldest")], 120),
                Panel("Broken invariants", "short", [("max by (rule) (prexsell_invariant_violations)", "{{rule}}")], 1),
                Panel(
                    "Since the invariants were checked",
                    "s",
                    [("time() - max(prexsell_invariants_checked_timestamp_seconds)", "check")],
                    300,
                ),
                Panel(
                    "Calls of the old partner API, a second",
                    "reqps",
                    [("sum(rate(prexsell_legacy_calls_total[$__rate_interval])) or vector(0)", "calls")],
                ),
            ],
        ),
        (
            "Messages and providers",
            [
                Panel(
                    "Messages an hour",
                    "short",
                    [("sum by (channel, outcome) (increase(prexsell_notifications_total[1h]))", "{{channel}} {{outcome}}")],
                ),
                Panel(
                    "Share of requests to a provider that fail or are refused",
                    "percentunit",
                    [("prexsell:provider_failures_and_refusals:ratio_rate10m", "{{provider}}")],
                    0.5,
                ),
                Panel(
                    "Seconds of a provider, p95",
                    "s",
                    [(quantile(0.95, "prexsell_provider_request_seconds", "provider"), "{{provider}}")],
                ),
            ],
        ),
        (
            "Buses and reports",
            [
                Panel("Buses under way by freshness", "short", [("max by (freshness) (prexsell_buses)", "{{freshness}}")]),
                Panel("Oldest newest position", "s", [("max(prexsell_position_age_seconds)", "age")]),
                Panel("Reports by status (ended: in the last hour)", "short", [("max by (status) (prexsell_reports)", "{{status}}")]),
            ],
        ),
    ],
)

DASHBOARDS = [PLATFORM, JOBS, SALES]
