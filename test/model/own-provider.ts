/**
 * The identity provider that the administrators of an organization connect themselves, in the model: made, used for a domain,
 * changed, hidden, deleted. Written from ADR 0101, ADR 0102 and ADR 0105.
 */
import { forget } from './administration.js';
import { byMember, keepingWayIn } from './customer.js';
import { DONE, type Draft, endAccessOf, NOTHING, ownName, rejected } from './draft.js';
import type { Asked, OwnDomain, OwnProvider } from './own-actions.js';
import { memberKey, type Outcome } from './state.js';

/** One for each organization, and one for all time: a detached one keeps its name. */
const connect = byMember<OwnProvider>('create:my_org:identity_providers', (draft, { idp }, organization) => {
  const name = ownName(organization);
  const one = draft.organizations[organization];
  if (one === undefined || draft.connections[name] !== undefined) return NOTHING;
  draft.connections[name] = {
    ...{ idp, strategy: 'oidc', aliases: [], revision: ++draft.serial },
    ...{ needsOrganization: true, managedBy: organization, writing: 0 },
  };
  one.enabled[name] = {
    ...{ autoMembership: false, condition: false, leads: false, link: 'verified_email', rollout: 'optional' },
    ...{ pilot: [], seen: true, revision: ++draft.serial },
  };
  return DONE;
});

type Own = Draft['connections'][string];

/** 404 for everybody without one. */
export function onOwn<A extends Asked>(
  scope: string,
  run: (draft: Draft, own: Own, action: A, organization: string, actor: string) => Outcome,
) {
  return byMember<A>(scope, (draft, action, organization, actor) => {
    const name = ownName(organization);
    const own = draft.organizations[organization]?.enabled[name] && draft.connections[name];
    return own === undefined ? rejected(404) : run(draft, own, action, organization, actor);
  });
}

const use = onOwn<OwnDomain>('create:my_org:identity_providers_domains', (draft, own, { domain }, organization) => {
  if (own.aliases.includes(domain)) return rejected(409);
  const one = draft.organizations[organization];
  if (one?.domains[domain] !== 'verified' || !one.byDns?.includes(domain)) return rejected(400);
  Object.assign(own, { aliases: [...own.aliases, domain], revision: ++draft.serial });
  return DONE;
});

const leave = onOwn<OwnDomain>('delete:my_org:identity_providers_domains', (draft, own, { domain }) => {
  if (!own.aliases.includes(domain)) return rejected(404);
  Object.assign(own, { aliases: own.aliases.filter((item) => item !== domain), revision: ++draft.serial });
  return DONE;
});

/** Every subject of the connection is to be proved again, and what people got by it ends. */
function endTrust(draft: Draft, name: string): void {
  for (const item of draft.identities) if (item.connection === name) item.again = true;
  for (const item of draft.expected) if (item.connection === name && item.subject !== undefined) item.again = true;
  endAccessOf(draft, name);
}

/**
 * Points a customer's connection to another provider, or to the same one again. Refused while a subject of the former one
 * is known, or expected because a directory created its user.
 */
const move = onOwn<OwnProvider>('update:my_org:identity_providers', (draft, own, { idp }, organization) => {
  const name = ownName(organization);
  const isOther = own.idp !== idp;
  const known = [...draft.identities, ...draft.expected.filter((item) => item.subject !== undefined)];
  const refuses = isOther && known.some((item) => item.connection === name && (item.idp ?? own.idp) !== idp);
  if (refuses) return rejected(409);
  Object.assign(own, { idp, revision: ++draft.serial });
  if (isOther) endTrust(draft, name);
  return DONE;
});

/** The same provider under another writing of its address: nobody can tell that it is the same. */
const renew = onOwn<Asked>('update:my_org:identity_providers', (draft, own, _action, organization) => {
  Object.assign(own, { writing: own.writing === 0 ? 1 : 0, revision: ++draft.serial });
  endTrust(draft, ownName(organization));
  return DONE;
});

