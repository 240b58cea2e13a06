/**
 * `/connections/{id}/scim-configuration/tokens`: the credentials with which a company's directory calls SCIM. Each is
 * shown once and stored as a hash. There may be two, so that one can replace the other without an interruption.
 */
import { addSeconds } from '../../kernel/clock.js';
import { hashSecret, newHexSecret, newId } from '../../kernel/ids.js';
import type { ScimToken } from '../../ports/directory/scim.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, viewOf } from '../api/wire.js';
import { getScimConfiguration, noScimConfiguration } from './connection-of-path.js';

export interface TokenBody {
  readonly scopes?: readonly string[];
  readonly token_lifetime?: number | null;
}

const PATH = '/connections/{id}/scim-configuration/tokens';
const MAX_TOKENS = 2;
const MIN_LIFETIME_SECONDS = 900;
/** Longest lifetime of a token in seconds: thirty years. A longer one would be a mistake. */
const MAX_LIFETIME_SECONDS = 946_080_000;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const DEFAULT_SCOPES = METHODS.map((method) => `${method}:users`);
/** All scopes of a SCIM token, including those for groups, which a token gets only on request. */
export const ALL_SCIM_SCOPES: readonly string[] = [...DEFAULT_SCOPES, ...METHODS.map((method) => `${method}:groups`)];

interface Issued {
  readonly token: ScimToken;
  readonly secret: string;
}

const ALWAYS = {
  token_id: ['string', ({ token }: Pick<Issued, 'token'>) => token.id],
  scopes: [listOf('string'), ({ token }: Pick<Issued, 'token'>) => token.scopes],
  created_at: ['string', ({ token }: Pick<Issued, 'token'>) => token.createdAt.toISOString()],
} as const;
const SOMETIMES = {
  'valid_until?': ['string', ({ token }: Pick<Issued, 'token'>) => token.expiresAt?.toISOString()],
  'last_used_at?': ['string', ({ token }: Pick<Issued, 'token'>) => token.lastUsedAt?.toISOString()],
} as const;
const LISTED = viewOf<Pick<Issued, 'token'>>({ ...ALWAYS, ...SOMETIMES });
/** Shows a token in a list: without its secret, which is not stored. */
export const toListedToken = (token: ScimToken) => LISTED.show({ token });

/** The answer to the creation of a token. It is the only answer that has the token. */
const ISSUED = viewOf<Issued>({ ...ALWAYS, token: ['string', ({ secret }) => secret], ...SOMETIMES });

/** Returns the scopes and the lifetime (in seconds) that a request asks for. Throws 400. */
export function parseTokenTerms(body: TokenBody): { scopes: readonly string[]; lifetimeSeconds: number | undefined } {
  const scopes = [...new Set(body.scopes ?? DEFAULT_SCOPES)];
  const unknown = scopes.find((scope) => !ALL_SCIM_SCOPES.includes(scope));
  if (unknown !== undefined) throw badBody(`Payload validation error: 'No enum match for: ${unknown.slice(0, 100)}'.`);
  const lifetime = body.token_lifetime ?? undefined;
  if (lifetime !== undefined && (lifetime < MIN_LIFETIME_SECONDS || lifetime > MAX_LIFETIME_SECONDS)) {
    const limit =
      lifetime < MIN_LIFETIME_SECONDS ? `less than minimum ${MIN_LIFETIME_SECONDS}` : 'greater than maximum';
    throw badBody(`Payload validation error: 'Value ${lifetime} is ${limit}' on property token_lifetime.`);
  }
  return { scopes, lifetimeSeconds: lifetime };
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const { scopes, lifetimeSeconds } = parseTokenTerms(call.body as TokenBody);
  const { connectionId } = await getScimConfiguration(call);
  const { scim } = call.directory;
  // Locked: otherwise two concurrent requests could create a third token.
  if ((await scim.findConfigurationForUpdate(connectionId)) === undefined) throw noScimConfiguration();
  await scim.deleteExpiredTokens(connectionId, call.now);
  if ((await scim.listTokens(connectionId)).length >= MAX_TOKENS)
    throw conflict('Maximum of 2 tokens already issued for this connection');
  const token: ScimToken = {
    connectionId,
    id: newId(deps.entropy, 'tok'),
    scopes,
    createdAt: call.now,
    expiresAt: lifetimeSeconds === undefined ? undefined : addSeconds(call.now, lifetimeSeconds),
    lastUsedAt: undefined,
  };
  const secret = `${token.id}.${newHexSecret(deps.entropy)}`;
  await scim.createToken(token, hashSecret(secret));
  return { body: ISSUED.show({ token, secret }), log: { details: { token_id: token.id } } };
}

/** Returns the operations on the tokens of a connection's SCIM. */
export function scimTokenOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: PATH,
      summary: 'List the SCIM tokens of a connection',
      reply: listOf(LISTED.schema),
      refusals: [404],
      async run(call) {
        const { connectionId } = await getScimConfiguration(call);
        return { body: (await call.directory.scim.listTokens(connectionId)).map(toListedToken) };
      },
    },
    {
      method: 'post',
      path: PATH,
      summary: 'Issue a SCIM token for a connection',
      status: 201,
      reply: ISSUED.schema,
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'delete',
      path: `${PATH}/{tokenId}`,
      summary: 'Revoke a SCIM token of a connection',
      refusals: [404],
      async run(call) {
        const { connectionId } = await getScimConfiguration(call);
        const deleted = await call.directory.scim.deleteToken(connectionId, call.params.tokenId ?? '');
        if (!deleted) throw notFound('The token does not exist.');
        return {};
      },
    },
  ];
}
