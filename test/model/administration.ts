/** The steps of administrators: of organizations, people, connections and domains, and of the companies' identity providers. */
import type { Action } from './actions.js';
import {
  connectionName,
  DONE,
  type Draft,
  endAccessThrough,
  endSessions,
  endUnvouched,
  invitationOf,
  NOTHING,
  organizationOf,
  pick,
  rejected,
  type Step,
  userOf,
} from './draft.js';
import { endUnvouchedFactors, factorAdministration } from './factor-administration.js';
import { isOfDirectory, reopen, separate } from './provisioned.js';
import { enablementOf, idBeginning, isServing, isSubject, prefixOf, usedBy } from './rules.js';
import { DATABASE, type Enablement, memberKey, type Outcome, type State } from './state.js';

const invite: Step<'invite'> = (draft, action) => {
  const organization = organizationOf(draft, action.organization);
  const connection = action.connection === undefined ? undefined : connectionName(action.connection);
  if (connection !== undefined && enablementOf(draft, { organization, connection }) === undefined) return rejected(400);
  draft.invitations[`i${draft.serial++}`] = {
    organization,
    email: action.email,
    connection,
    roles: [...action.roles].sort(),
    link: action.link ?? 'mail',
    state: 'live',
    consumedBy: undefined,
  };
  return DONE;
};

const endInvitation =
  (state: 'revoked' | 'expired') =>
  (draft: Draft, action: { readonly invitation: number }): Outcome => {
    const invitation = draft.invitations[invitationOf(draft, action.invitation) ?? ''];
    if (invitation?.state !== 'live') return NOTHING;
    invitation.state = state;
    return DONE;
  };

/** By organization that must use its identity provider: is somebody flagged who can do without, and could he? */
function waysIn(state: State): ReadonlyMap<string, { readonly flagged: boolean; readonly usable: boolean }> {
  const required = Object.entries(state.organizations).filter(([, one]) =>
    Object.values(usedBy(one)).some((item) => item.rollout === 'required'),
  );
  return new Map(
    required.map(([name, one]) => {
      const holders = Object.keys(state.users).filter((user) => state.members[memberKey(name, user)]?.breakGlass);
      const able = holders.filter((user) => {
        const { blocked, passwordFor } = state.users[user] ?? { blocked: true };
        return !blocked && passwordFor !== undefined && usedBy(one)[DATABASE] !== undefined;
      });
      return [name, { flagged: holders.length > 0, usable: able.length > 0 }];
    }),
  );
}

/** Whether an organization whose people must use its identity provider keeps nobody who can do without. */
export function losesWayIn(before: State, after: State): boolean {
  const had = waysIn(before);
  return [...waysIn(after)].some(([name, { flagged, usable }]) => {
    const earlier = had.get(name);
    return (earlier?.flagged === true && !flagged) || (earlier?.usable === true && !usable);
  });
}

export function removeMember(draft: Draft, organization: string, user: string): void {
  delete draft.members[memberKey(organization, user)];
  for (const token of draft.refreshTokens)
    if (token.user === user && token.organization === organization) token.live = false;
}

export function forget(draft: Draft, user: string): void {
  delete draft.users[user];
  draft.identities = draft.identities.filter((item) => item.user !== user);
  draft.expected = draft.expected.filter((item) => item.user !== user);
  draft.moved = draft.moved.filter((item) => item.user !== user);
  for (const key of Object.keys(draft.members)) if (key.endsWith(` ${user}`)) delete draft.members[key];
  endSessions(draft, user);
}

