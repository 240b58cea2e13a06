/**
 * The directory of a connection that members made, in the model: let in, given tokens, and what it writes with them. Written
 * from ADR 0102, ADR 0105 and docs/guides/set-up-by-customer.md.
 */
import { createAt, removeSeat, writeSeat } from './directory.js';
import { DONE, type Draft, NOTHING, ownName, pick, rejected, type Step } from './draft.js';
import type { Asked } from './own-actions.js';
import { onOwn } from './own-provider.js';
import { provisioned } from './provisioned.js';
import type { Outcome } from './state.js';

/** Most tokens of a connection at a time. */
const MOST_TOKENS = 2;

/** Lets the directory in, or shuts it out with its tokens. The people whom it created stay. */
const turn = onOwn<Asked & { readonly on: boolean }>(
  'create:my_org:identity_providers_provisioning',
  (draft, own, { on }, organization) => {
    if (own.provisioned === on) return rejected(on ? 409 : 404);
    if (!on && own.provisioned === undefined) return rejected(404);
    own.provisioned = on;
    const name = ownName(organization);
    for (const token of draft.ownTokens) if (token.connection === name && !on) token.live = false;
    return DONE;
  },
);

const issue = onOwn<Asked>('create:my_org:identity_providers_scim_tokens', (draft, own, _action, organization) => {
  const connection = ownName(organization);
  if (!own.provisioned) return rejected(404);
  const live = draft.ownTokens.filter((token) => token.live && token.connection === connection);
  if (live.length >= MOST_TOKENS) return rejected(409);
  draft.ownTokens.push({ connection, live: true });
  return DONE;
});

const revoke = onOwn<Asked & { readonly token: number }>(
  'delete:my_org:identity_providers_scim_tokens',
  (draft, own, action, organization) => {
    const token = pick(draft.ownTokens, action.token);
    if (!token) return NOTHING;
    if (!own.provisioned || !token.live || token.connection !== ownName(organization)) return rejected(404);
    token.live = false;
    return DONE;
  },
);

/** A token works while it is live and the organization has the connection, also where it is switched off. */
function byToken<A extends { readonly token: number }>(run: (draft: Draft, action: A, connection: string) => Outcome) {
  return (draft: Draft, action: A): Outcome => {
    const token = pick(draft.ownTokens, action.token);
    if (!token) return NOTHING;
    const { managedBy = '' } = draft.connections[token.connection] ?? {};
    const has = draft.organizations[managedBy]?.enabled[token.connection] !== undefined;
    return token.live && has ? run(draft, action, token.connection) : rejected(401);
  };
}

type Seat = ReturnType<typeof provisioned<Draft>>[number];

const seatsAt = (draft: Draft, connection: string) =>
  provisioned(draft).filter((item) => item.connection === connection);

/** The account is the directory's to write while it is its own and a member of nobody else's organization. */
function mayOf(draft: Draft, seat: Seat) {
  const maker = draft.connections[seat.connection]?.managedBy;
  const places = Object.keys(draft.organizations).filter((name) => draft.members[`${name} ${seat.user}`] !== undefined);
  const account = seat.primary === true && places.every((name) => name === maker);
  // Never the address of a member, nor of somebody who has signed in.
  const waits = draft.expected.some((item) => item === seat);
  return { account, address: account && waits && places.length === 0 };
}

const write: Step<'ownScimWrite'> = byToken((draft, { target, ...what }, connection) => {
  const seat = pick(seatsAt(draft, connection), target);
  return seat ? writeSeat(draft, seat, what, mayOf(draft, seat)) : NOTHING;
});

const remove: Step<'ownScimDelete'> = byToken((draft, { target }, connection) => {
  const seat = pick(seatsAt(draft, connection), target);
  return seat ? removeSeat(draft, seat, mayOf(draft, seat).account) : NOTHING;
});

export const ownDirectory = {
  ownDirectory: turn,
  ownIssue: issue,
  ownRevokeToken: revoke,
  ownScimCreate: byToken((draft, newcomer, connection) =>
    createAt(draft, connection, newcomer),
  ) as Step<'ownScimCreate'>,
  ownScimWrite: write,
  ownScimDelete: remove,
} as const;
