"""An identity provider made of pysaml2, for scripts/judges/pysaml2.ts: `pysaml2-idp.py FOLDER`. Listens on loopback and prints its origin.

Signs in whoever it was told, without asking for anything, in the way that it was told: never use it for people. Needs the packages of the script's header
and the program xmlsec1. `POST /told` takes JSON with what changes: see `told` below.
"""

import datetime
import functools
import html
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import saml2
import saml2.entity
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_URI, NameID
from saml2.server import Server
from saml2.sigver import pre_encryption_part

if len(sys.argv) != 2:
    sys.exit("pysaml2-idp.py takes a folder, and nothing else")
folder = sys.argv[1]

# What the judge says; keys are names of keys that are made at their first use.
told = {
    "sp_metadata": "",
    "person": "dana",
    "domain": "",
    "key": "first",
    "published": ["first"],
    "name_id_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "sign_response": False,
    "sign_assertion": True,
    "encrypt_assertion": False,
    "self_contained": True,
    "sign_alg": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "digest_alg": "http://www.w3.org/2001/04/xmlenc#sha256",
    # None: as pysaml2 has them, which is Triple DES.
    "content": None,
    "session_key": None,
    "transport": None,
}
base = ""


def key_files(name):
    """Paths of the private key and of the certificate of this name."""
    key_path, cert_path = (os.path.join(folder, f"{name}.{end}") for end in ("key", "crt"))
    if not os.path.exists(key_path):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        days = datetime.timedelta(days=1)
        cert = builder.not_valid_before(now - days).not_valid_after(now + 90 * days).sign(key, hashes.SHA256())
        with open(key_path, "wb") as file:
            form = serialization.PrivateFormat.TraditionalOpenSSL
            file.write(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        with open(cert_path, "wb") as file:
            file.write(cert.public_bytes(serialization.Encoding.PEM))
    return key_path, cert_path


def config_of(key):
    """pysaml2's configuration with this key."""
    key_path, cert_path = key_files(key)
    both = [saml2.BINDING_HTTP_REDIRECT, saml2.BINDING_HTTP_POST]
    metadata = {"inline": [told["sp_metadata"]]} if told["sp_metadata"] else {}
    idp = {
        "endpoints": {
            "single_sign_on_service": [(f"{base}/sso", binding) for binding in both],
            "single_logout_service": [(f"{base}/slo", binding) for binding in both],
        },
        "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_URI}},
        "want_authn_requests_signed": True,
    }
    return IdPConfig().load(
        {
            "entityid": f"{base}/metadata",
            "service": {"idp": idp},
            "key_file": key_path,
            "cert_file": cert_path,
            "metadata": metadata,
        }
    )


def own_metadata():
    """The metadata with the certificates that are published, the first of them with everything else."""
    first, *others = [str(entity_descriptor(config_of(name))) for name in told["published"]]
    for other in others:
        start, end = other.index("<ns0:KeyDescriptor"), other.rindex("</ns0:KeyDescriptor>") + len("</ns0:KeyDescriptor>")
        at = first.index("<ns0:KeyDescriptor")
        first = first[:at] + other[start:end] + first[at:]
    return first


def server_of():
    """The identity provider, in the way that was told."""
    server = Server(config=config_of(told["key"]))
    chosen = {"msg_enc": told["content"], "key_enc": told["transport"]}
    chosen = {name: value for name, value in chosen.items() if value is not None}
    saml2.entity.pre_encryption_part = functools.partial(pre_encryption_part, **chosen)
    if told["session_key"] is not None:
        server.sec.encrypt_assertion = functools.partial(server.sec.encrypt_assertion, key_type=told["session_key"])
    return server


def sign_in(binding, fields):
    """Answers a request to sign in with a form; raises whatever pysaml2 has against the request."""
    server = server_of()
    request = server.parse_authn_request(fields["SAMLRequest"], binding, **signature_of(binding, fields)).message
    person, domain = told["person"], told["domain"]
    response = server.create_authn_response(
        identity={"mail": [f"{person}@{domain}"], "givenName": [person], "sn": ["Example"]},
        in_response_to=request.id,
        destination=request.assertion_consumer_service_url,
        sp_entity_id=request.issuer.text,
        name_id=NameID(format=told["name_id_format"], text=f"id-of-{person}"),
        authn={"class_ref": PASSWORDPROTECTEDTRANSPORT, "authn_auth": base},
        sign_response=told["sign_response"],
        sign_assertion=told["sign_assertion"],
        encrypt_assertion=told["encrypt_assertion"],
        encrypt_assertion_self_contained=told["self_contained"],
        sign_alg=told["sign_alg"],
        digest_alg=told["digest_alg"],
    )
    sent = server.apply_binding(
        saml2.BINDING_HTTP_POST, str(response), request.assertion_consumer_service_url, fields.get("RelayState", ""), response=True
    )
    return sent["data"]


def signature_of(binding, fields):
    """What pysaml2 wants to know of a message that came by redirect."""
    if binding == saml2.BINDING_HTTP_POST:
        return {}
    return {"relay_state": fields.get("RelayState"), "sigalg": fields.get("SigAlg"), "signature": fields.get("Signature")}


def carry(server, binding, message, destination, relay_state, response):
    """Status, headers and body that have the browser carry a message which is signed as the binding has it."""
    # Without a name, pysaml2 signs a query with SHA-1.
    methods = {"sign": True, "sigalg": told["sign_alg"]}
    sent = server.apply_binding(binding, str(message), destination, relay_state, response=response, **methods)
    return (303, sent["headers"], "") if binding == saml2.BINDING_HTTP_REDIRECT else (200, [], sent["data"])


def sign_out(binding, fields):
    """Answers a request to sign out by the binding that it came by; reads the answer to one of ours."""
    server = server_of()
    if "SAMLResponse" in fields:
        server.parse_logout_request_response(fields["SAMLResponse"], binding)
        return 200, [], f"pysaml2: signed out, with {fields.get('RelayState')}"
    request = server.parse_logout_request(fields["SAMLRequest"], binding, **signature_of(binding, fields)).message
    destination = server.response_args(request, [binding])["destination"]
    methods = {"sign_alg": told["sign_alg"], "digest_alg": told["digest_alg"]}
    response = server.create_logout_response(request, [binding], sign=binding == saml2.BINDING_HTTP_POST, **methods)
    return carry(server, binding, response, destination, fields.get("RelayState", ""), True)


def leave(binding):
    """A request to sign the person out at the service provider."""
    server = server_of()
    sp = server.metadata.with_descriptor("spsso")
    ((entity_id, _),) = sp.items()
    (service,) = [one for one in server.metadata.single_logout_service(entity_id, binding, "spsso")]
    request = server.create_logout_request(
        service["location"],
        entity_id,
        name_id=NameID(format=told["name_id_format"], text=f"id-of-{told['person']}"),
        sign=binding == saml2.BINDING_HTTP_POST,
        sign_alg=told["sign_alg"],
        digest_alg=told["digest_alg"],
    )
    # With a signature, pysaml2 gives the id beside the text.
    message = request[1] if isinstance(request, tuple) else request
    return carry(server, binding, message, service["location"], "from-pysaml2", False)


class Answers(BaseHTTPRequestHandler):
    """The HTTP side."""

    def reply(self, status, body, kind="text/html; charset=utf-8", headers=()):
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in headers:
            if name.lower() != "content-type":
                self.send_header(name, value)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def play(self, path, binding, fields):
        try:
            if path == "/sso":
                return self.reply(200, sign_in(binding, fields))
            posted = binding == saml2.BINDING_HTTP_POST or fields.get("binding") == "post"
            status, headers, body = (
                leave(saml2.BINDING_HTTP_POST if posted else binding) if path == "/leave" else sign_out(binding, fields)
            )
            self.reply(status, body, headers=headers)
        except Exception as error:  # The judge reads what pysaml2 says.
            self.reply(400, f"pysaml2 refused: {html.escape(repr(error))}")

    def do_GET(self):
        path = urlsplit(self.path)
        if path.path == "/metadata":
            return self.reply(200, own_metadata(), "application/samlmetadata+xml")
        return self.play(path.path, saml2.BINDING_HTTP_REDIRECT, {name: value[0] for name, value in parse_qs(path.query).items()})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        if self.path == "/told":
            told.update(json.loads(body))
            return self.reply(200, "{}", "application/json")
        return self.play(self.path, saml2.BINDING_HTTP_POST, {name: value[0] for name, value in parse_qs(body).items()})

    def log_message(self, *_):
        """Says nothing."""


http = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
base = f"http://127.0.0.1:{http.server_address[1]}"
print(base, flush=True)
http.serve_forever()
