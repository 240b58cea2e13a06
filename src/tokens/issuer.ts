/**
 * The content of tokens, and the checks that accept this server's own. Claims have Auth0's names. In Auth0's default
 * profile both kinds have `typ: JWT` (many API libraries refuse `at+jwt`), so their content distinguishes them: an
 * access token always has `azp`, an ID token never does. An API may use the form of RFC 9068: `typ: at+jwt`, with
 * `client_id` in place of `azp`. A person's access token for /userinfo alone is opaque: encrypted, not signed (ADR 0112).
 * Never accepts one kind for another.
 */
import type { JsonObject } from '../domain/actions/action.js';
import { isReservedClaim } from '../domain/actions/reserved-claims.js';
import { MULTI_FACTOR } from '../domain/factors/factor.js';
import { shownProfile } from '../domain/people/shown-profile.js';
import { type Clock, toNumericDate } from '../kernel/clock.js';
import type { Entropy } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import {
  type AccessTokenRequest,
  type IdTokenRequest,
  MAX_ACCESS_TOKEN_CHARACTERS,
  type TokenIssuer,
  type TokenOrganization,
  type TokenUser,
  type UnsignedToken,
} from '../ports/token-issuer.js';
import { type Claims, openJwt, prepareJwt, signJwt } from './jwt.js';
import { openAccessToken, sealAccessToken } from './opaque.js';
import type { KeyRing } from './signing-keys.js';

/** Value of the claim `gty` in the tokens of machines, as on Auth0. */
const MACHINE_GRANT = 'client-credentials';

/**
 * Maximum number of characters of an ID token that is accepted as a hint; no ID token of this server is longer. Actions
 * may add claims of 102,400 characters, which take several bytes each in some languages.
 */
const MAX_HINT_CHARACTERS = 524_288;

/** Lifetime of a logout token: two minutes at most (Back-Channel Logout 1.0, section 2.4). Each try signs a new one. */
const LOGOUT_TOKEN_SECONDS = 120;

