"""Calls Auth0's myorganization-python for the judge organization-client.ts.

Started with its settings as JSON (`domain`). Reads one JSON command a line from standard input:
`{"do": "organization.domains.create", "as": {"token": "..."}, "with": {"domain": "acme.example"}}`. Answers each with one line of
JSON: what the SDK returned, or the class, status and body of its error.
"""

import json
import sys

from auth0.myorganization import MyOrganizationClient
from auth0.myorganization.core.api_error import ApiError

settings = json.loads(sys.argv[1])


def plain(value):
    if hasattr(value, "has_next"):
        # A list with pages: reading it asks for all of them.
        return [plain(item) for item in value]
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.model_dump(mode="json", by_alias=True, exclude_unset=True) if hasattr(value, "model_dump") else value


def call(asked):
    method = MyOrganizationClient(domain=settings["domain"], **asked["as"])
    for name in asked["do"].split("."):
        method = getattr(method, name)
    return plain(method(*asked.get("of", []), **asked.get("with", {})))


for line in sys.stdin:
    try:
        answer = {"value": call(json.loads(line))}
    except ApiError as error:
        answer = {"error": type(error).__name__, "status": error.status_code, "body": plain(error.body)}
    except Exception as error:  # The judge shows it.
        answer = {"thrown": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
