/**
 * Single logout at a SAML identity provider, in both directions: our request and the IdP's answer, the IdP's request
 * and our answer. All our messages are signed. Revokes no session and knows no browser.
 */
import type { IdpSession } from '../../domain/people/account.js';
import type { Connection } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { LogoutInput, LogoutLetter, LogoutRequest, LogoutStart, SingleLogout } from '../../ports/single-logout.js';
import { fail, isFailure } from '../oidc/failure.js';
import type { SamlIdp, SamlIdps } from './idp.js';
import { POST_BINDING, REDIRECT_BINDING } from './idp-metadata.js';
import { readCarried } from './logout-carried.js';
import { type ExpectedLogout, verifyLogoutRequest, verifyLogoutResponse } from './logout-message.js';
import { type MessageSigning, toLogoutRequest, toLogoutResponse, toPost, toRedirect } from './messages.js';
import type { OwnKey } from './own-key.js';
import { CLOCK_SKEW_MS, entityIdOf } from './posted.js';
import type { SamlSettings } from './settings.js';
import { ASSERTION, findOnly, textOf } from './xml.js';

/** Validity of a logout request: the person's browser brings it to the IdP at once. */
const LIFETIME_MS = 5 * 60_000;

interface LogoutGround {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly tenant: string;
  readonly idps: SamlIdps;
  readonly ownKey: OwnKey;
}

/** Returns the key and the methods with which our requests and answers are signed. */
export async function signingOf(
  { ownKey }: Pick<LogoutGround, 'ownKey'>,
  settings: SamlSettings,
): Promise<MessageSigning> {
  const { signatureAlgorithm, digestAlgorithm, signingKey } = settings;
  return { pair: signingKey ?? (await ownKey.ensure()), signatureAlgorithm, digestAlgorithm };
}

const newMessageId = (entropy: Entropy): string => `_${entropy.bytes(20).toString('hex')}`;

/**
 * Returns the configured binding if the IdP has an address for it, else the other binding; undefined where the IdP has
 * neither.
 */
function chooseAddress(
  addresses: SamlIdp['description']['signOut'],
  { binding }: SamlSettings,
): { binding: string; address: string } | undefined {
  const wanted = binding ?? REDIRECT_BINDING;
  for (const one of [wanted, POST_BINDING, REDIRECT_BINDING]) {
    const address = addresses[one];
    if (address !== undefined) return { binding: one, address };
  }
  return undefined;
}

type Message = Parameters<typeof toPost>[0];

const toLetter = (binding: string, address: string, message: Message): LogoutLetter =>
  binding === POST_BINDING ? { url: address, post: toPost(message) } : { url: toRedirect(address, message) };

async function startLogout(
  ground: LogoutGround,
  connection: Connection,
  session: IdpSession,
): Promise<LogoutStart | undefined | ConnectorFailure> {
  const { clock, entropy, tenant } = ground;
  const idp = await ground.idps.get(connection);
  if (isFailure(idp)) return idp;
  const { settings, description } = idp;
  const to = settings.signsOut ? chooseAddress(description.signOut, settings) : undefined;
  if (to === undefined) return undefined;
  const requestId = newMessageId(entropy);
  const now = clock.now();
  const issuer = entityIdOf(tenant, connection, settings);
  const header = { id: requestId, now, destination: to.address, issuer };
  const xml = toLogoutRequest(header, session, new Date(now.getTime() + LIFETIME_MS));
  const signing = await signingOf(ground, settings);
  // Sends no RelayState: the id of the request and the browser's own cookie say where to continue.
  return { ok: true, ...toLetter(to.binding, to.address, { xml, signing }), remember: { requestId } };
}

function toExpected({ clock }: LogoutGround, { settings, description }: SamlIdp, logoutUrl: string): ExpectedLogout {
  return {
    idpEntityId: description.entityId,
    certificates: description.certificates,
    logoutUrl,
    allowSha1: settings.allowSha1,
    clockSkewMs: CLOCK_SKEW_MS,
    now: clock.now(),
  };
}

/**
 * Runs `check`, and once more with newer metadata if an unknown certificate signed: the IdP may have rotated its key.
 */
async function verifyWithNewest<T>(
  ground: LogoutGround,
  connection: Connection,
  logoutUrl: string,
  check: (expected: ExpectedLogout) => Promise<T | ConnectorFailure>,
): Promise<T | ConnectorFailure> {
  const idp = await ground.idps.get(connection);
  if (isFailure(idp)) return idp;
  const answer = await check(toExpected(ground, idp, logoutUrl));
  if (!isFailure(answer) || !answer.check.startsWith('saml.certificate')) return answer;
  const newer = await ground.idps.refresh(connection);
  return newer === undefined ? answer : check(toExpected(ground, newer, logoutUrl));
}

async function answerLogout(
  ground: LogoutGround,
  connection: Connection,
  { id, relayState }: LogoutRequest,
): Promise<LogoutLetter | undefined> {
  const { clock, entropy, tenant } = ground;
  const idp = await ground.idps.get(connection);
  if (isFailure(idp)) return undefined;
  const { settings, description } = idp;
  const to = chooseAddress(description.signOutAnswers, settings);
  if (to === undefined) return undefined;
  const issuer = entityIdOf(tenant, connection, settings);
  const header = { id: newMessageId(entropy), now: clock.now(), destination: to.address, issuer };
  const xml = toLogoutResponse(header, id);
  const signing = await signingOf(ground, settings);
  return toLetter(to.binding, to.address, { kind: 'SAMLResponse', xml, relayState, signing });
}

/** Returns the issuer that an IdP's request names. It proves nothing and only selects the connections to check. */
export function findLogoutIssuer(input: LogoutInput): string | undefined {
  const carried = readCarried(input);
  if (isFailure(carried) || carried.kind !== 'request') return undefined;
  return textOf(findOnly(carried.document.root, ASSERTION, 'Issuer'));
}

/** Creates single logout over the identity providers and the key of the sign-in. */
export function createSamlLogout(ground: LogoutGround): SingleLogout {
  return {
    startLogout: (connection, session) => startLogout(ground, connection, session),
    async finishLogout(connection, { requestId }, logoutUrl, input) {
      if (typeof requestId !== 'string') return fail('invalid', 'saml.in_response_to', 'nothing was asked');
      return verifyWithNewest(ground, connection, logoutUrl, (expected) =>
        verifyLogoutResponse(input, requestId, expected),
      );
    },
    readLogoutRequest: (connection, logoutUrl, input) =>
      verifyWithNewest(ground, connection, logoutUrl, (expected) => verifyLogoutRequest(input, expected)),
    answerLogout: (connection, request) => answerLogout(ground, connection, request),
  };
}
