/**
 * The grants `mfa-otp`, `mfa-oob` and `mfa-recovery-code` (Auth0, "Multi-factor Authentication API"): an application
 * that was refused with `mfa_required` sends its person's answer. The answer is claimed, the refresh token exchanged and
 * a new factor confirmed in one transaction, or nothing is. All checks of an ordinary refresh are made again.
 */
import { Fault } from '../../../kernel/errors.js';
import { forgiveAttempts } from '../../../login/attempt-limits.js';
import type { RefreshGrant } from '../../../ports/token-store.js';
import { authenticateClient } from '../client-authentication.js';
import type { OAuthDependencies } from '../dependencies.js';
import type { Grant, GrantOutcome, TokenRequest, TokenResponse } from '../grant.js';
import { agreeAndRotate, endIfReused, type FoundRefresh, type PassedForExchange } from '../grant-refresh-token.js';
import { planIssue } from '../issue-tokens.js';
import { grantTypeNotAllowed, missingParameter, noPolicy, OAuthRefusal, unauthorized } from '../refusals.js';
import { toRequested } from '../requested-api.js';
import { subjectOf } from '../still-valid.js';
import {
  type AnswerKind,
  checkAnswer,
  checkPending,
  countTry,
  FACTOR_GRANTS,
  type RightAnswer,
  wrongAnswer,
} from './answers.js';
import { confirmByAccessToken } from './confirm.js';
import { type FactorToken, openFactorToken } from './factor-token.js';
import { findRefused, malformedToken } from './find-refused.js';
import { type FactorsOf, type Party, readFactors } from './ground.js';
import { factorLine, factorMail } from './notices.js';
import { checkMailed } from './out-of-band.js';

/** The parameter with the person's answer, and the type of the log line of a success. */
const ANSWERS = {
  otp: { parameter: 'otp', type: 'seotpft' },
  oob: { parameter: 'binding_code', type: 'seoobft' },
  'recovery-code': { parameter: 'recovery_code', type: 'sercft' },
} as const satisfies Record<AnswerKind, unknown>;

/** The kinds of factors that the answers are of. */
const KINDS = { otp: 'otp', oob: 'email', 'recovery-code': 'recovery-code' } as const;

/** An answer: the digits or the code, and for `oob` the `oob_code` of the challenge. */
interface Given {
  readonly kind: AnswerKind;
  readonly typed: string;
  readonly oobCode: string;
}

function partyOf(client: { readonly clientId: string }, grant: RefreshGrant): Party {
  const { user, organization, connectionId } = grant;
  return { userId: user.userId, clientId: client.clientId, organizationId: organization?.id, connectionId };
}

function findRightAnswer(
  deps: OAuthDependencies,
  { kind, typed, oobCode, tokenId }: Given & { readonly tokenId: string },
  found: FactorsOf,
  at: Date,
): RightAnswer | OAuthRefusal {
  if (kind === 'oob') return checkMailed(deps, { typed, oobCode, tokenId }, found, at);
  const { own, usable, pending, mayChange, accepts } = found;
  if (kind === 'otp' && own.length === 0 && pending !== undefined && mayChange && accepts.includes('otp'))
    return checkPending(deps, typed, pending, at);
  return checkAnswer(
    deps,
    kind,
    typed,
    usable.find((factor) => factor.kind === kind),
    at,
  );
}

/** Returns the claim of a right answer, with its lines and its mail. */
function toPassed(
  deps: OAuthDependencies,
  request: TokenRequest,
  ground: {
    readonly token: FactorToken;
    readonly grant: RefreshGrant;
    readonly party: Party;
    readonly found: FactorsOf;
  },
  right: RightAnswer,
  answeredAt: Date,
): PassedForExchange {
  const { kind, answer, factorId } = right;
  const { token, grant, party, found } = ground;
  const { ip, userAgent } = request;
  const isNew = 'confirmed' in answer;
  const changes = isNew || kind === 'recovery-code';
  const line = isNew ? 'gd_enrollment_complete' : 'gd_recovery_succeed';
  const notice = isNew ? ({ change: 'added', factor: KINDS[kind] } as const) : ({ change: 'recovery_code' } as const);
  return {
    kind: KINDS[kind],
    at: answeredAt,
    type: ANSWERS[kind].type,
    claim: (at) => ({
      receipt: { id: token.id, expiresAt: token.expiresAt },
      answer,
      log: changes ? [factorLine(deps, line, party, { id: factorId, kind: KINDS[kind] }, { ip, userAgent, at })] : [],
      mail: changes ? factorMail(deps, { to: grant.user.email, userId: party.userId }, found, notice, { ip, at }) : [],
    }),
    refuse: (outcome) =>
      outcome === 'spent' ? malformedToken('factor.token_used') : wrongAnswer(kind, 'it was used by another request'),
  };
}

