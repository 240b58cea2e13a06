/**
 * Sign-in at a SAML 2.0 identity provider: strategy `samlp`. Proves an identity and nothing more: it knows no user and writes nothing. A
 * RelayState names a login and never an address; an answer of an IdP gives a value, never an exception.
 */
import type { Connection } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, newSecret, secretsEqual } from '../../kernel/ids.js';
import type {
  CallbackInput,
  ConnectorFailure,
  ProviderFinding,
  RedirectConnector,
  RedirectStart,
  RedirectStartOptions,
  RedirectWay,
  Remembered,
} from '../../ports/connector.js';
import type { ServiceProvider, ServiceProviderKeyStore, Unsolicited } from '../../ports/service-provider.js';
import { createBreaker } from '../breaker.js';
import { fail, isFailure } from '../oidc/failure.js';
import type { OutboundFetch } from '../outbound/fetch.js';
import { toSamlIdentity } from './identity.js';
import { createSamlIdps, loadIdp, type SamlIdp, type WarnOfCertificate } from './idp.js';
import { findIdpInitiated } from './idp-initiated.js';
import { POST_BINDING, REDIRECT_BINDING } from './idp-metadata.js';
import { toAuthnRequest, toPost, toRedirect } from './messages.js';
import { createOwnKey } from './own-key.js';
import { signsRequests, toOwnMetadata } from './own-metadata.js';
import type { KeyPair } from './pem.js';
import { parseSamlSettings, type SamlSettings } from './settings.js';
import { parseCertificates } from './signing-keys.js';
import { type ExpectedResponse, type ResponseAnswer, verifyResponse } from './verify-response.js';
import { parseBase64 } from './xml.js';

const CLOCK_SKEW_MS = 60_000;
/** For all requests of an examination, in milliseconds: an administrator waits for the answer. */
const DEADLINE_MS = 5_000;
/** `<transaction>.<secret>`, below the 80 bytes of SAML bindings, section 3.4.3. An IdP's own RelayState looks different. */
const RELAY_STATE = /^([A-Za-z0-9]{16})\.[A-Za-z0-9_-]{43}$/;

export interface SamlConnectorSettings {
  /** From createOutboundFetch. No other fetch may be given, because customers configure the connections. */
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Host of this server; a part of our name at an IdP. */
  readonly tenant: string;
  readonly keys: ServiceProviderKeyStore;
  readonly warn: WarnOfCertificate;
}

/** The address to which a browser brings an answer of this connection. */
const acsUrlOf = (redirectUri: string, { name }: Connection): string =>
  `${redirectUri}?connection=${encodeURIComponent(name)}`;

interface Asked {
  readonly relayState: string;
  readonly requestId: string;
}

function readAsked({ relayState, requestId }: Remembered): Asked | undefined {
  return typeof relayState === 'string' && typeof requestId === 'string' ? { relayState, requestId } : undefined;
}

/** Stops login CSRF: an answer to a login that this browser did not begin. Checked first, before anything is parsed. */
function checkRelayState({ relayState }: Asked, given: string | undefined): ConnectorFailure | undefined {
  if (given !== undefined && secretsEqual(given, relayState)) return undefined;
  const detail = given === undefined ? 'RelayState is missing' : 'RelayState is not the one that was sent';
  return fail('invalid', 'callback.state', detail);
}

/** The posted response. Another binding is not spoken: an address is kept in logs and histories. */
function findResponse({ method, parameters }: CallbackInput): string | ConnectorFailure {
  const response = parameters.SAMLResponse;
  const no = (detail: string) => fail('invalid', 'callback.response', detail);
  if (method !== 'POST') return no('it must be posted');
  if (response === undefined) return no('SAMLResponse is missing');
  return parseBase64(response) === undefined ? no('SAMLResponse is not base64') : response;
}

/** What the examination tells the administrator. */
function toFinding({ description }: SamlIdp): ProviderFinding {
  const { entityId, signIn, signOut, certificates } = description;
  const usable = parseCertificates(certificates);
  const ends = usable.map(({ certificate }) => new Date(certificate.validTo).getTime());
  const signInEndpoint = signIn[REDIRECT_BINDING] ?? signIn[POST_BINDING];
  const signOutEndpoint = signOut[REDIRECT_BINDING] ?? signOut[POST_BINDING];
  return {
    ok: true,
    issuer: entityId,
    endpoints: {
      ...(signInEndpoint !== undefined && { signInEndpoint }),
      ...(signOutEndpoint !== undefined && { signOutEndpoint }),
      certificate_expires: new Date(Math.max(...ends)).toISOString(),
    },
    signingKeys: usable.length,
  };
}

