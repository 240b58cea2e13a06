/**
 * The reference model: what the tenant looks like after each action, and what the outside sees of it. `apply(state, action)` is
 * pure. The decisions are in rules.ts; here is what a committed login writes, and what administrators change.
 */

import { type Action, CONNECTION_IDPS, type Tenant } from './actions.js';
import { administration, losesWayIn } from './administration.js';
import { customer } from './customer.js';
import { directory } from './directory.js';
import { connectionName, type Draft, rejected, userName } from './draft.js';
import { canBeRequired } from './factors.js';
import { ownDirectory } from './own-directory.js';
import { ownProvider } from './own-provider.js';
import { isFull } from './passing.js';
import { people } from './people.js';
import { moveSeat, restoreSeat } from './seats.js';
import { DATABASE, memberKey, type Outcome, type State } from './state.js';

const STEPS = {
  ...people,
  ...administration,
  ...directory,
  ...customer,
  ...ownProvider,
  ...ownDirectory,
  moveSeat,
  restoreSeat,
} as const;

function factorsOf({ factors, code }: Tenant): Draft['factors'] {
  if (factors === undefined || code !== undefined) return { accepts: [], required: false };
  return { accepts: [...factors.accepts].sort(), required: factors.required && canBeRequired(factors.accepts) };
}

/** The tenant that a history begins with. */
export function initialState(tenant: Tenant): State {
  const draft: Draft = {
    organizations: {},
    connections: {
      [DATABASE]: { idp: undefined, strategy: 'auth0', aliases: [], revision: 0, needsOrganization: false },
    },
    users: {},
    identities: [],
    moved: [],
    expected: [],
    members: {},
    invitations: {},
    people: tenant.people.map((list) => Object.fromEntries(list.map((item, index) => [`l${index}`, item]))),
    browsers: Array.from({ length: 3 }, () => ({
      session: undefined,
      away: undefined,
      question: undefined,
      choice: undefined,
      factor: undefined,
      device: [],
      remembered: [],
    })),
    sessions: {},
    refreshTokens: [],
    tickets: [],
    prefixes: {},
    callbackGone: false,
    hasDirectory: tenant.directory === true,
    ownTokens: [],
    code: tenant.code,
    serial: 0,
    factors: factorsOf(tenant),
  };
  CONNECTION_IDPS.forEach((idp, index) => {
    const strategy = tenant.saml?.includes(index) ? 'samlp' : 'oidc';
    const aliases = [...(tenant.aliases[index] ?? [])];
    const needsOrganization = tenant.organizations.some((one) => one.enabled.some((item) => item.connection === index));
    draft.connections[`c${index}`] = { idp, strategy, aliases, revision: 0, needsOrganization };
  });
  const proved = new Set<string>();
  tenant.organizations.forEach((one, index) => {
    const enabled = one.enabled.map(({ connection, autoMembership, link, rollout }) => [
      connectionName(connection),
      {
        autoMembership,
        condition: false as const,
        leads: tenant.directory === true && connection !== 3,
        link,
        rollout: connection === 3 ? ('optional' as const) : rollout,
        pilot: [],
        ...(connection !== 3 && { seen: true as const }),
        revision: 0,
      },
    ]);
    const domains = one.domains.filter((domain) => !proved.has(domain));
    for (const domain of domains) proved.add(domain);
    draft.organizations[`o${index}`] = {
      blocked: false,
      mfa: { rule: 'none', accepts: [] },
      enabled: Object.fromEntries(enabled) as Draft['organizations'][string]['enabled'],
      domains: Object.fromEntries(domains.map((domain) => [domain, 'verified'])),
    };
  });
  tenant.users.forEach((one, index) => {
    draft.users[userName(index)] = {
      email: one.email,
      voucher: one.verified ? 'mail' : undefined,
      blocked: false,
      passwordFor: one.email,
      passwordBy: 'operator',
    };
    for (const { organization, used, breakGlass, roles } of one.members) {
      if (draft.organizations[`o${organization}`] === undefined) continue;
      draft.members[memberKey(`o${organization}`, userName(index))] = {
        roles: [...roles].sort(),
        breakGlass,
        used,
        entered: false,
      };
    }
  });
  return draft;
}

