"""The dashboard of processes, the API, and what they depend on."""

from panels import Dashboard, Panel, quantile, rate, stat

HTTP = "prexsell_http_request_seconds"
SEARCHES = '{route=~"searchOffers|getSchedule|oldSearchOffers",class!="5xx"}'
ERRORS = f'sum(rate({HTTP}_count{{route!="probe",class="5xx"}}[$__rate_interval])) or vector(0)'

PLATFORM = Dashboard(
    "prexsell-platform",
    "PREXSELL: platform and API",
    [
        (
            "Now",
            [
                stat("API processes that answer", "short", "prexsell:apis:up"),
                stat("Processes that do not answer", "short", "count(up == 0) or vector(0)", 1),
                stat("Alerts that fire", "short", 'count(ALERTS{alertstate="firing"}) or vector(0)', 1),
                stat("Invariants broken", "short", "sum(prexsell:invariant_violations:max)", 1),
                Panel(
                    "Age of the figures",
                    "s",
                    [
                        ("time() - prexsell_sampled_timestamp_seconds", "jobs, {{instance}}"),
                        ("time() - prexsell_business_sampled_timestamp_seconds", "business, {{instance}}"),
                    ],
                    60,
                    "stat",
                ),
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
                    [(quantile(q, HTTP, "route", SEARCHES), f"{{{{route}}}} p{q * 100:g}") for q in (0.5, 0.95, 0.99)],
                    0.5,
                    about="Without responses of status 500 or more: a refusal is fast.",
                ),
                Panel(
                    "Searches refused, a second",
                    "reqps",
                    [("sum(rate(prexsell_searches_refused_total[$__rate_interval])) or vector(0)", "refused")],
                    about="With 503, because too many wait. If it lasts, start another API process.",
                ),
                Panel("Seconds by operation, p95", "s", [(quantile(0.95, HTTP, "route"), "{{route}}")]),
                Panel("Requests a second by operation", "reqps", [(rate(f"{HTTP}_count", "route"), "{{route}}")]),
                Panel(
                    "Requests in flight",
                    "short",
                    [("sum by (instance) (prexsell_http_requests_in_flight)", "{{instance}}")],
                ),
                Panel(
                    "Refused for a rate limit, a second",
                    "reqps",
                    [
                        (
                            "sum by (class) (rate(prexsell_rate_limited_total[$__rate_interval])) or vector(0)",
                            "{{class}}",
                        )
                    ],
                ),
                Panel(
                    "Idempotency keys, a second",
                    "reqps",
                    [
                        (
                            "sum by (outcome) (rate(prexsell_idempotency_total[$__rate_interval])) or vector(0)",
                            "{{outcome}}",
                        )
                    ],
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
                Panel(
                    "Wait for a connection, p95",
                    "s",
                    [(quantile(0.95, "prexsell_pool_wait_seconds", "job"), "{{job}}")],
                    0.25,
                ),
                Panel("Redis takes writes", "short", [("prexsell:redis_up:max", "up")]),
                Panel(
                    "Age of what is cached", "s", [("max by (instance) (prexsell_cache_lag_seconds)", "{{instance}}")]
                ),
                Panel(
                    "Published timetable", "short", [("max by (instance) (prexsell_published_version)", "{{instance}}")]
                ),
                Panel("Memory", "bytes", [("process_resident_memory_bytes", "{{process}}")]),
                Panel(
                    "Processors in use",
                    "short",
                    [("rate(process_cpu_seconds_total[$__rate_interval])", "{{process}}")],
                ),
                Panel("Started", "s", [("time() - process_start_time_seconds", "{{process}}")]),
                Panel("Free in the file store", "bytes", [("min(prexsell_store_free_bytes)", "free")]),
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
