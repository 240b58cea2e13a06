/**
 * The SAML side of a company's identity provider, over the library `samlp`: metadata, and a signed assertion about the
 * person who was chosen. The key is made when somebody asks for the first time, so the demo starts as fast as without.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemEntropy } from '../../src/kernel/ids.js';
import { newSelfSignedPair } from '../../src/kernel/self-signed.js';
import { html } from '../html.js';
import { findAccount, type IdpAccount, type IdpOptions, readForm, sendPage, sendSignIn } from './pages.js';

/** Addresses below the provider's origin. */
export const SAML = { folder: '/saml/', metadata: '/saml/metadata', signIn: '/saml/sso' } as const;

const NAMES = 'urn:oasis:names:tc:SAML';
const PERSISTENT = `${NAMES}:2.0:nameid-format:persistent`;
const YEAR_MS = 365 * 86_400_000;

interface Pair {
  readonly key: string;
  readonly cert: string;
}

async function newPair({ company }: IdpOptions): Promise<Pair> {
  const now = Date.now();
  const about = { commonName: company, notBefore: new Date(now - 60_000), notAfter: new Date(now + YEAR_MS) };
  const { privatePem: key, certificate: cert } = await newSelfSignedPair(systemEntropy, about);
  return { key, cert };
}

function metadataOf({ issuer }: IdpOptions, { cert }: Pair): string {
  const key = cert.replace(/-----[A-Z ]+-----|\s/g, '');
  return html`<EntityDescriptor xmlns="${NAMES}:2.0:metadata" entityID="${issuer}${SAML.metadata}">
  <IDPSSODescriptor protocolSupportEnumeration="${NAMES}:2.0:protocol">
    <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${key}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
    <NameIDFormat>${PERSISTENT}</NameIDFormat>
    <SingleSignOnService Binding="${NAMES}:2.0:bindings:HTTP-Redirect" Location="${issuer}${SAML.signIn}"/>
  </IDPSSODescriptor>
</EntityDescriptor>`.text;
}

interface Asked {
  readonly id: string;
  readonly issuer: string;
  readonly assertionConsumerServiceURL: string;
}

/** Reads the request of the application. Throws if there is none. */
async function readRequest(url: URL): Promise<Asked> {
  const { default: samlp } = await import('samlp');
  const request = { method: 'GET', url: url.href, query: Object.fromEntries(url.searchParams), body: {} };
  return new Promise((resolve, reject) =>
    samlp.parseRequest(request, {}, (error, asked) =>
      asked ? resolve(asked) : reject(error ?? new Error('no SAMLRequest')),
    ),
  );
}

/** Returns the response with the signed assertion, in base64. */
async function assert(options: IdpOptions, pair: Pair, asked: Asked, account: IdpAccount): Promise<string> {
  const { default: samlp } = await import('samlp');
  const { login, name, email } = account;
  const settings = {
    ...pair,
    issuer: `${options.issuer}${SAML.metadata}`,
    destination: asked.assertionConsumerServiceURL,
    recipient: asked.assertionConsumerServiceURL,
    audience: asked.issuer,
    inResponseTo: asked.id,
    signAssertion: true,
    signatureAlgorithm: 'rsa-sha256',
    digestAlgorithm: 'sha256',
    nameIdentifierFormat: PERSISTENT,
    lifetimeInSeconds: 300,
  };
  const user = { id: login, displayName: name, name: { givenName: name }, emails: [{ value: email }] };
  return new Promise((resolve, reject) =>
    samlp.getSamlResponse(settings, user, (error, xml) =>
      xml === undefined ? reject(error) : resolve(Buffer.from(xml, 'utf8').toString('base64')),
    ),
  );
}

/** Returns the function that answers below {@link SAML}.folder. It rejects for anything but a sign-in or the metadata. */
export function createSaml(options: IdpOptions) {
  let made: Promise<Pair> | undefined;
  const pairOf = () => {
    made ??= newPair(options);
    return made;
  };

  async function signIn(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const asked = await readRequest(url);
    const page = { action: `${url.pathname}${url.search}`, canCancel: false };
    if (request.method !== 'POST') return sendSignIn(response, options, { ...page, typed: '' });
    const typed = (await readForm(request)).get('login') ?? '';
    const account = findAccount(options, typed);
    if (account === undefined) return sendSignIn(response, options, { ...page, typed, isUnknown: true });
    const answer = await assert(options, await pairOf(), asked, account);
    const body = html`<main><p class="place">${options.company} · company sign-in</p><h1>Hello, ${account.name}</h1>
      <p>This form carries the signed assertion. A real provider sends it by a script.</p>
      <form method="post" action="${asked.assertionConsumerServiceURL}">
        <input type="hidden" name="SAMLResponse" value="${answer}"><input type="hidden" name="RelayState" value="${url.searchParams.get('RelayState') ?? ''}">
        <button name="go" value="on">Go on to the application</button></form></main>`;
    sendPage(response, options, { status: 200, title: `${options.company} sign-in`, body });
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', options.issuer);
    if (url.pathname !== SAML.metadata) return signIn(request, response, url);
    const metadata = metadataOf(options, await pairOf());
    response.writeHead(200, { 'content-type': 'application/samlmetadata+xml' }).end(metadata);
  };
}
