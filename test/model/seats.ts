/**
 * Memberships of accounts that IT recreated, in the model: moved to another subject or address, with a second account taken in or without, and put
 * back as they were.
 */
import { forget } from './administration.js';
import { DONE, type Draft, endAccessThrough, NOTHING, pick, rejected, type Step, userOf } from './draft.js';
import { isOfDirectory } from './provisioned.js';
import { isSubject } from './rules.js';
import { type Identity, type Moved, memberKey } from './state.js';

type Absorbed = NonNullable<Moved['absorbed']>;

const organizationsOf = (draft: Draft, user: string): readonly string[] =>
  Object.keys(draft.organizations).filter((name) => draft.members[memberKey(name, user)] !== undefined);

/** Nothing but a second membership of the same person: one identity here, the same address, no organization more, no way in beside it. */
function isSecondSeat(
  draft: Draft,
  { connection, user }: Identity,
  other: string,
  { subject, email }: { readonly subject: string | undefined; readonly email: string | undefined },
): boolean {
  const account = draft.users[other];
  if (account === undefined || other === user || account.blocked || account.passwordFor !== undefined) return false;
  if ((account.factors ?? []).length > 0) return false;
  const [identity, ...more] = [...draft.identities, ...draft.expected].filter((item) => item.user === other);
  if (identity === undefined || more.length > 0 || identity.connection !== connection || !('idp' in identity))
    return false;
  if (!('said' in identity) || draft.moved.some((item) => item.user === other)) return false;
  if (subject !== undefined && identity.subject !== subject) return false;
  if (account.email === undefined || ![draft.users[user]?.email, email].includes(account.email)) return false;
  const own = organizationsOf(draft, user);
  return organizationsOf(draft, other).every((name) => own.includes(name));
}

/** Takes the account away, and returns what is kept of it. */
function takeOut(draft: Draft, name: string): { readonly absorbed: Absorbed } {
  const user = draft.users[name];
  const identity = draft.identities.find((item) => item.user === name);
  if (user === undefined || identity === undefined) throw new Error(`${name} is no second seat`);
  const members = Object.fromEntries(
    organizationsOf(draft, name).flatMap((where) => {
      const member = draft.members[memberKey(where, name)];
      return member === undefined ? [] : [[memberKey(where, name), member]];
    }),
  );
  forget(draft, name);
  return { absorbed: { name, user, identity, members } };
}

/** True when the account's id, or its identity, belongs to somebody by now. `ends`: an identity that the restoring takes away. */
function isInUse(draft: Draft, { name, identity }: Absorbed, ends: (item: Identity) => boolean): boolean {
  const isSame = ({ connection, idp, subject }: Identity): boolean =>
    connection === identity.connection && idp === identity.idp && subject === identity.subject;
  return draft.users[name] !== undefined || draft.identities.some((item) => isSame(item) && !ends(item));
}

function putBack(draft: Draft, { name, user, identity, members }: Absorbed): void {
  draft.users[name] = structuredClone(user) as Draft['users'][string];
  draft.identities.push(structuredClone(identity) as Draft['identities'][number]);
  Object.assign(draft.members, structuredClone(members));
}

export const moveSeat: Step<'moveSeat'> = (draft, { identity: index, by, absorb: second }) => {
  const identity = pick(draft.identities, index);
  if (identity === undefined) return NOTHING;
  const { connection, user } = identity;
  // Members' own connections are not moved in these histories.
  if (draft.connections[connection]?.managedBy !== undefined) return NOTHING;
  const isMeant = (item: { user: string; scimId?: string | undefined }) =>
    item.user === user || item.user === (second === undefined ? undefined : userOf(draft, second));
  if (isOfDirectory(draft, isMeant)) return NOTHING;
  const subject = 'subject' in by ? by.subject : undefined;
  const email = 'email' in by ? by.email : undefined;
  if (subject !== undefined && (!isSubject(subject) || subject === identity.subject)) return rejected(400);
  const here = (item: { connection: string }) => item.connection === connection;
  const absorbed = second === undefined ? undefined : userOf(draft, second);
  if (second !== undefined && (absorbed === undefined || !isSecondSeat(draft, identity, absorbed, { subject, email })))
    return rejected(409);
  const isHeld = draft.identities.some(
    (item) =>
      here(item) &&
      item.user !== user &&
      item.user !== absorbed &&
      (subject === undefined
        ? absorbed === undefined && draft.users[item.user]?.email === email
        : item.subject === subject),
  );
  const isExpected = draft.expected.some((item) => here(item) && item.subject === subject && item.email === email);
  if (isHeld || isExpected) return rejected(409);
  draft.identities = draft.identities.filter((item) => item !== identity);
  // Taken out first: to forget an account gives the draft a new list.
  const taken = absorbed === undefined ? {} : takeOut(draft, absorbed);
  draft.moved.push(structuredClone({ ...identity, ...taken }) as Draft['moved'][number]);
  draft.expected.push({ connection, subject, email, user, ...(identity.primary && { primary: true as const }) });
  endAccessThrough(draft, user, connection);
  return DONE;
};

export const restoreSeat: Step<'restoreSeat'> = (draft, { moved: index, endNew }) => {
  const moved = pick(draft.moved, index);
  if (moved === undefined || isOfDirectory(draft, ({ user }) => user === moved.user)) return NOTHING;
  const { connection, user } = moved;
  const here = (item: { connection: string; user: string }) => item.connection === connection && item.user === user;
  if (draft.moved.findLast(here) !== moved) return rejected(409);
  if (!endNew && draft.identities.some(here)) return rejected(409);
  const isTaken = (item: { connection: string; idp: number; subject: string; user: string }) =>
    !here(item) && item.connection === connection && item.idp === moved.idp && item.subject === moved.subject;
  if (draft.identities.some(isTaken)) return rejected(409);
  const { absorbed, ...identity } = moved;
  if (absorbed !== undefined && isInUse(draft, absorbed, here)) return rejected(409);
  draft.moved = draft.moved.filter((item) => item !== moved);
  draft.identities = [...draft.identities.filter((item) => !here(item)), identity];
  if (absorbed !== undefined) putBack(draft, absorbed);
  draft.expected = draft.expected.filter((item) => !here(item));
  endAccessThrough(draft, user, connection);
  return DONE;
};