const absorb: Step<'absorb'> = (draft, action) => {
  const user = userOf(draft, action.user);
  const secondary = userOf(draft, action.secondary);
  const held = user === undefined ? undefined : draft.users[user];
  const gone = secondary === undefined ? undefined : draft.users[secondary];
  if (!held || !gone || user === undefined || secondary === undefined) return NOTHING;
  if (user === secondary) return rejected(400);
  const has = (name: string) => [
    ...draft.identities.filter((item) => item.user === name).map((item) => item.connection),
    ...(draft.users[name]?.passwordFor === undefined ? [] : [DATABASE]),
  ];
  if (has(user).some((connection) => has(secondary).includes(connection))) return rejected(409);
  const isCompanys = [...draft.identities, ...draft.expected].some((item) => item.user === secondary);
  // A pending identity would stay pending for ever beside another identity of the connection.
  const at = (name: string) =>
    [...draft.identities, ...draft.expected].filter((item) => item.user === name).map((item) => item.connection);
  const waits = draft.expected.filter((item) => item.user === secondary).map((item) => item.connection);
  if (waits.some((connection) => at(user).includes(connection))) return rejected(409);
  // The directory closed its own account: of another one it closes the way in.
  for (const item of [...draft.identities, ...draft.expected])
    if (item.user === secondary && item.primary && gone.blockedByScim) item.closed = true;
  for (const item of draft.identities) {
    if (item.user !== secondary) continue;
    // Undone exactly: his main identity takes along what he was, and gives it back when it is unlinked.
    const { email, voucher } = gone;
    Object.assign(item, { user, primary: false, ...(item.primary && { said: { email, voucher } }) });
  }
  for (const item of draft.expected) {
    if (item.user !== secondary) continue;
    const { email, voucher } = gone;
    if (item.primary && item.scimId !== undefined) item.said = { email, voucher };
    item.user = user;
    delete item.primary;
  }
  for (const item of draft.moved) if (item.user === secondary) Object.assign(item, { user, primary: false });
  if (gone.passwordFor !== undefined) {
    const { passwordFor, passwordEnded, passwordSerial, passwordBy, passwordByLink } = gone;
    const kept = { passwordFor, passwordSerial, passwordBy, passwordByLink };
    Object.assign(held, { ...kept, ...(passwordEnded && { passwordEnded }) });
  }
  // Part 10: the company brings the person.
  if (isCompanys) endUnvouchedFactors(draft, held);
  if (isCompanys && endUnvouched(held)) endSessions(draft, user);
  forget(draft, secondary);
  return DONE;
};

/** Identities that can be taken away, bound ones first, then expected ones. */
export function unlinkable(state: State) {
  return [
    ...state.identities.filter((item) => !item.primary).map((identity) => ({ kind: 'bound' as const, identity })),
    ...state.expected.filter((item) => !item.primary).map((identity) => ({ kind: 'expected' as const, identity })),
  ];
}

const unlink: Step<'unlink'> = (draft, action) => {
  const found = pick(unlinkable(draft), action.identity);
  if (!found) return NOTHING;
  if (found.kind === 'expected' && found.identity.scimId !== undefined)
    return separate(draft, found.identity as Draft['expected'][number]) === 'taken' ? rejected(409) : DONE;
  if (found.kind === 'expected') {
    draft.expected = draft.expected.filter((item) => item !== found.identity);
    // Also where another subject was bound meanwhile: the operator takes the way in away, so what came by it ends.
    endAccessThrough(draft, found.identity.user, found.identity.connection);
    return DONE;
  }
  const identity = found.identity as Draft['identities'][number];
  const prefix = prefixOf(draft, identity.connection, identity.idp);
  const user = `${prefix}|${identity.subject}`;
  const from = identity.user;
  if (draft.users[user] !== undefined) return rejected(409);
  draft.prefixes[`${identity.connection} ${identity.idp}`] = prefix;
  const { email, voucher } = identity.said;
  const blocked = draft.users[identity.user]?.blocked ?? false;
  draft.users[user] = { email, voucher, blocked, passwordFor: undefined };
  endAccessThrough(draft, identity.user, identity.connection);
  for (const item of draft.moved)
    if (item.user === from && item.connection === identity.connection) Object.assign(item, { user, primary: true });
  Object.assign(identity, { user, primary: true });
  reopen(draft, identity);
  return DONE;
};

const expectIdentity: Step<'expect'> = (draft, action) => {
  const user = userOf(draft, action.user);
  const connection = connectionName(action.connection);
  if (user === undefined) return NOTHING;
  const subject = 'subject' in action.by ? action.by.subject : undefined;
  const email = 'email' in action.by ? action.by.email : undefined;
  const here = (item: { connection: string }) => item.connection === connection;
  // The provider's name for a user that exists means that user, and links him.
  if (subject !== undefined && draft.users[`${idBeginning(draft, connection)}|${subject}`] !== undefined)
    return NOTHING;
  if (subject !== undefined && !isSubject(subject)) return rejected(400);
  if ([...draft.identities, ...draft.expected].some((item) => item.user === user && here(item))) return rejected(409);
  if (subject !== undefined && draft.identities.some((item) => here(item) && item.subject === subject))
    return rejected(409);
  if (draft.expected.some((item) => here(item) && item.subject === subject && item.email === email))
    return rejected(409);
  draft.expected.push({ connection, subject, email, user });
  return DONE;
};

