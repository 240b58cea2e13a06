/**
 * Sign-in at a SAML 2.0 identity provider: strategy `samlp`. Proves an identity only: it knows no users and writes
 * nothing. RelayState is only a login's id, never a URL to redirect to. Every answer of an IdP becomes a value, never
 * an exception.
 */
import type { Connection } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, newSecret, secretsEqual } from '../../kernel/ids.js';
import type {
  CallbackInput,
  ConnectorAnswer,
  ConnectorFailure,
  ProviderFinding,
  RedirectConnector,
  RedirectStart,
  RedirectStartOptions,
  RedirectWay,
  Remembered,
} from '../../ports/connector.js';
import type { ServiceProvider, ServiceProviderKeyStore, Unsolicited } from '../../ports/service-provider.js';
import type { SingleLogout } from '../../ports/single-logout.js';
import { createBreaker } from '../breaker.js';
import { fail, isFailure } from '../oidc/failure.js';
import type { OutboundFetch } from '../outbound/fetch.js';
import { fillUpstream } from '../upstream-params.js';
import { examineIdp } from './examine.js';
import { toSamlIdentity } from './identity.js';
import { createSamlIdps, type SamlIdp, type WarnOfCertificate } from './idp.js';
import { findIdpInitiated } from './idp-initiated.js';
import { POST_BINDING, REDIRECT_BINDING } from './idp-metadata.js';
import { createSamlLogout, signingOf } from './logout.js';
import { toAuthnRequest, toPost, toRedirect } from './messages.js';
import { createOwnKey } from './own-key.js';
import { signsRequests, toOwnMetadata } from './own-metadata.js';
import { acsUrlOf, entityIdOf, type SamlGround, verifyPosted } from './posted.js';
import { findSamlTransaction } from './relay-state.js';
import { parseSamlSettings } from './settings.js';

export interface SamlConnectorSettings {
  /** Sends requests to IdPs. Must come from createOutboundFetch, because customers configure the connections. */
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Host of this server, which is part of its entity id. */
  readonly tenant: string;
  readonly keys: ServiceProviderKeyStore;
  readonly warn: WarnOfCertificate;
}

interface Asked {
  readonly relayState: string;
  readonly requestId: string;
}

function readAsked({ relayState, requestId }: Remembered): Asked | undefined {
  return typeof relayState === 'string' && typeof requestId === 'string' ? { relayState, requestId } : undefined;
}

/** Attack: login CSRF, an answer to a login that this browser did not begin. Checked before anything is parsed. */
function checkRelayState({ relayState }: Asked, given: string | undefined): ConnectorFailure | undefined {
  if (given !== undefined && secretsEqual(given, relayState)) return undefined;
  const detail = given === undefined ? 'RelayState is missing' : 'RelayState is not the one that was sent';
  return fail('invalid', 'callback.state', detail);
}

interface Ground extends SamlGround {
  readonly entropy: Entropy;
  readonly fetch: OutboundFetch;
}

/** Returns the configured binding and its address, or the other binding if the IdP has no address for it. */
function chooseAddress({ settings, description }: SamlIdp): { binding: string; address: string } {
  const wanted = settings.binding ?? REDIRECT_BINDING;
  const other = wanted === POST_BINDING ? REDIRECT_BINDING : POST_BINDING;
  const binding = description.signIn[wanted] === undefined ? other : wanted;
  return { binding, address: description.signIn[binding] ?? '' };
}

/**
 * The protocol's own parameters (SAML bindings, sections 3.4 and 3.5). If one of them occurred twice, the IdP could
 * read either.
 */
const OWN = new Set(['samlrequest', 'samlresponse', 'relaystate', 'sigalg', 'signature', 'samlencoding', 'samlart']);

/**
 * Adds the connection's own parameters to an address, before all others: a redirect's signature covers the end of the
 * query.
 */