/** The state after `action`, and what the outside sees. Leaves `state` as it is. */
export function apply(state: State, action: Action): { state: State; outcome: Outcome } {
  const draft = structuredClone(state) as Draft;
  const step = STEPS[action.do] as (draft: Draft, action: Action) => Outcome;
  const browser = 'browser' in action ? draft.browsers[action.browser] : undefined;
  if (browser && isFull(browser)) Object.assign(browser, { device: [], remembered: [] });
  const outcome = step(draft, action);
  const before = 'browser' in action ? state.browsers[action.browser] : undefined;
  // The server was not asked, so it has thrown no cookie away.
  if (outcome.kind === 'nothing' && browser && before)
    Object.assign(browser, { device: before.device, remembered: before.remembered });
  if (!(action.do in people) && (outcome.kind === 'rejected' || losesWayIn(state, draft)))
    return { outcome: outcome.kind === 'rejected' ? outcome : rejected(409), state };
  return { outcome, state: draft };
}

/** Returns the part that can be compared with the database. */
export function observe(state: State) {
  const sorted = (list: readonly unknown[]) => list.map((item) => JSON.stringify(item)).sort();
  const live = Object.values(state.sessions);
  return {
    users: sorted(
      Object.entries(state.users).map(([id, user]) => [
        id,
        user.email ?? null,
        user.voucher ?? null,
        user.blocked,
        user.factorsRevision ?? 0,
      ]),
    ),
    passwords: sorted(
      Object.entries(state.users).flatMap(([id, { passwordFor, passwordEnded, passwordByLink }]) =>
        passwordFor === undefined ? [] : [[passwordFor, id, !passwordEnded, passwordByLink === true]],
      ),
    ),
    members: sorted(
      Object.entries(state.members).map(([key, { roles, breakGlass, used, entered }]) => [
        ...key.split(/ (.*)/s).slice(0, 2),
        [...roles].sort(),
        breakGlass,
        used,
        entered,
      ]),
    ),
    identities: sorted(state.identities.map((item) => [item.connection, item.idp, item.subject, item.user])),
    again: sorted(
      [...state.identities, ...state.expected]
        .filter((item) => item.again)
        .map((item) => [item.connection, item.idp, item.subject, item.user]),
    ),
    moved: sorted(state.moved.map((item) => [item.connection, item.idp, item.subject, item.user])),
    expected: sorted(
      state.expected.map((item) => [item.connection, item.subject ?? null, item.email ?? null, item.user]),
    ),
    invitations: sorted(
      Object.entries(state.invitations)
        .filter(([, item]) => item.state === 'live' || item.state === 'consumed')
        .map(([id, item]) => [id, item.organization, item.state, item.consumedBy ?? null]),
    ),
    directory: sorted(
      [
        ...state.identities.map((item) => ['bound', item] as const),
        ...state.expected.map((item) => ['expected', item] as const),
      ]
        .filter(([, item]) => item.scimId !== undefined)
        .map(([status, item]) => [
          item.connection,
          item.scimId,
          item.user,
          status,
          item.closed ?? false,
          state.users[item.user]?.blockedByScim ?? false,
          item.groups ?? [],
        ]),
    ),
    factors: sorted(
      Object.entries(state.users).flatMap(([id, { factors = [] }]) =>
        factors.map(({ kind, voucher, claimed }) => [id, kind, voucher ?? null, kind === 'otp' && claimed === true]),
      ),
    ),
    tickets: sorted(
      state.tickets
        .filter((one) => one.state === 'live')
        .map(({ user, email, kind, revision }) => [user, email ?? '', kind ?? null, revision]),
    ),
    settings: sorted([
      [state.factors.accepts, state.factors.required],
      ...Object.entries(state.organizations).map(([name, { mfa }]) => [name, mfa.rule, [...mfa.accepts].sort()]),
    ]),
    sessions: sorted(
      live.map((item) => [item.user, item.connection, item.factor?.kind ?? null, item.factor?.revision ?? null]),
    ),
  };
}