const prepare: Step<'prepare'> = (draft, action) => {
  const user = userOf(draft, action.user);
  const organization = organizationOf(draft, action.organization);
  const connection = connectionName(action.connection);
  if (user === undefined) return NOTHING;
  if (enablementOf(draft, { organization, connection }) === undefined) return rejected(400);
  const subject = 'subject' in action.by ? action.by.subject : undefined;
  const email = 'email' in action.by ? action.by.email : undefined;
  const here = [...draft.identities, ...draft.expected].filter((item) => item.connection === connection);
  const isTaken =
    here.some((item) => item.user === user || (subject !== undefined && item.subject === subject)) ||
    draft.expected.some(
      (item) =>
        item.connection === connection && item.subject === undefined && item.email === email && subject === undefined,
    );
  const isMember = draft.members[memberKey(organization, user)] !== undefined;
  if (isMember && !isTaken && (subject === undefined || isSubject(subject)))
    draft.expected.push({ connection, subject, email, user });
  return DONE;
};

/** No session ends: nobody has come in by it. */
const withdraw: Step<'withdraw'> = (draft, action) => {
  const found = pick(draft.expected, action.expected);
  if (!found || found.scimId !== undefined) return NOTHING;
  if (found.primary !== true) draft.expected = draft.expected.filter((item) => item !== found);
  return DONE;
};

function writeEnablement(
  draft: Draft,
  action: { readonly organization: number; readonly connection: number },
  changes: Partial<Enablement>,
): Outcome {
  const organization = organizationOf(draft, action.organization);
  const one = draft.organizations[organization]?.enabled[connectionName(action.connection)];
  if (!one) return rejected(404);
  Object.assign(one, changes, { revision: ++draft.serial });
  return DONE;
}

const proveDomain: Step<'proveDomain'> = (draft, { organization, domain }) => {
  const name = organizationOf(draft, organization);
  const one = draft.organizations[name];
  if (!one) return NOTHING;
  if (isProvedByOther(draft, name, domain)) return rejected(409);
  if (one.domains[domain] !== 'verified') {
    endStale(draft, name, domain);
    // A proof by DNS that still counts stays one.
    one.byDns = one.byDns?.filter((item) => item !== domain);
  }
  one.domains[domain] = 'verified';
  return DONE;
};

/** Makes everything that leaned on the proof be decided again. */
export function renewLeaning(draft: Draft, organization: string, domain: string): void {
  for (const [name, item] of Object.entries(draft.organizations[organization]?.enabled ?? {}))
    if (draft.connections[name]?.aliases.includes(domain)) item.revision = ++draft.serial;
}

/** Proofs of others that ended are in nobody's way. */
export function endStale(draft: Draft, organization: string, domain: string): void {
  for (const [name, one] of Object.entries(draft.organizations)) {
    if (name === organization || one.domains[domain] !== 'ended') continue;
    renewLeaning(draft, name, domain);
    one.domains[domain] = 'pending';
  }
}

export function isProvedByOther(state: State, organization: string, domain: string): boolean {
  return Object.entries(state.organizations).some(
    ([name, item]) => name !== organization && item.domains[domain] === 'verified',
  );
}

const loseDomain: Step<'loseDomain'> = (draft, { organization, domain, how }) => {
  const name = organizationOf(draft, organization);
  const one = draft.organizations[name];
  const before = one?.domains[domain];
  if (one === undefined || before === undefined) return NOTHING;
  if (how === 'ended') {
    // Time alone: nobody writes anything.
    if (before === 'verified') one.domains[domain] = 'ended';
    return DONE;
  }
  if (before !== 'pending') renewLeaning(draft, name, domain);
  if (how === 'gone') delete one.domains[domain];
  else one.domains[domain] = 'pending';
  return DONE;
};