/** A connector for `samlp`; it is also the service provider that an IdP sees. */
export function createSamlConnector(parts: SamlConnectorSettings): RedirectConnector & ServiceProvider {
  const { clock, entropy, tenant, fetch } = parts;
  const idps = createSamlIdps({ ...parts, breaker: createBreaker({ clock }) });
  const ownKey = createOwnKey(parts.keys, tenant, clock, entropy);
  const entityIdOf = (connection: Connection, { entityId }: SamlSettings) =>
    entityId ?? `urn:auth0:${tenant}:${connection.name}`;

  async function toExpected(
    connection: Connection,
    { settings, description }: SamlIdp,
    redirectUri: string,
    requestId: string | undefined,
  ): Promise<ExpectedResponse> {
    const own = await ownKey.find();
    return {
      idpEntityId: description.entityId,
      certificates: description.certificates,
      audience: entityIdOf(connection, settings),
      acsUrl: acsUrlOf(redirectUri, connection),
      requestId,
      decryptionKeys: [settings.decryptionKey, own].flatMap((pair) => (pair === undefined ? [] : [pair.key])),
      allowSha1: settings.allowSha1,
      clockSkewMs: CLOCK_SKEW_MS,
      now: clock.now(),
    };
  }

  /** Verifies; an unknown certificate has the metadata fetched once more, as the IdP may have begun to sign with a new one. */
  async function verify(
    connection: Connection,
    redirectUri: string,
    requestId: string | undefined,
    input: CallbackInput,
  ): Promise<{ readonly idp: SamlIdp; readonly answer: ResponseAnswer } | ConnectorFailure> {
    const response = findResponse(input);
    if (isFailure(response)) return response;
    const idp = await idps.get(connection);
    if (isFailure(idp)) return idp;
    const answer = await verifyResponse(response, await toExpected(connection, idp, redirectUri, requestId));
    if (answer.ok || !answer.check.startsWith('saml.certificate')) return { idp, answer };
    const newer = await idps.refresh(connection);
    if (newer === undefined) return { idp, answer };
    const again = await toExpected(connection, newer, redirectUri, requestId);
    return { idp: newer, answer: await verifyResponse(response, again) };
  }

  async function signingOf(settings: SamlSettings): Promise<{
    pair: KeyPair;
    signatureAlgorithm: SamlSettings['signatureAlgorithm'];
    digestAlgorithm: SamlSettings['digestAlgorithm'];
  }> {
    const { signatureAlgorithm, digestAlgorithm } = settings;
    return { pair: settings.signingKey ?? (await ownKey.ensure()), signatureAlgorithm, digestAlgorithm };
  }

  async function start(
    connection: Connection,
    { transactionId, redirectUri }: RedirectWay,
    options: RedirectStartOptions,
  ): Promise<RedirectStart | ConnectorFailure> {
    const idp = await idps.get(connection);
    if (isFailure(idp)) return idp;
    const { settings, description } = idp;
    const wanted = settings.binding ?? REDIRECT_BINDING;
    const binding = description.signIn[wanted] === undefined ? otherOf(wanted) : wanted;
    const address = description.signIn[binding] ?? '';
    const asked: Asked = {
      relayState: `${transactionId}.${newSecret(entropy)}`,
      requestId: `_${entropy.bytes(20).toString('hex')}`,
    };
    const xml = toAuthnRequest(
      { id: asked.requestId, now: clock.now(), destination: address, issuer: entityIdOf(connection, settings) },
      {
        acsUrl: acsUrlOf(redirectUri, connection),
        anew: options.prompt?.includes('login') === true || options.maxAge !== undefined,
      },
    );
    const signing = signsRequests(settings.signRequest, description) ? await signingOf(settings) : undefined;
    const travelling = { xml, relayState: asked.relayState, signing };
    const remember = { ...asked };
    return binding === POST_BINDING
      ? { ok: true, url: address, post: toPost(travelling), remember }
      : { ok: true, url: toRedirect(address, travelling), remember };
  }

  return {
    shape: 'redirect',
    start,
    findTransaction(field) {
      return RELAY_STATE.exec(field('RelayState') ?? '')?.[1];
    },
    async finish(connection, remembered, redirectUri, input) {
      const asked = readAsked(remembered);
      if (asked === undefined) return fail('invalid', 'callback.state', 'nothing of this login was remembered');
      const foreign = checkRelayState(asked, input.parameters.RelayState);
      if (foreign) return foreign;
      const verified = await verify(connection, redirectUri, asked.requestId, input);
      if (isFailure(verified)) return verified;
      const { idp, answer } = verified;
      if (!answer.ok) return answer.reason === 'denied' ? fail('denied', 'idp.error', answer.detail) : answer;
      const identity = toSamlIdentity(connection.id, answer.assertion, idp.settings);
      return isFailure(identity) ? identity : { ok: true, identity };
    },
    async examine(connection) {
      const idp = await loadIdp(connection, fetch, clock.now(), AbortSignal.timeout(DEADLINE_MS));
      if (isFailure(idp)) return idp;
      // Made here, by an administrator's request: a login finds it, and writes nothing.
      await ownKey.ensure();
      return toFinding(idp);
    },
    async toMetadata(connection, redirectUri) {
      const settings = parseSamlSettings(connection);
      const own = await ownKey.ensure();
      const chosen = isFailure(settings) ? undefined : settings;
      return toOwnMetadata({
        entityId: chosen?.entityId ?? `urn:auth0:${tenant}:${connection.name}`,
        acsUrl: acsUrlOf(redirectUri, connection),
        signsRequests: chosen?.signRequest ?? false,
        signingCertificates: [chosen?.signingKey?.cert ?? own.cert ?? ''],
        encryptionCertificates: [...new Set([chosen?.decryptionKey?.cert ?? own.cert ?? ''])],
      });
    },
    async finishUnsolicited(connection, redirectUri, input): Promise<Unsolicited | ConnectorFailure> {
      const goal = findIdpInitiated(connection);
      if (isFailure(goal)) return goal;
      const verified = await verify(connection, redirectUri, undefined, input);
      if (isFailure(verified)) return verified;
      const { idp, answer } = verified;
      if (!answer.ok) return answer;
      const identity = toSamlIdentity(connection.id, answer.assertion, idp.settings);
      if (isFailure(identity)) return identity;
      return { ok: true, identity, ...goal };
    },
  };
}

const otherOf = (binding: string): string => (binding === POST_BINDING ? REDIRECT_BINDING : POST_BINDING);
