"""The users of the API while it is fuzzed: a partner with its key, and people and an operator with their sessions."""

import os

import requests
import schemathesis

API = os.environ["API_URL"]

# An archive is sent without serialisation.
schemathesis.serializer.alias("application/zip", "application/octet-stream")

# The variables with e-mail address and password of each.
PEOPLE = {
    "company": ("BACKOFFICE_EMAIL", "BACKOFFICE_PASSWORD"),
    "partner": ("PARTNER_EMAIL", "PARTNER_PASSWORD"),
    "leaver": ("LEAVER_EMAIL", "LEAVER_PASSWORD"),
    "operator": ("OPS_EMAIL", "OPS_PASSWORD"),
}


def caller(case, _context):
    """The user that calls an operation; `nobody` if the operation requires no credentials."""
    raw = case.operation.definition.raw
    schemes = {scheme for choice in raw.get("security", []) for scheme in choice}
    if "apiKey" in schemes:
        return "key"
    if "refresh" in schemes:
        return "refresh"
    if "session" not in schemes:
        return "nobody"
    if case.operation.path.startswith("/v2/ops/"):
        return "operator"
    if raw["operationId"] == "logoutAll":
        return "leaver"
    if raw["operationId"] == "changePassword":
        return "leaver"
    return "partner" if "Keys" in raw["tags"] else "company"


def sign_in(person):
    """The cookies of a new session."""
    email, password = (os.environ[name] for name in PEOPLE[person])
    # From another address, since that of the fuzzer has failed to sign in too often.
    headers = {"x-forwarded-for": "192.0.2.1"}
    body = {"email": email, "password": password}
    answer = requests.post(f"{API}/v2/auth/login", json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    return {name: value for name, value in answer.cookies.items()}


@schemathesis.auth(cache_by_key=caller, refresh_interval=600)
class Callers:
    """The credentials of `caller`. The key is that of the second partner: people of the first one revoke its keys."""

    def get(self, case, context):
        who = caller(case, context)
        if who == "nobody":
            return None
        if who == "key":
            return {"x-api-key": os.environ["API_KEY_2"]}
        name = "backoffice_refresh_token" if who == "refresh" else "backoffice_access_token"
        cookies = sign_in("company" if who == "refresh" else who)
        return {"cookie": (name, cookies[name])}

    def set(self, case, data, context):
        if not data:
            return
        if "cookie" in data:
            name, value = data["cookie"]
            case.cookies = {**(case.cookies or {}), name: value}
        else:
            case.headers = {**(case.headers or {}), **data}


@schemathesis.hook
def before_call(context, case, kwargs):
    """On a journey (FUZZ_JOURNEY names the day), searches ask for what is on sale, and lists begin at their first item:
    made-up cities and days find nothing, and an empty response has no links to follow."""
    day = os.environ.get("FUZZ_JOURNEY")
    name = case.operation.definition.raw["operationId"]
    if not day:
        return
    if name in ("searchOffers", "oldSearchOffers"):
        count = "passengers" if name == "searchOffers" else "passengersQty"
        case.query = {"departureCity": "kyiv", "arrivalCity": "lviv", "departureDate": day, count: 1}
    elif name.startswith(("list", "oldList")):
        case.query = {}