/** With a button, or to be tried without one. */
const show = onOwn<Asked & { readonly on: boolean }>(
  'update:my_org:identity_providers',
  (draft, _own, { on }, organization) => {
    const one = draft.organizations[organization]?.enabled[ownName(organization)];
    Object.assign(one ?? {}, { hidden: !on, revision: ++draft.serial });
    return DONE;
  },
);

/** Off, it stays what it is, and signs nobody in. */
const turn = onOwn<Asked & { readonly on: boolean }>(
  'update:my_org:identity_providers',
  (draft, _own, { on }, organization, actor) =>
    keepingWayIn(draft, organization, actor, () => {
      const used = draft.organizations[organization]?.enabled[ownName(organization)];
      Object.assign(used ?? {}, { off: on ? undefined : true, revision: ++draft.serial });
    }),
);

/** Lets everybody of a proved domain in. Without one it would let nobody in now, and somebody unnoticed later. */
const open = onOwn<Asked & { readonly on: boolean }>(
  'update:my_org:identity_providers',
  (draft, own, { on }, organization) => {
    const one = draft.organizations[organization];
    const used = one?.enabled[ownName(organization)];
    const isProved = own.aliases.some((item) => one?.domains[item] === 'verified' && one.byDns?.includes(item));
    if (on && !used?.autoMembership && !isProved) return rejected(400);
    Object.assign(used ?? {}, { autoMembership: on, revision: ++draft.serial });
    return DONE;
  },
);

/** The people who come by a connection, and whether they have another identity. */
function peopleOf(draft: Draft, name: string) {
  const isTheirs = ({ connection }: { readonly connection: string }) => connection === name;
  const kept = [...draft.identities, ...draft.expected.filter((item) => item.primary)];
  const users = [...new Set(kept.filter(isTheirs).map(({ user }) => user))];
  return users.map((user) => ({
    user,
    isPrimary: kept.some((item) => item.user === user && isTheirs(item) && item.primary),
    hasAnother:
      draft.users[user]?.passwordFor !== undefined || kept.some((item) => item.user === user && !isTheirs(item)),
  }));
}

/**
 * The connection ends, with the accounts that nothing else signs in. Its name stays taken: a second one with it would be
 * another connection, which the model does not tell from the first.
 */
const remove = onOwn<Asked>('delete:my_org:identity_providers', (draft, own, _action, organization, actor) => {
  const name = ownName(organization);
  const people = peopleOf(draft, name);
  // The oldest identity becomes the main one. The model does not know which one that is.
  if (people.some(({ isPrimary, hasAnother }) => isPrimary && hasAnother)) return NOTHING;
  const leavers = people.filter(({ hasAnother }) => !hasAnother).map(({ user }) => user);
  const others = Object.keys(draft.organizations).filter((one) => one !== organization);
  if (leavers.some((user) => others.some((one) => draft.members[memberKey(one, user)] !== undefined)))
    return rejected(409);
  return keepingWayIn(draft, organization, actor, () => {
    for (const user of leavers) forget(draft, user);
    const isOther = ({ connection }: { readonly connection: string }) => connection !== name;
    draft.identities = draft.identities.filter(isOther);
    draft.expected = draft.expected.filter(isOther);
    draft.moved = draft.moved.filter(isOther);
    for (const [id, { connection }] of Object.entries(draft.invitations))
      if (connection === name) delete draft.invitations[id];
    endAccessOf(draft, name);
    for (const token of draft.ownTokens) if (token.connection === name) token.live = false;
    delete draft.organizations[organization]?.enabled[name];
    own.revision = ++draft.serial;
  });
});

export const ownProvider = {
  ownConnect: connect,
  ownUse: use,
  ownLeave: leave,
  ownMove: move,
  ownRenew: renew,
  ownShow: show,
  ownSwitch: turn,
  ownOpen: open,
  ownDelete: remove,
} as const;