function withUpstream(address: string, parameters: Readonly<Record<string, string>>): string {
  const allowed = Object.entries(parameters).filter(([name]) => !OWN.has(name.toLowerCase()));
  if (allowed.length === 0) return address;
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(allowed)}`;
}

async function start(
  ground: Ground,
  connection: Connection,
  { transactionId, redirectUri }: RedirectWay,
  options: RedirectStartOptions,
): Promise<RedirectStart | ConnectorFailure> {
  const { clock, entropy, tenant } = ground;
  const idp = await ground.idps.get(connection);
  if (isFailure(idp)) return idp;
  const { settings, description } = idp;
  const { binding, address } = chooseAddress(idp);
  const asked: Asked = {
    relayState: `${transactionId}.${newSecret(entropy)}`,
    requestId: `_${entropy.bytes(20).toString('hex')}`,
  };
  const issuer = entityIdOf(tenant, connection, settings);
  const header = { id: asked.requestId, now: clock.now(), destination: address, issuer };
  const anew = options.prompt?.includes('login') === true || options.maxAge !== undefined;
  const xml = toAuthnRequest(header, { acsUrl: acsUrlOf(redirectUri, connection), anew });
  const signing = signsRequests(settings.signRequest, description) ? await signingOf(ground, settings) : undefined;
  const place = withUpstream(address, fillUpstream(settings.upstream, options));
  const travelling = { xml, relayState: asked.relayState, signing };
  const remember = { ...asked };
  return binding === POST_BINDING
    ? { ok: true, url: place, post: toPost(travelling), remember }
    : { ok: true, url: toRedirect(place, travelling), remember };
}

async function finish(
  ground: Ground,
  connection: Connection,
  remembered: Remembered,
  redirectUri: string,
  input: CallbackInput,
): Promise<ConnectorAnswer> {
  const asked = readAsked(remembered);
  if (asked === undefined) return fail('invalid', 'callback.state', 'nothing of this login was remembered');
  const foreign = checkRelayState(asked, input.parameters.RelayState);
  if (foreign) return foreign;
  const question = { connection, redirectUri, requestId: asked.requestId };
  const verified = await verifyPosted(ground, question, input);
  if (isFailure(verified)) return verified;
  const { idp, answer } = verified;
  if (!answer.ok) return answer.reason === 'denied' ? fail('denied', 'idp.error', answer.detail) : answer;
  const identity = toSamlIdentity(connection.id, answer.assertion, idp.settings);
  return isFailure(identity) ? identity : { ok: true, identity };
}

async function finishUnsolicited(
  ground: Ground,
  connection: Connection,
  redirectUri: string,
  input: CallbackInput,
): Promise<Unsolicited | ConnectorFailure> {
  const goal = findIdpInitiated(connection);
  if (isFailure(goal)) return goal;
  const verified = await verifyPosted(ground, { connection, redirectUri, requestId: undefined }, input);
  if (isFailure(verified)) return verified;
  const { idp, answer } = verified;
  if (!answer.ok) return answer;
  const identity = toSamlIdentity(connection.id, answer.assertion, idp.settings);
  return isFailure(identity) ? identity : { ok: true, ...goal };
}

async function examine({ ownKey, fetch, clock }: Ground, connection: Connection): Promise<ProviderFinding> {
  const finding = await examineIdp(connection, fetch, clock.now());
  // Creates the key here, by an administrator's request, so that no login has to write it.
  if (finding.ok) await ownKey.ensure();
  return finding;
}

/** Writes our metadata. Works before the connection has the IdP's metadata: usually the IdP needs ours first. */
async function toMetadata({ ownKey, tenant }: Ground, connection: Connection, redirectUri: string): Promise<string> {
  const own = await ownKey.ensure();
  const settings = parseSamlSettings(connection);
  const chosen = isFailure(settings) ? undefined : settings;
  return toOwnMetadata({
    entityId: entityIdOf(tenant, connection, { entityId: chosen?.entityId }),
    acsUrl: acsUrlOf(redirectUri, connection),
    logoutUrl: new URL('/logout', redirectUri).href,
    signsRequests: chosen?.signRequest ?? false,
    signingCertificates: [chosen?.signingKey?.cert ?? own.cert ?? ''],
    nameIdFormat: chosen?.nameIdFormat,
    encryptionCertificates: [chosen?.decryptionKey?.cert ?? own.cert ?? ''],
  });
}

/** Creates the connector for `samlp`, which is also the service provider that an IdP sees. */
export function createSamlConnector(parts: SamlConnectorSettings): RedirectConnector & ServiceProvider & SingleLogout {
  const { clock, entropy, tenant, fetch, keys } = parts;
  const idps = createSamlIdps({ ...parts, breaker: createBreaker({ clock }) });
  const ground: Ground = { clock, entropy, tenant, fetch, idps, ownKey: createOwnKey(keys, tenant, clock, entropy) };
  return {
    ...createSamlLogout(ground),
    shape: 'redirect',
    start: (connection, way, options) => start(ground, connection, way, options),
    findTransaction: findSamlTransaction,
    finish: (connection, remembered, redirectUri, input) => finish(ground, connection, remembered, redirectUri, input),
    examine: (connection) => examine(ground, connection),
    toMetadata: (connection, redirectUri) => toMetadata(ground, connection, redirectUri),
    finishUnsolicited: (connection, redirectUri, input) => finishUnsolicited(ground, connection, redirectUri, input),
  };
}
