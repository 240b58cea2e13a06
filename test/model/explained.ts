/**
 * "What would happen if this person came now?", asked of the real server just before he does, and whether it was true. Only logins of
 * which an explanation can speak: without the link of an invitation, without a proof that was asked for, and not of settings that
 * changed while the person was away.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Action } from './actions.js';
import { toClaims } from './administrator.js';
import { pick } from './draft.js';
import type { Known } from './known.js';
import { fingerprint, heard } from './rules.js';
import { DATABASE, NOWHERE, type Outcome, type State } from './state.js';
import type { Json, World } from './world.js';

export interface Question {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly body: Readonly<{ email: string } | { claims: Json }>;
}

/** The API's answer; the user by the model's name. */
export type Told =
  | {
      readonly outcome: string;
      readonly rule: string;
      readonly user: string | undefined;
      readonly factor: string | undefined;
    }
  | { readonly error: string };

/** Returns the question to ask before this step, if there is one. */
export function questionBefore(world: World, known: Known, action: Action, before: State): Question | undefined {
  if (action.do === 'return') {
    const away = before.browsers[action.browser]?.away;
    const idp = away === undefined ? undefined : before.connections[away.connection]?.idp;
    if (!away || idp === undefined || away.invitation !== undefined || away.organization === NOWHERE) return undefined;
    if (before.callbackGone || away.stepUp) return undefined;
    if (away.fingerprint !== fingerprint(before, away)) return undefined;
    const person = before.people[idp]?.[`l${action.login}`];
    const strategy = before.connections[away.connection]?.strategy ?? 'oidc';
    if (!person) return undefined;
    return {
      organizationId: known.organizationIds[away.organization] ?? '',
      connectionId: world.connectionIds[away.connection] ?? '',
      body: {
        claims: { iss: world.providers[idp]?.issuer(strategy), ...toClaims(heard(before, away.connection, person)) },
      },
    };
  }
  if (
    action.do === 'password' &&
    !action.stepUp &&
    (action.via ?? 'main') === 'main' &&
    !before.callbackGone &&
    action.right &&
    pick(Object.keys(before.invitations), action.invitation) === undefined
  ) {
    const user = before.users[pick(Object.keys(before.users), action.user) ?? ''];
    const organization = pick(Object.keys(before.organizations), action.organization) ?? '';
    if (user?.email === undefined) return undefined;
    return {
      organizationId: known.organizationIds[organization] ?? '',
      connectionId: world.connectionIds[DATABASE] ?? '',
      body: { email: user.email },
    };
  }
  return undefined;
}

/** The same question among many: answered as alone, or the history fails. */
async function checkAmongMany(world: World, { organizationId }: Question, asked: Json, alone: Json): Promise<void> {
  const path = `/organizations/${organizationId}/explain/people`;
  const { body } = await world.api('POST', path, { people: [asked, asked] });
  const { outcome, rule, user_id, factor_required } = alone;
  for (const { error, connection_id: _, ...answer } of (body.answers ?? []) as Json[])
    if (
      error !== undefined ||
      !isDeepStrictEqual(answer, JSON.parse(JSON.stringify({ outcome, rule, user_id, factor_required })))
    )
      throw new Error(`alone ${JSON.stringify({ outcome, rule, user_id })}; among many ${JSON.stringify(body)}`);
}

/** Asks the Management API. */
export async function ask(world: World, known: Known, question: Question): Promise<Told> {
  const asked = { ...question.body, connection_id: question.connectionId };
  const { status, body } = await world.api('POST', `/organizations/${question.organizationId}/explain`, asked);
  if (status === 200) await checkAmongMany(world, question, asked, body);
  if (status !== 200) return { error: `${status} ${String(body.message)}` };
  const user = typeof body.user_id === 'string' ? body.user_id : undefined;
  return {
    outcome: String(body.outcome),
    rule: String(body.rule),
    factor: typeof body.factor_required === 'string' ? body.factor_required : undefined,
    user: user === undefined ? undefined : (known.names.get(user) ?? user),
  };
}

/** Where there is no connection to explain, the login ends before it gets to one. */
const NO_WAY_IN = ['identify.connection_not_enabled', 'identify.organization_blocked', 'identify.no_connections'];

/** Describes how an explanation did not come true; undefined when it did. */
export function untrue(told: Told, outcome: Outcome, before: State): string | undefined {
  const said = () => `explained ${JSON.stringify(told)}; then ${JSON.stringify(outcome)}`;
  if ('error' in told)
    return told.error.startsWith('400 ') && outcome.kind === 'refused' && NO_WAY_IN.includes(outcome.code)
      ? undefined
      : said();
  const isTrue =
    outcome.kind === 'admitted'
      ? told.outcome === 'admitted' &&
        told.rule === outcome.rule &&
        // An explanation knows no browser: who is remembered in one is told that they would be asked.
        told.factor === outcome.factor?.split(' ')[0] &&
        told.user === (before.users[outcome.user] === undefined ? undefined : outcome.user)
      : outcome.kind === 'refused'
        ? told.outcome === 'refused' && outcome.code.endsWith(`.${told.rule}`)
        : outcome.kind === 'factor'
          ? told.outcome === 'admitted' && told.factor === outcome.reason
          : outcome.kind === 'asked' && told.outcome === 'proof_required';
  return isTrue ? undefined : said();
}