/** Changes of one member, or NOTHING where there is none. */
function onMember(
  draft: Draft,
  action: { readonly organization: number; readonly user: number },
  change: (member: Draft['members'][string], organization: string, user: string) => Outcome | undefined,
): Outcome {
  const organization = organizationOf(draft, action.organization);
  const user = userOf(draft, action.user) ?? '';
  const member = draft.members[memberKey(organization, user)];
  return member ? (change(member, organization, user) ?? DONE) : NOTHING;
}

function onUser(
  draft: Draft,
  action: { readonly user: number },
  change: (name: string, user: Draft['users'][string]) => Outcome | undefined,
): Outcome {
  const name = userOf(draft, action.user);
  const user = name === undefined ? undefined : draft.users[name];
  return name !== undefined && user ? (change(name, user) ?? DONE) : NOTHING;
}

/** A link that was made for a user is opened. It proves the mailbox if it was mailed, or if the operator says so. */
const ticket: Step<'ticket'> = (draft, action) =>
  onUser(draft, action, (name, user) => {
    if (user.email === undefined) return rejected(400);
    const isPassword = action.kind === 'password' || action.kind === 'weak' || action.kind === 'marked';
    if (isPassword && user.passwordFor === undefined) return rejected(400);
    // Nothing is mailed about an address that is confirmed already.
    if (action.kind === 'mail' && user.voucher !== undefined) return DONE;
    if (isPassword) {
      delete user.passwordEnded;
      // The caller reads the link: nobody vouches for the password, unless the caller may set one.
      user.passwordBy = action.kind === 'weak' ? undefined : 'operator';
      user.passwordByLink = true;
      user.passwordSerial = (user.passwordSerial ?? 0) + 1;
      endSessions(draft, name);
    }
    if (action.kind === 'mail') {
      user.voucher = 'mail';
      endUnvouchedFactors(draft, user);
      if (endUnvouched(user)) endSessions(draft, name);
    }
    if ((action.kind === 'marked' || action.kind === 'verify') && user.voucher !== 'mail') user.voucher = 'operator';
    return undefined;
  });

/** The people whom another provider of the connection named are expected of the one that it has now. */
const expectAgain: Step<'expectAgain'> = (draft, { connection: index, by }) => {
  const connection = connectionName(index);
  if (isOfDirectory(draft, (item) => item.connection === connection)) return NOTHING;
  const now = draft.connections[connection]?.idp;
  const concerned = [
    ...draft.identities,
    ...draft.expected.flatMap((item) =>
      item.subject === undefined ? [] : [{ ...item, subject: item.subject, of: item }],
    ),
  ].filter((item) => item.connection === connection && item.idp !== undefined && item.idp !== now);
  const isItself = (item: (typeof concerned)[number], other: object) => 'of' in item && item.of === other;
  const expects = (item: (typeof concerned)[number]) =>
    by === 'subject' ? item.subject : draft.users[item.user]?.email;
  const stay = concerned.filter((item) => {
    const one = expects(item);
    if (one === undefined || concerned.filter((other) => expects(other) === one).length > 1) return true;
    const expected = draft.expected.some(
      (other) =>
        other.connection === connection &&
        !isItself(item, other) &&
        (by === 'subject' ? other.subject === one : other.subject === undefined && other.email === one),
    );
    const bound = draft.identities.some(
      (other) => by === 'subject' && other.connection === connection && other.idp === now && other.subject === one,
    );
    return expected || bound;
  });
  for (const item of concerned) {
    if (stay.includes(item)) continue;
    const one = expects(item);
    draft.identities = draft.identities.filter((other) => other !== item);
    draft.expected = draft.expected.filter((other) => !isItself(item, other));
    draft.expected.push({
      connection,
      subject: by === 'subject' ? one : undefined,
      email: by === 'email' ? one : undefined,
      user: item.user,
      ...(item.primary && { primary: true as const }),
    });
    endAccessThrough(draft, item.user, connection);
  }
  return DONE;
};

