"""The dashboard of sales, messages, buses, reports and timetables."""

from panels import Dashboard, Panel, quantile

SALES = Dashboard(
    "prexsell-sales",
    "PREXSELL: sales and messages",
    [
        (
            "Sales",
            [
                Panel(
                    "Bookings an hour",
                    "short",
                    [("sum by (outcome) (increase(prexsell_bookings_total[1h]))", "{{outcome}}")],
                ),
                Panel(
                    "Seats refused, a second",
                    "ops",
                    [
                        (
                            "sum by (reason) (rate(prexsell_seat_refusals_total[$__rate_interval])) or vector(0)",
                            "{{reason}}",
                        )
                    ],
                ),
                Panel("Unpaid tickets are closed late by", "s", [("prexsell:sweep_lag_seconds:max", "oldest")], 120),
                Panel("Broken invariants", "short", [("prexsell:invariant_violations:max", "{{rule}}")], 1),
                Panel(
                    "Since the invariants were checked",
                    "s",
                    [("time() - max(prexsell_invariants_checked_timestamp_seconds)", "check")],
                    300,
                ),
                Panel(
                    "Since all rows of every table were checked",
                    "s",
                    # The metric is 0 until each table has been passed once, as on a new platform: then 30 days are shown.
                    [("clamp_max(time() - max(prexsell_invariants_passed_timestamp_seconds), 2592000)", "pass")],
                    2 * 86400,
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
                    [
                        (
                            "sum by (channel, outcome) (increase(prexsell_notifications_total[1h]))",
                            "{{channel}} {{outcome}}",
                        )
                    ],
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
            "Buses, reports and timetables",
            [
                Panel(
                    "Buses under way by freshness", "short", [("prexsell:buses:max", "{{freshness}}")]
                ),
                Panel("Oldest newest position", "s", [("prexsell:position_age_seconds:max", "age")]),
                Panel(
                    "Reports by status (ended: in the last hour)",
                    "short",
                    [("prexsell:reports:max", "{{status}}")],
                ),
                Panel(
                    "Uploads of timetables by status (ended: in the last hour)",
                    "short",
                    [("prexsell:timetable_uploads:max", "{{status}}")],
                ),
            ],
        ),
    ],
)
