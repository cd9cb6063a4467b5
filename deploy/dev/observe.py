"""Checks of deploy/observability that promtool does not make. Needs PyYAML. `observe.py files`: every alert has a test
in which it fires, one in which it is quiet, and a section of the runbook; every metric that rules and dashboards name
is in docs/METRICS.md, or is recorded; the histogram in a test has the bounds of the code; every alert is tried with a
real fault, or has a reason why it is not. `observe.py ask URL`: a Prometheus that scrapes a running platform returns
numbers for every expression of the dashboards, and has every metric of the rules.
"""

import json
import math
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, "deploy/dev")
from references import anchors

FOLDER = Path("deploy/observability")
METRICS = Path("docs/METRICS.md")
BOUNDS = Path("common/metrics/src/histogram.rs")
# The variables that Grafana replaces in an expression.
VARIABLES = {"$__rate_interval": "5m"}
# Where alerts are tried with real faults, by `./dev check` and `./dev alerts`.
FAULTS = [Path("deploy/dev/alerts.sh"), Path("deploy/dev/slow_alerts.sh")]
# Alerts that are only tested with made-up figures, and why.
WITHOUT_FAULT = {
    "ErrorBudgetBurnsSlowly": "it takes an hour; its figures are those of ErrorBudgetBurnsFast",
    "InvariantPassStalled": "it takes two days",
    "JobRunsTooLong": "both the worker and the schedulers would have to fail to end a job",
    "JobsNotTaken": "a worker that hangs has no heartbeat, and jobs of providers that hang end within a minute",
    "JobsTimeOut": "clients give up on providers that hang before the time-out of the job",
    "PositionsStale": "at night, too few demo buses are under way",
    "SearchSlow": "searches are answered from memory, and no fault here slows them for long enough",
    "StoreNearlyFull": "it needs a file system of its own",
    "TimetablesFailing": "its figures are made like those of ReportsFailing",
}
STRINGS = re.compile(r'"[^"]*"')
NAMES = re.compile(r"\b(?:prexsell[_:][\w:]+|process_\w+)")
# The suffixes of the series of a histogram.
SUFFIX = re.compile(r"_(?:bucket|sum|count)$")
# Makes an expression return 0 if it has no series.
OR_NOTHING = " or vector(0)"