/** The changes by administrators' actions. */
export const administration = {
  invite,
  revoke: endInvitation('revoked'),
  expire: endInvitation('expired'),
  addMember: (draft, action) => {
    const user = userOf(draft, action.user);
    if (user === undefined) return NOTHING;
    draft.members[memberKey(organizationOf(draft, action.organization), user)] ??= {
      roles: [],
      breakGlass: false,
      used: false,
      entered: false,
    };
    return DONE;
  },
  removeMember: (draft, action) =>
    onMember(draft, action, (_member, organization, user) => {
      removeMember(draft, organization, user);
      return undefined;
    }),
  breakGlass: (draft, action) =>
    onMember(draft, action, (member) => {
      member.breakGlass = action.on;
      return undefined;
    }),
  giveRole: (draft, action) =>
    onMember(draft, action, (member) => {
      member.roles = [...new Set([...member.roles, action.role])].sort();
      return undefined;
    }),
  blockUser: (draft, action) =>
    onUser(draft, action, (name, user) => {
      user.blocked = action.on;
      // From now on it is the operator's, whichever it is.
      delete user.blockedByScim;
      if (action.on) endSessions(draft, name);
      return undefined;
    }),
  verifyUser: (draft, action) =>
    onUser(draft, action, (_name, user) => {
      user.voucher = action.on ? 'operator' : undefined;
      return undefined;
    }),
  deleteUser: (draft, action) =>
    onUser(draft, action, (name) => {
      forget(draft, name);
      return undefined;
    }),
  blockOrganization: (draft, action) => {
    const one = draft.organizations[organizationOf(draft, action.organization)];
    if (!one) return NOTHING;
    one.blocked = action.on;
    return DONE;
  },
  enable: (draft, action) => {
    const enabled = draft.organizations[organizationOf(draft, action.organization)]?.enabled ?? {};
    const connection = connectionName(action.connection);
    if (enabled[connection]) return rejected(409);
    enabled[connection] = {
      autoMembership: false,
      condition: false,
      leads: false,
      link: 'verified_email',
      rollout: 'optional',
      pilot: [],
      revision: ++draft.serial,
    };
    if (connection !== DATABASE) Object.assign(draft.connections[connection] ?? {}, { needsOrganization: true });
    return DONE;
  },
  needsOrganization: (draft, action) => {
    const connection = connectionName(action.connection);
    if (!action.on && isServing(draft, connection)) return rejected(409);
    Object.assign(draft.connections[connection] ?? {}, { needsOrganization: action.on });
    return DONE;
  },
  disable: (draft, action) => {
    const enabled = draft.organizations[organizationOf(draft, action.organization)]?.enabled ?? {};
    if (!enabled[connectionName(action.connection)]) return rejected(404);
    delete enabled[connectionName(action.connection)];
    return DONE;
  },
  auto: (draft, action) => writeEnablement(draft, action, { autoMembership: action.on }),
  condition: (draft, action) => writeEnablement(draft, action, { condition: action.on && (action.by ?? 'contractor') }),
  link: (draft, action) => writeEnablement(draft, action, { link: action.how }),
  rollout: (draft, action) => writeEnablement(draft, action, { rollout: action.how }),
  pilot: (draft, action) => writeEnablement(draft, action, { pilot: [...action.emails] }),
  proveDomain,
  loseDomain,
  aliases: (draft, action) => {
    const one = draft.connections[connectionName(action.connection)];
    if (!one) return NOTHING;
    Object.assign(one, { aliases: [...action.domains], revision: ++draft.serial });
    return DONE;
  },
  touch: (draft, action) => {
    const one = draft.connections[connectionName(action.connection)];
    if (!one) return NOTHING;
    one.revision = ++draft.serial;
    return DONE;
  },
  idpChange: (draft, action) => {
    const people = draft.people[action.idp];
    if (!people) return NOTHING;
    people[`l${action.login}`] = { ...action.person };
    return DONE;
  },
  expect: expectIdentity,
  prepare,
  withdraw,
  ticket,
  changeIssuer: (draft, action) => {
    const one = draft.connections[connectionName(action.connection)];
    if (!one) return NOTHING;
    if (isOfDirectory(draft, (item) => item.connection === connectionName(action.connection))) return NOTHING;
    // Subjects that were expected were those of the issuer before.
    if (one.idp !== action.idp)
      draft.expected = draft.expected.map((item) =>
        item.connection === connectionName(action.connection) && item.subject !== undefined
          ? { ...item, idp: item.idp ?? one.idp }
          : item,
      );
    Object.assign(one, { idp: action.idp, revision: ++draft.serial });
    return DONE;
  },
  expectAgain,
  callback: (draft, action) => {
    draft.callbackGone = action.gone;
    return DONE;
  },
  absorb,
  unlink,
  ...factorAdministration,
} satisfies { readonly [N in Action['do']]?: Step<N> };
