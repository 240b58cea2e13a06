/**
 * A SAML identity provider for tests, over the package samlp: sign-in page, metadata, and answers that are signed and encrypted as a test
 * wants. Loopback only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import samlp, { type ParsedRequest, type SessionParticipant } from 'samlp';
import type { CallbackInput } from '../../../src/ports/connector.js';
import { type Answer, type Person, sendAnswer } from '../scripted-idp.js';
import { certificateOf, type TestCertificate } from './certificates.js';
import { createSignOut, type LogoutReply } from './sign-out.js';

export interface SamlIdpSettings {
  signResponse?: boolean;
  signAssertion?: boolean;
  /** Certificate (PEM) of the service provider: assertions are encrypted for it. */
  encryptFor?: string;
  /** Certificate (PEM) of the service provider: only requests that it signed are accepted. */
  requestsSignedBy?: string;
  /** The certificates in the metadata; the first one signs. */
  keys: readonly TestCertificate[];
  /** Whether the metadata has an address for single logout, and by which binding its messages come. */
  signOutBy?: 'HTTP-Redirect' | 'HTTP-POST';
  /** Certificate (PEM) of the service provider: its messages of logout must be signed by it. */
  logoutSignedBy?: string;
  /** One for every session, in place of one for each person. */
  sessionIndex?: string;
  /** Extra attributes of every person. */
  nameIdFormat?: string;
}

/** The next answer or document is wrong in one way; used up by it. */
export type SamlLie =
  | { readonly metadata: Answer }
  /** Options of the package samlp in place of the right ones. */
  | { readonly answer: Readonly<Record<string, unknown>> }
  /** The signed text, changed afterwards. */
  | { readonly xml: (xml: string) => string }
  /** The form that the browser posts, replaced or (with undefined) left out. */
  | { readonly form: Readonly<Record<string, string | undefined>> };

export interface SamlIdp {
  readonly entityId: string;
  readonly metadataUrl: string;
  readonly ssoUrl: string;
  /** Where a person signs out at this IdP, and where messages of logout come. */
  readonly sloUrl: string;
  readonly settings: SamlIdpSettings;
  /** The services to which people are signed in. A sign-in adds one; a logout takes it away. */
  readonly participants: SessionParticipant[];
  /** Requests to sign in so far, as they were read. */
  readonly requests: ParsedRequest[];
  /** Fetches of the metadata so far. */
  metadataFetches: number;
  metadata(): string;
  next(lie: SamlLie): void;
  /** An answer as it is posted: to a request, or to nobody's. */
  answer(login: string, request: Partial<ParsedRequest> & { assertionConsumerServiceURL: string }): Promise<string>;
  /** Plays the browser at the address of a redirect. */
  signIn(url: string, login: string): Promise<CallbackInput & { readonly url: string }>;
  stop(): Promise<void>;
}

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

const html = (text: string): string => `<!doctype html><html><body>${text}</body></html>`;
const quote = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

function toForm(action: string, fields: Readonly<Record<string, string>>): string {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${quote(value)}">`);
  return html(`<form method="post" action="${quote(action)}">${inputs.join('')}<button>Go on</button></form>`);
}

async function readBody(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
}

