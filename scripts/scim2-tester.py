"""Runs scim2-tester (PyPI) against a SCIM endpoint and prints what it found: `scim2-tester.py URL TOKEN`. Ends with 1 where a check failed.

Changes people and groups of the connection. Started by scripts/scim-tester.ts, which starts a server for it; never run it against a server
that has people.
"""

import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

if len(sys.argv) != 3:
    sys.exit("scim2-tester.py takes the URL of the endpoint and a token, and nothing else")
url, token = sys.argv[1:]
client = httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
results = check_server(SyncSCIMClient(client))
# Findings that are so on purpose: the check, a part of what it says, and why. docs/guides/scim.md lists them for people.
ON_PURPOSE = (
    ("search_with_attributes", "Resource not found", "a search names its resource: /Users/.search, /Groups/.search"),
    ("object_replacement", "cannot change", "the attribute of the subject stays"),
    ("check_replace_attribute", "'userName'", "the attribute of the subject stays"),
    ("check_remove_attribute", "'active'", "every person is active or not"),
    ("check_add_attribute", "%7C", "the checker takes ids out of addresses and leaves them encoded"),
    ("check_replace_attribute", "%7C", "the checker takes ids out of addresses and leaves them encoded"),
)
counts = {status: sum(result.status == status for result in results) for status in Status}


def reason_of(result):
    said = f"{result.reason} {result.data}"
    return next((why for title, text, why in ON_PURPOSE if title == result.title and text in said), None)


failed = 0
for result in results:
    if result.status not in (Status.SUCCESS, Status.SKIPPED):
        why = reason_of(result)
        failed += why is None
        print(f"{'ON PURPOSE (' + why + ')' if why else result.status.name} {result.title}: {result.reason}")
        if why is None and result.data is not None:
            print(f"    {str(result.data)[:500]}")
print(", ".join(f"{status.name.lower()} {count}" for status, count in counts.items() if count))
sys.exit(failed > 0)
