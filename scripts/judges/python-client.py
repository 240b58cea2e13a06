"""An application in Python for the judge browser-clients.ts: Authlib signs people in, auth0-python checks their tokens and calls the Management API.

Started with its settings as JSON; reads one JSON command a line from standard input, answers with one line of JSON each.
"""

import json
import sys
from urllib.parse import parse_qsl, urlsplit

from auth0.authentication import GetToken
from auth0.authentication.exceptions import Auth0Error
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier
from auth0.management import ManagementClient
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session, OAuthError

settings = json.loads(sys.argv[1])
domain = settings["domain"]
base = f"https://{domain}"
client_id = settings["client"]["id"]
client_secret = settings["client"]["secret"]
session = OAuth2Session(
    client_id,
    client_secret,
    scope="openid profile email offline_access",
    redirect_uri=settings["callback"],
    token_endpoint=f"{base}/oauth/token",
    token_endpoint_auth_method=settings["method"],
    code_challenge_method="S256",
)
begun = {}


def verify(token, **asked):
    signatures = AsymmetricSignatureVerifier(f"{base}/.well-known/jwks.json")
    return TokenVerifier(signatures, issuer=f"{base}/", audience=client_id).verify(token, **asked)


def authorize(asked):
    begun.update(nonce=generate_token(), code_verifier=generate_token(48), organization=asked["organization"])
    parameters = {**asked, "nonce": begun["nonce"], "code_verifier": begun["code_verifier"]}
    url, begun["state"] = session.create_authorization_url(f"{base}/authorize", **parameters)
    return {"url": url}


def redeem(asked):
    # As Authlib's clients for Flask, Django and Starlette do before they redeem a code.
    answered = dict(parse_qsl(urlsplit(asked["url"]).query))
    if "error" in answered:
        raise OAuthError(error=answered["error"], description=answered.get("error_description"))
    token = session.fetch_token(
        authorization_response=asked["url"], state=begun["state"], code_verifier=begun["code_verifier"]
    )
    claims = verify(token["id_token"], nonce=begun["nonce"], organization=begun["organization"])
    return {"claims": claims, "userinfo": session.get(f"{base}/userinfo").json()}


def refresh(_asked):
    before = dict(session.token)
    after = session.refresh_token()
    again = GetToken(domain, client_id, client_secret).refresh_token(after["refresh_token"])
    claims = verify(again["id_token"], organization=begun["organization"])
    tokens = [before, after, again]
    names = ("access_token", "refresh_token")
    spent = None
    try:
        GetToken(domain, client_id, client_secret).refresh_token(before["refresh_token"])
    except Auth0Error as error:
        spent = {"status": error.status_code, "error": error.error_code}
    return {"claims": claims, "different": [len({one[name] for one in tokens}) for name in names], "spent": spent}


def management(asked):
    machine = settings["machine"]
    client = ManagementClient(domain=domain, client_id=machine["id"], client_secret=machine["secret"])
    users = list(client.users.list(q=f'email:"{asked["email"]}"', per_page=1))
    one = client.users.get(users[0].user_id)
    everyone = [user.user_id for user in client.users.list(per_page=1)]
    members = [member.user_id for member in client.organizations.members.list(asked["organization"])]
    return {"found": [user.email for user in users], "one": one.user_id, "all": everyone, "members": members}


COMMANDS = {"authorize": authorize, "redeem": redeem, "refresh": refresh, "management": management}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = COMMANDS[command.pop("do")](command)
    except OAuthError as error:
        answer = {"error": error.error, "description": error.description}
    except Exception as error:
        answer = {"error": type(error).__name__, "description": str(error)}
    print(json.dumps(answer), flush=True)