/** Starts one that knows `people` by login. */
export async function startSamlIdp(
  people: Readonly<Record<string, Person>>,
  given: Partial<SamlIdpSettings> = {},
): Promise<SamlIdp> {
  const settings: SamlIdpSettings = { signAssertion: true, keys: [certificateOf('samlp')], ...given };
  const server = createServer((request, response) => void answerRequest(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const entityId = `${origin}/entity`;
  const requests: ParsedRequest[] = [];
  const lies: SamlLie[] = [];
  const takeLie = <K extends string>(kind: K): Extract<SamlLie, Record<K, unknown>>[K] | undefined => {
    const index = lies.findIndex((lie) => kind in lie);
    if (index < 0) return undefined;
    return (lies.splice(index, 1)[0] as Extract<SamlLie, Record<K, unknown>>)[kind];
  };
  const participants: SessionParticipant[] = [];

  const parse = (request: IncomingMessage, query: Record<string, string>, body: Record<string, string>) =>
    new Promise<ParsedRequest>((resolve, reject) => {
      const options = { signingCert: settings.requestsSignedBy, relayState: query.RelayState ?? body.RelayState };
      samlp.parseRequest(
        { method: request.method ?? 'GET', url: request.url ?? '', query, body },
        options,
        (error, parsed) => (error || !parsed ? reject(error ?? new Error('no SAMLRequest')) : resolve(parsed)),
      );
    });

  const answer: SamlIdp['answer'] = (login, request) =>
    new Promise((resolve, reject) => {
      const [signer] = settings.keys;
      const acs = request.assertionConsumerServiceURL;
      const options = {
        issuer: entityId,
        ...signer,
        destination: acs,
        recipient: acs,
        audience: request.issuer,
        inResponseTo: request.id,
        signResponse: settings.signResponse ?? false,
        signAssertion: settings.signAssertion ?? true,
        signatureAlgorithm: 'rsa-sha256',
        digestAlgorithm: 'sha256',
        nameIdentifierFormat: settings.nameIdFormat ?? PERSISTENT,
        authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password',
        sessionIndex: settings.sessionIndex ?? `_session-${login}`,
        lifetimeInSeconds: 300,
        ...(settings.encryptFor !== undefined && {
          encryptionCert: settings.encryptFor,
          encryptionPublicKey: settings.encryptFor,
          encryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
        }),
        ...takeLie('answer'),
      };
      const person = people[login];
      const change = takeLie('xml') ?? ((xml: string) => xml);
      const done = (error: Error | null, xml?: string) =>
        error || xml === undefined ? reject(error) : resolve(Buffer.from(change(xml), 'utf8').toString('base64'));
      if (person === undefined) {
        const error = { code: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed', description: 'no such person' };
        const getPostURL = (_request: unknown, next: (error: null, url: string) => void) => next(null, acs);
        const send = (page: string) => resolve(/name="SAMLResponse"[^>]*?value="([^"]*)"/.exec(page)?.[1] ?? '');
        samlp.sendError({ ...options, RelayState: '', error, getPostURL })(
          { method: 'GET', url: '', query: {}, body: {} },
          { set: () => undefined, send },
          done as never,
        );
        return;
      }
      const [given = '', family = ''] = String(person.name ?? '').split(' ');
      const { sub, email, email_verified, name, ...others } = person;
      const user = {
        ...others,
        id: sub,
        displayName: person.name ?? login,
        name: { givenName: given, familyName: family },
        emails: person.email === undefined ? [] : [{ value: person.email }],
      };
      samlp.getSamlResponse(options, user, done);
    });

  const metadata = () => {
    const keys = settings.keys.map(({ cert }) => cert.replace(/-----[A-Z ]+-----|\s/g, ''));
    const descriptors = keys.map(
      (key) =>
        `<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${key}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`,
    );
    const bindings = ['Redirect', 'POST'].map(
      (name) =>
        `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-${name}" Location="${origin}/sso"/>`,
    );
    const { signOutBy } = settings;
    const signOut =
      signOutBy === undefined
        ? ''
        : `<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${signOutBy}" Location="${origin}/slo"/>`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<!-- of a test -->\n<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${descriptors.join('')}${signOut}${bindings.join('')}</IDPSSODescriptor></EntityDescriptor>`;
  };

  async function signInPage(request: IncomingMessage, url: URL): Promise<string> {
    const body = await readBody(request);
    const query = Object.fromEntries(url.searchParams);
    const login = body.login ?? String(request.headers['x-login'] ?? '');
    const message =
      body.kept === undefined ? { query, body } : (JSON.parse(body.kept) as { query: never; body: never });
    if (login === '') return toForm(`${origin}/sso`, { kept: JSON.stringify({ query, body }), login: '' });
    const parsed = await parse(request, message.query, message.body);
    requests.push(parsed);
    const person = people[login];
    if (person !== undefined)
      participants.push({
        serviceProviderId: parsed.issuer,
        nameId: person.sub,
        nameIdFormat: settings.nameIdFormat ?? PERSISTENT,
        sessionIndex: settings.sessionIndex ?? `_session-${login}`,
        serviceProviderLogoutURL: new URL('/logout', parsed.assertionConsumerServiceURL).href,
      });
    const relayState: string =
      { ...(message.query as object), ...(message.body as Record<string, string>) }.RelayState ?? '';
    const fields: Record<string, string | undefined> = {
      SAMLResponse: await answer(login, parsed),
      ...(relayState !== '' && { RelayState: relayState }),
      ...takeLie('form'),
    };
    const sent = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
    return toForm(parsed.assertionConsumerServiceURL, Object.fromEntries(sent));
  }

  const idp: SamlIdp = {
    entityId,
    metadataUrl: `${origin}/metadata`,
    ssoUrl: `${origin}/sso`,
    sloUrl: `${origin}/slo`,
    participants,
    settings,
    requests,
    metadataFetches: 0,
    metadata,
    next: (lie) => void lies.push(lie),
    answer,
    async signIn(url, login) {
      const response = await fetch(url, { headers: { 'x-login': login } });
      const page = await response.text();
      const fields = [...page.matchAll(/<input name="([^"]*)" value="([^"]*)">/g)];
      const action = /action="([^"]*)"/.exec(page)?.[1] ?? '';
      return {
        url: action.replaceAll('&amp;', '&'),
        method: 'POST',
        parameters: Object.fromEntries(fields.map(([, name, value]) => [name, value])),
      };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const signOut = createSignOut(() => ({
    entityId,
    key: settings.keys[0] ?? certificateOf('samlp'),
    binding: settings.signOutBy ?? 'HTTP-Redirect',
    participants,
    destination: participants[0]?.serviceProviderLogoutURL ?? '',
    requestsSignedBy: settings.logoutSignedBy,
  }));

  async function answerLogout(request: IncomingMessage, url: URL): Promise<LogoutReply> {
    const body = request.method === 'POST' ? await readBody(request) : {};
    const query = Object.fromEntries(url.searchParams);
    return signOut({ method: request.method ?? 'GET', url: request.url ?? '', query, body });
  }

  async function answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    try {
      if (url.pathname === '/metadata') {
        idp.metadataFetches += 1;
        const lie = takeLie('metadata');
        if (lie !== undefined) return sendAnswer(response, lie);
        response.setHeader('content-type', 'application/samlmetadata+xml').end(metadata());
      } else if (url.pathname === '/slo') {
        const reply = await answerLogout(request, url);
        if ('location' in reply) response.writeHead(302, { location: reply.location }).end();
        else response.setHeader('content-type', 'text/html').end(reply.html);
      } else response.setHeader('content-type', 'text/html').end(await signInPage(request, url));
    } catch (error) {
      response.statusCode = 400;
      response.end(html(`refused: ${error instanceof Error ? error.message : ''}`));
    }
  }
  return idp;
}
