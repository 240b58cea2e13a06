/**
 * Verifies a posted SAML response against the identity provider's current metadata. Knows no login: the caller has
 * compared the RelayState.
 */
import { type Connection, usualEntityId } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import type { CallbackInput, ConnectorFailure } from '../../ports/connector.js';
import { fail, isFailure } from '../oidc/failure.js';
import type { SamlIdp, SamlIdps } from './idp.js';
import type { OwnKey } from './own-key.js';
import type { SamlSettings } from './settings.js';
import { type ExpectedResponse, type ResponseAnswer, verifyResponse } from './verify-response.js';
import { parseBase64 } from './xml.js';

/** Tolerated difference between the clocks, in milliseconds. */
export const CLOCK_SKEW_MS = 60_000;

/** The functions and settings that verifying any posted answer needs. */
export interface SamlGround {
  readonly clock: Clock;
  readonly tenant: string;
  readonly idps: SamlIdps;
  readonly ownKey: OwnKey;
}

/** Returns the address to which browsers post answers of this connection. */
export function acsUrlOf(redirectUri: string, { name }: Connection): string {
  return `${redirectUri}?connection=${encodeURIComponent(name)}`;
}

/** Returns our entity id at the identity provider of a connection (Auth0's form). */
export function entityIdOf(tenant: string, { name }: Connection, settings: Pick<SamlSettings, 'entityId'>): string {
  return settings.entityId ?? usualEntityId(tenant, name);
}

/** Returns the posted response. Other bindings are refused: an address is stored in logs and histories. */
function findResponse({ method, parameters }: CallbackInput): string | ConnectorFailure {
  const response = parameters.SAMLResponse;
  const no = (detail: string) => fail('invalid', 'callback.response', detail);
  if (method !== 'POST') return no('it must be posted');
  if (response === undefined) return no('SAMLResponse is missing');
  return parseBase64(response) === undefined ? no('SAMLResponse is not base64') : response;
}

interface Question {
  readonly connection: Connection;
  readonly redirectUri: string;
  /** Id of the request that is answered; undefined for an unsolicited answer. */
  readonly requestId: string | undefined;
}

async function toExpected(
  { clock, tenant, ownKey }: SamlGround,
  { settings, description }: SamlIdp,
  { connection, redirectUri, requestId }: Question,
): Promise<ExpectedResponse> {
  const own = await ownKey.find();
  return {
    idpEntityId: description.entityId,
    certificates: description.certificates,
    audience: entityIdOf(tenant, connection, settings),
    acsUrl: acsUrlOf(redirectUri, connection),
    requestId,
    decryptionKeys: [settings.decryptionKey, own].flatMap((pair) => (pair === undefined ? [] : [pair.key])),
    allowSha1: settings.allowSha1,
    clockSkewMs: CLOCK_SKEW_MS,
    now: clock.now(),
  };
}

/**
 * Verifies a posted response. An unknown certificate causes one more fetch of the metadata, since the identity provider
 * may have rotated its key.
 */
export async function verifyPosted(
  ground: SamlGround,
  question: Question,
  input: CallbackInput,
): Promise<{ readonly idp: SamlIdp; readonly answer: ResponseAnswer } | ConnectorFailure> {
  const response = findResponse(input);
  if (isFailure(response)) return response;
  const idp = await ground.idps.get(question.connection);
  if (isFailure(idp)) return idp;
  const answer = await verifyResponse(response, await toExpected(ground, idp, question));
  if (answer.ok || !answer.check.startsWith('saml.certificate')) return { idp, answer };
  const newer = await ground.idps.refresh(question.connection);
  if (newer === undefined) return { idp, answer };
  return { idp: newer, answer: await verifyResponse(response, await toExpected(ground, newer, question)) };
}