def rules() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every rule, with its file."""
    for file in sorted((FOLDER / "rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                yield file, rule


def dashboard_expressions() -> Iterator[tuple[str, str]]:
    """Every expression of a dashboard, with its place."""
    for file in sorted((FOLDER / "dashboards").glob("*.json")):
        dashboard = json.loads(file.read_text(encoding="utf-8"))
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                yield f"{file.name}: {panel['title']}", target["expr"]


def metrics(expression: str) -> set[str]:
    """The metrics that an expression names."""
    return set(NAMES.findall(STRINGS.sub('""', expression)))


def untested() -> Iterator[str]:
    """Alerts that lack a test case in which they fire with their severity, or one in which they do not."""
    cases: dict[str, list[set[str | None]]] = {}
    for file in (FOLDER / "tests").glob("*.yml"):
        for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]:
            for case in test.get("alert_rule_test", []):
                severities = {alert["exp_labels"].get("severity") for alert in case["exp_alerts"]}
                cases.setdefault(case["alertname"], []).append(severities)
    for file, rule in rules():
        if "alert" not in rule:
            continue
        # One alert may have a rule for each severity: a case in which one of them fires says nothing of the other.
        name, severity = rule["alert"], rule["labels"].get("severity")
        fires = [severity in severities for severities in cases.get(name, [])]
        if True not in fires:
            yield f"{file}: {name} ({severity}): there is no test in which it fires"
        if False not in fires:
            yield f"{file}: {name} ({severity}): there is no test in which it is quiet"


def without_runbook() -> Iterator[str]:
    """Alerts that name no section of the runbook, or a missing one, and sections about alerts that do not exist."""
    named: set[str] = set()
    for file, rule in rules():
        if "alert" not in rule:
            continue
        document, _, anchor = rule["annotations"].get("runbook", "").partition("#")
        named.add(anchor)
        if not Path(document).is_file() or anchor not in anchors(Path(document)):
            yield f"{file}: {rule['alert']}: there is no runbook at {document}#{anchor}"
        if rule["labels"].get("severity") not in {"page", "ticket"}:
            yield f"{file}: {rule['alert']}: its severity is neither page nor ticket"
    for part in re.split(r"^## ", Path("docs/OPERATIONS.md").read_text(encoding="utf-8"), flags=re.MULTILINE):
        for heading in re.findall(r"^### (.*)$", part, flags=re.MULTILINE) if part.startswith("Alerts") else []:
            if heading.lower() not in named:
                yield f"docs/OPERATIONS.md: {heading}: there is no such alert"


def untried() -> Iterator[str]:
    """Alerts that no real fault causes without a reason, and reasons that are not needed."""
    alerts = {rule["alert"] for _, rule in rules() if "alert" in rule}
    lines = [line for file in FAULTS for line in file.read_text(encoding="utf-8").splitlines()]
    words = {word for line in lines if not line.lstrip().startswith("#") for word in re.findall(r"\w+", line)}
    for name in sorted(alerts - words - WITHOUT_FAULT.keys()):
        yield f"{name}: no fault of {' or '.join(map(str, FAULTS))} causes it"
    for name in sorted(WITHOUT_FAULT.keys() & words | WITHOUT_FAULT.keys() - alerts):
        yield f"{name}: WITHOUT_FAULT names it, but a fault causes it, or there is no such alert"


def unknown_metrics() -> Iterator[str]:
    """Metrics that rules or dashboards name but nothing exposes."""
    known = set(NAMES.findall(METRICS.read_text(encoding="utf-8")))
    known |= {rule["record"] for _, rule in rules() if "record" in rule}
    named = [(f"{file}: {rule.get('alert') or rule['record']}", rule["expr"]) for file, rule in rules()]
    for place, expression in [*named, *dashboard_expressions()]:
        for metric in sorted(metrics(expression)):
            if metric not in known and SUFFIX.sub("", metric) not in known:
                yield f"{place}: {metric} is not in {METRICS}"


def other_bounds() -> Iterator[str]:
    """A histogram in the tests whose bounds are not those of the code: no quantile exceeds the last of them."""
    code = re.search(r"const SLOW: .*? = \[(.*?)\];", BOUNDS.read_text(encoding="utf-8"), re.DOTALL)
    expected = {float(bound) for bound in re.findall(r"[\d._]+", code[1] if code else "")} | {math.inf}
    file = FOLDER / "tests" / "pickup.yml"
    tested = {float(bound) for bound in re.findall(r'le="([^"]+)"', file.read_text(encoding="utf-8"))}
    if tested != expected:
        yield f"{file}: the bounds are not those of SLOW in {BOUNDS}: {sorted(tested ^ expected)}"


def ask(url: str, path: str, **arguments: str) -> Any:
    """The data of a response of Prometheus' API."""
    try:
        with urllib.request.urlopen(f"{url}/api/v1/{path}?{urllib.parse.urlencode(arguments)}", timeout=20) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        return {"result": [], "error": json.load(error)["error"]}


def unanswered(url: str) -> Iterator[str]:
    """Expressions that return no number, and metrics of rules that do not exist."""
    for target in ask(url, "targets", state="active")["activeTargets"]:
        if target["health"] != "up":
            yield f"{target['labels'].get('process')}: {target['scrapeUrl']}: {target['lastError']}"
    for place, expression in dashboard_expressions():
        for variable, value in VARIABLES.items():
            expression = expression.replace(variable, value)
        data = ask(url, "query", query=expression)
        if not any(math.isfinite(float(sample["value"][1])) for sample in data["result"]):
            yield f"{place}: {data.get('error', 'no data')}: {expression}"
    # Such an expression returns a number without its metrics too. The metrics are queried by name, since the rate of a
    # counter that never changed has no series.
    present = set(ask(url, "label/__name__/values"))
    named = [(f"{file}: {rule.get('alert') or rule['record']}", rule["expr"]) for file, rule in rules()]
    for place, expression in [*named, *((p, e) for p, e in dashboard_expressions() if OR_NOTHING in e)]:
        for metric in sorted(metrics(expression) - present):
            yield f"{place}: {metric} is not there"


def main() -> int:
    """Prints the problems, one a line."""
    match sys.argv[1:]:
        case ["files"]:
            problems = [*untested(), *without_runbook(), *unknown_metrics(), *other_bounds(), *untried()]
        case ["ask", url]:
            problems = list(unanswered(url))
        case _:
            sys.exit("usage: observe.py files | ask URL")
    print("\n".join(problems) or f"   {len(list(rules()))} rules, {len(list(dashboard_expressions()))} expressions")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
