/**
 * The answer `mfa_required` (Auth0, "Multi-factor Authentication API"): the exchange is refused, and the application gets
 * an `mfa_token` with which its person passes a second factor. Issues no token, and rotates none.
 */
import type { ActionExecution } from '../../../login/stages.js';
import type { OpaqueReference } from '../../../ports/token-issuer.js';
import type { RefreshGrant, TokenClient } from '../../../ports/token-store.js';
import type { OAuthDependencies } from '../dependencies.js';
import { OAuthRefusal } from '../refusals.js';
import { sealFactorToken } from './factor-token.js';
import { CODE_KINDS, readFactors } from './ground.js';

interface Refused {
  readonly client: TokenClient;
  readonly grant: RefreshGrant;
  /** The refresh token that was presented. */
  readonly token: OpaqueReference;
  /** The parameters `scope` and `audience` of the request. */
  readonly scope: string | undefined;
  readonly audience: string | undefined;
  readonly executions: readonly ActionExecution[];
}

/**
 * Refuses the exchange of a refresh token until the person has passed a second factor. `mfa_requirements` lists the kinds
 * that the application may ask for or set up; without it only a page of this server can ask. Throws {@link Fault} when the
 * database failed.
 */
export async function requireFactor(
  deps: OAuthDependencies,
  { client, grant, token, scope, audience, executions }: Refused,
): Promise<OAuthRefusal> {
  const at = deps.clock.now();
  const { clientId } = client;
  const { familyId, connectionId, user, organization } = grant;
  const party = { userId: user.userId, clientId, organizationId: organization?.id, connectionId };
  const found = await readFactors(deps, party, at);
  const usable = [...(found?.usable ?? []), ...(found?.mail ?? [])];
  const challenge = ([...CODE_KINDS, 'email'] as const).filter((kind) => usable.some((factor) => factor.kind === kind));
  const mayEnrol = found?.own.length === 0 && found.mayChange && found.accepts.includes('otp');
  const requirements = {
    ...(challenge.length > 0 && { challenge: challenge.map((type) => ({ type })) }),
    ...(mayEnrol && { enroll: [{ type: 'otp' }] }),
  };
  const mfaToken = sealFactorToken(
    { box: deps.factorBox, entropy: deps.entropy },
    { clientId, refreshToken: token, familyId, scope, audience },
    at,
  );
  return new OAuthRefusal(
    403,
    'mfa_required',
    'Multifactor authentication required',
    { check: 'factor.required', actions: executions, facts: { ...requirements } },
    undefined,
    { mfa_token: mfaToken, ...(Object.keys(requirements).length > 0 && { mfa_requirements: requirements }) },
  );
}