async function exchange(
  deps: OAuthDependencies,
  request: TokenRequest,
  refused: FoundRefresh & { readonly token: FactorToken },
  given: Given,
): Promise<TokenResponse | OAuthRefusal> {
  const { client, grant, token } = refused;
  const at = deps.clock.now();
  const party = partyOf(client, grant);
  const counted = await countTry(deps, { id: token.id, userId: party.userId, ip: request.ip });
  if (counted instanceof OAuthRefusal) return counted;
  const found = await readFactors(deps, party, at);
  if (found === undefined) return unauthorized('client.unknown');
  const right = findRightAnswer(deps, { ...given, tokenId: token.id }, found, at);
  if (right instanceof OAuthRefusal) return right;
  // SDKs send the scopes of the refused request again. They can only take some away.
  const asked = { audience: token.audience, scope: request.parameters.get('scope') ?? token.scope };
  const other = request.parameters.get('audience');
  const requested = toRequested(deps.origin, grant, asked);
  if (requested instanceof OAuthRefusal) return requested;
  // Attack: an Action asked for a factor for one API, and the answer is sent with another one.
  if (other !== undefined && other !== (requested.audience ?? `${deps.origin}/userinfo`)) return noPolicy(other);
  const plan = planIssue(deps.origin, client, requested, asked.scope);
  if (plan instanceof OAuthRefusal) return plan;
  const factor = toPassed(deps, request, { token, grant, party, found }, right, at);
  const wanted = { token: token.refreshToken, plan, asked, factor };
  const answer = await agreeAndRotate(deps, request, { ...refused, grant: requested }, wanted);
  if (answer instanceof OAuthRefusal) return answer;
  await forgiveAttempts(deps.attempts, counted);
  return right.shown === undefined ? answer : { ...answer, recovery_code: right.shown };
}

async function grantByAnswer(
  deps: OAuthDependencies,
  request: TokenRequest,
  kind: AnswerKind,
): Promise<Omit<GrantOutcome, 'headers'>> {
  const { parameters, credentials } = request;
  const { clientId } = credentials;
  const client = await deps.store.findClient(clientId);
  const refusal = await authenticateClient(deps, client, request);
  if (client === undefined || refusal) return { client, answer: refusal ?? unauthorized('client.unknown') };
  const no = (answer: TokenResponse | OAuthRefusal) => ({ client, answer });
  if (!client.grantTypes.includes(FACTOR_GRANTS[kind])) return no(grantTypeNotAllowed(FACTOR_GRANTS[kind]));
  const text = parameters.get('mfa_token');
  if (text === undefined) return no(missingParameter('mfa_token'));
  const typed = parameters.get(ANSWERS[kind].parameter);
  if (typed === undefined) return no(missingParameter(ANSWERS[kind].parameter));
  const oobCode = parameters.get('oob_code');
  if (kind === 'oob' && oobCode === undefined) return no(missingParameter('oob_code'));
  const token = openFactorToken(deps.factorBox, text);
  if (token === undefined)
    return no(
      (kind === 'recovery-code'
        ? undefined
        : await confirmByAccessToken(deps, request, {
            ...{ client, text, typed },
            oobCode: kind === 'oob' ? oobCode : undefined,
          })) ?? malformedToken(),
    );
  const refused = await findRefused(deps, clientId, token);
  if (refused instanceof OAuthRefusal) return no(refused);
  const answer = await exchange(deps, request, { ...refused, token }, { kind, typed, oobCode: oobCode ?? '' });
  // Attack (theft): as at a refresh, a token that was used twice ends its family.
  if (!(await endIfReused(deps, request, answer, { grant: refused.grant, token: token.refreshToken })))
    throw new Fault('database', 'the rotation of this refresh token was undone: the same request works now', true);
  return no(answer instanceof OAuthRefusal ? answer.about(subjectOf(refused.grant)) : answer);
}

/** The grant `mfa-otp`: a code of an authenticator app, which also confirms one that is being set up. */
export const grantByOtp: Grant = (deps, request) => grantByAnswer(deps, request, 'otp');

/** The grant `mfa-recovery-code`. The answer has the code that replaces the used one. */
export const grantByRecoveryCode: Grant = (deps, request) => grantByAnswer(deps, request, 'recovery-code');

/** The grant `mfa-oob`: a code that `/mfa/challenge` or `/mfa/associate` mailed. */
export const grantByMail: Grant = (deps, request) => grantByAnswer(deps, request, 'oob');