export interface IssuerDependencies {
  /** Origin without a trailing slash; the issuer is this plus `/`. */
  readonly origin: string;
  readonly ring: KeyRing;
  /** Encrypts opaque access tokens; must have the purpose `access-tokens`. */
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

function organizationClaims(organization: TokenOrganization | undefined): Claims {
  if (organization === undefined) return {};
  return { org_id: organization.id, ...(organization.name === undefined ? {} : { org_name: organization.name }) };
}

/**
 * Returns the claims from Actions without reserved names. The token's own claims override them, but a token does not
 * have every reserved claim, so reserved names are left out as well. Attack: an Action's process, which is not trusted,
 * forges `org_id` in a login without an organization.
 */
function customClaims({ customClaims: claims }: { readonly customClaims?: JsonObject }): Claims {
  return Object.fromEntries(Object.entries(claims ?? {}).filter(([name]) => !isReservedClaim(name)));
}

/** Returns the person's claims. Leaves out unknown ones, so that an Action's claim with the same name is kept. */
function userClaims(user: TokenUser, scope: string): Claims {
  const scopes = scope.split(' ');
  const profile = shownProfile(user);
  const claims = {
    ...(scopes.includes('profile') && {
      nickname: profile.nickname,
      name: profile.name,
      given_name: profile.givenName,
      family_name: profile.familyName,
      picture: profile.picture,
      updated_at: user.updatedAt.toISOString(),
    }),
    ...(scopes.includes('email') &&
      user.email !== undefined && { email: user.email, email_verified: user.emailVerified }),
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

function idTokenClaims(request: IdTokenRequest, issuer: string, now: number): Claims {
  return {
    ...customClaims(request),
    ...userClaims(request.user, request.scope),
    ...organizationClaims(request.organization),
    iss: issuer,
    sub: request.user.userId,
    aud: request.clientId,
    iat: now,
    exp: now + request.lifetimeSeconds,
    auth_time: toNumericDate(request.authenticatedAt),
    nonce: request.nonce,
    sid: request.sessionId,
    ...(request.factorPassed && { amr: ['mfa'], acr: MULTI_FACTOR }),
  };
}

/**
 * Returns the claim `aud`. With the scope `openid`, a person's token for an API is also valid for /userinfo (Auth0:
 * "access token with custom audience").
 */
function audienceClaim(request: AccessTokenRequest, userinfo: string): string | readonly string[] {
  if (request.audience === undefined || request.audience === userinfo) return userinfo;
  const opensUserinfo = request.userId !== undefined && request.scope.split(' ').includes('openid');
  return opensUserinfo ? [request.audience, userinfo] : request.audience;
}

/**
 * Returns the claims about the application, in Auth0's form (with `gty` for machines) or that of RFC 9068
 * (https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles).
 */
function applicationClaims({ clientId, userId, profile }: AccessTokenRequest): Claims {
  if (profile === 'rfc9068') return { client_id: clientId };
  return { gty: userId === undefined ? MACHINE_GRANT : undefined, azp: clientId };
}

const kindOf = ({ profile }: AccessTokenRequest) => (profile === 'rfc9068' ? 'at+jwt' : 'JWT');

/** True when the audience contains `wanted` (RFC 7519 section 4.1.3): an exact, case-sensitive comparison. */
function names(audience: unknown, wanted: string): boolean {
  return Array.isArray(audience) ? audience.includes(wanted) : audience === wanted;
}

/** Returns a JWT for an API or a machine; for a person's token at /userinfo alone, an opaque one. */
async function prepare(
  { ring, box }: IssuerDependencies,
  request: AccessTokenRequest,
  { claims, userinfo }: { readonly claims: Claims; readonly userinfo: string },
): Promise<UnsignedToken> {
  if (request.userId === undefined || claims.aud !== userinfo)
    return prepareJwt(ring, { ...customClaims(request), ...claims }, kindOf(request));
  // Only this server reads the token, so it needs no signature. Claims from Actions are left out: no application sees them.
  const value = sealAccessToken(box, claims);
  return { characters: value.length, sign: async () => value };
}

/** Creates the token issuer, which signs and verifies with the keys of `ring`. */
export function createTokenIssuer(dependencies: IssuerDependencies): TokenIssuer {
  const { origin, ring, box, clock, entropy } = dependencies;
  const issuer = `${origin}/`;
  const userinfo = `${origin}/userinfo`;
  const numericNow = () => toNumericDate(clock.now());
  const newTokenId = () => entropy.bytes(12).toString('base64url');
  const accessTokenClaims = (request: AccessTokenRequest, now: number): Claims => ({
    ...organizationClaims(request.organization),
    ...applicationClaims(request),
    iss: issuer,
    sub: request.userId ?? `${request.clientId}@clients`,
    aud: audienceClaim(request, userinfo),
    iat: now,
    exp: now + request.lifetimeSeconds,
    scope: request.scope === '' ? undefined : request.scope,
    permissions: request.permissions,
    // Attack: an Action's claim `sid` names another session of the person, one with a fresher proof.
    ...(request.session && { sid: request.session.id }),
    // RS256 is deterministic: without `jti` two tokens of the same second would be equal.
    jti: newTokenId(),
  });
  const prepareAccessToken = (request: AccessTokenRequest) =>
    prepare(dependencies, request, { claims: accessTokenClaims(request, numericNow()), userinfo });
  return {
    prepareAccessToken,
    issueIdToken: (request) => signJwt(ring, idTokenClaims(request, issuer, numericNow())),
    issueAccessToken: async (request) => (await prepareAccessToken(request)).sign(),
    issueLogoutToken({ clientId, userId, sessionId }) {
      const now = numericNow();
      const claims = {
        iss: issuer,
        sub: userId,
        aud: clientId,
        iat: now,
        exp: now + LOGOUT_TOKEN_SECONDS,
        jti: newTokenId(),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
        sid: sessionId,
      };
      return signJwt(ring, claims, 'logout+jwt');
    },
    userClaims,
    async verifyAccessToken(token, audience) {
      const opened = token.includes('.')
        ? await openJwt(ring, token, { mostCharacters: MAX_ACCESS_TOKEN_CHARACTERS })
        : openAccessToken(box, token);
      const { claims } = opened ?? {};
      if (claims === undefined || claims.iss !== issuer || !names(claims.aud, audience)) return undefined;
      if (typeof claims.exp !== 'number' || claims.exp <= numericNow()) return undefined;
      // Attack (token confusion, RFC 8725, 2.8): an ID token whose audience, a client id, equals an API's identifier.
      const clientId = opened?.typ === 'at+jwt' ? claims.client_id : claims.azp;
      if (typeof clientId !== 'string' || typeof claims.sub !== 'string') return undefined;
      return {
        subject: claims.sub,
        clientId,
        scopes: typeof claims.scope === 'string' ? claims.scope.split(' ') : [],
        organizationId: typeof claims.org_id === 'string' ? claims.org_id : undefined,
        expiresAt: new Date(claims.exp * 1000),
        sessionId: typeof claims.sid === 'string' ? claims.sid : undefined,
        isMachine: claims.sub === `${clientId}@clients`,
      };
    },
    async verifyIdTokenHint(token) {
      const { typ, claims } = (await openJwt(ring, token, { mostCharacters: MAX_HINT_CHARACTERS })) ?? {};
      // Attack: somebody uses an access token, which APIs see, as a logout hint and revokes the person's session.
      if (claims === undefined || claims.iss !== issuer || typ !== 'JWT' || 'azp' in claims) return undefined;
      const { sub, aud, exp } = claims;
      if (typeof sub !== 'string' || typeof aud !== 'string' || typeof exp !== 'number') return undefined;
      const sessionId = typeof claims.sid === 'string' ? claims.sid : undefined;
      return { userId: sub, clientId: aud, expiresAt: new Date(exp * 1000), sessionId };
    },
    async publicKeys() {
      return { keys: (await ring.listKeys()).map((key) => key.publicJwk) };
    },
  };
}
