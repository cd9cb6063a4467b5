"""What panels are declared with, for the dashboards in platform_dashboard.py, jobs_dashboard.py and sales_dashboard.py.

Every expression must return data from a working platform: a count of events that have not happened yet ends with
`or vector(0)`. `$__rate_interval` is Grafana's: at least four scrapes.
"""

from dataclasses import dataclass


@dataclass
class Panel:
    """A panel: expressions with the legend of each, the unit (Grafana's name), and where red begins."""

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
    """The increase of a counter per second."""
    return f"sum by ({by}) (rate({metric}{labels}[$__rate_interval]))"


def stat(title: str, unit: str, expression: str, red: float | None = None, about: str = "") -> Panel:
    """A panel with one number."""
    return Panel(title, unit, [(expression, "")], red, "stat", about)
