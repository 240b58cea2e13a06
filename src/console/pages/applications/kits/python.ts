/** The kit for a web application with Flask and Authlib. Pure. */
import { baseOf, type CodeFacts, ENVIRONMENT, type Kit, pathOf, portOf } from './kit.js';

const app = (facts: CodeFacts) => `import os

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, redirect, request, session
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["COOKIE_SECRET"]
oauth = OAuth(app)
oauth.register(
    "vestibule",
    client_id="${facts.clientId}",
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url="${facts.origin}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)


@app.route("/login")
def login():
    # Links of invitations lead here, with the organization and the invitation.
    asked = {name: request.args[name] for name in ("organization", "invitation") if name in request.args}
    return oauth.vestibule.authorize_redirect("${facts.callback}", **asked)


@app.route("${pathOf(facts)}")
def callback():
    token = oauth.vestibule.authorize_access_token()
    session["user"] = token["userinfo"]
    session["id_token"] = token["id_token"]
    return redirect("/")


@app.errorhandler(OAuthError)
def refused(error):
    # Somebody who is refused reads why, and the reference to quote.
    reference = request.args.get("error_reference")
    text = f"{error.description}\\nReference: {reference}" if reference else str(error.description)
    return text, 403, {"content-type": "text/plain; charset=utf-8"}


@app.route("/logout")
def logout():
    id_token = session.get("id_token")
    session.clear()
    return oauth.vestibule.logout_redirect("${baseOf(facts)}", id_token_hint=id_token)


@app.route("/")
def home():
    if "user" not in session:
        return '<a href="/login">Sign in</a>'
    return f'{escape(session["user"]["email"])} <a href="/logout">Sign out</a>'
`;

export const PYTHON: Kit = {
  name: 'Python',
  kinds: ['regular_web'],
  tried: 'Authlib 1.9.10, Flask 3.1.3',
  callbackPath: '/callback',
  isCallbackFixed: false,
  addresses: (facts) => ({ callback: facts.callback, logout: baseOf(facts), login: `${baseOf(facts)}/login` }),
  install: () => 'python3 -m venv .venv\n. .venv/bin/activate\npip install authlib flask requests python-dotenv',
  files: (facts) => [
    { name: 'app.py', text: app(facts) },
    { name: '.env', text: ENVIRONMENT },
  ],
  start: (facts) => `. .venv/bin/activate\nflask --app app run --host localhost --port ${portOf(facts)}`,
  values: () => [],
};
