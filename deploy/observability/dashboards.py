"""Writes the Grafana dashboards (dashboards/*.json) from what is declared beside it: `python3 dashboards.py FOLDER`.

A panel is declared in a line or two; the rest of its JSON is the same for all. Dashboards query the data source that is
selected at their top. Never change the JSON: `./dev prepare` regenerates it, and `./dev check` compares it and
evaluates every expression in a real Prometheus.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs_dashboard import JOBS
from panels import Dashboard, Panel
from platform_dashboard import PLATFORM
from sales_dashboard import SALES

DASHBOARDS = [PLATFORM, JOBS, SALES]

# Grafana's grid is 24 wide.
WIDTH, HEIGHT = 8, 7
# The version of Grafana's schema: that of release 10, which later ones read too.
SCHEMA_VERSION = 38
DATA_SOURCE = {"type": "prometheus", "uid": "${datasource}"}


@dataclass
class Grid:
    """The next free place on the grid, row by row."""

    x: int = 0
    y: int = 0

    def row(self) -> dict[str, int]:
        """The place of a heading, which has a line of its own."""
        self.y += HEIGHT if self.x else 0
        place = {"x": 0, "y": self.y, "w": 24, "h": 1}
        self.x, self.y = 0, self.y + 1
        return place

    def panel(self) -> dict[str, int]:
        """The place of a panel."""
        place = {"x": self.x, "y": self.y, "w": WIDTH, "h": HEIGHT}
        self.x += WIDTH
        if self.x >= 24:
            self.x, self.y = 0, self.y + HEIGHT
        return place


def thresholds(panel: Panel) -> dict[str, Any]:
    """Green; red from the value at which an alert fires."""
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red is not None:
        steps.append({"color": "red", "value": panel.red})
    return {"mode": "absolute", "steps": steps}


def panel_json(number: int, panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    """A panel in Grafana's JSON."""
    custom = {"fillOpacity": 8, "showPoints": "never", "thresholdsStyle": {"mode": "line" if panel.red else "off"}}
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": DATA_SOURCE,
        "gridPos": place,
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "thresholds": thresholds(panel),
                **({"custom": custom} if panel.kind == "timeseries" else {}),
            },
            "overrides": [],
        },
        "options": {"tooltip": {"mode": "multi", "sort": "desc"}} if panel.kind == "timeseries" else {},
        "targets": [
            {"refId": chr(ord("A") + index), "datasource": DATA_SOURCE, "expr": expression, "legendFormat": legend}
            for index, (expression, legend) in enumerate(panel.asks)
        ],
    }


def dashboard_json(dashboard: Dashboard) -> dict[str, Any]:
    """A dashboard in Grafana's JSON."""
    grid, panels, number = Grid(), [], 0
    for heading, row in dashboard.rows:
        number += 1
        panels.append({"id": number, "type": "row", "title": heading, "gridPos": grid.row(), "panels": []})
        for panel in row:
            number += 1
            panels.append(panel_json(number, panel, grid.panel()))
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "tags": ["prexsell"],
        "schemaVersion": SCHEMA_VERSION,
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {
            "list": [{"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}]
        },
        "links": [{"type": "dashboards", "title": "PREXSELL", "tags": ["prexsell"], "asDropdown": True}],
        "panels": panels,
    }


def main() -> int:
    """Writes every dashboard into the folder that the argument names."""
    for dashboard in DASHBOARDS:
        file = Path(sys.argv[1]) / f"{dashboard.uid.removeprefix('prexsell-')}.json"
        file.write_text(json.dumps(dashboard_json(dashboard), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
