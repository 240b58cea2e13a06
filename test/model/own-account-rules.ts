/**
 * The right to change how an account signs in, in the model: for a session with a fresh proof, and not for a company's session of an
 * account with another way in. Written from docs/linking-rule.md, part 11, and docs/guides/account-page.md. Pure.
 */
import { acceptedIn, asksEverybody, settingOf } from './factors.js';
import { DATABASE, type HeldFactor, memberKey, type Session, type State, type User } from './state.js';

/** A factor that somebody can sign in with: a recovery code and an address only take the place of one. */
export const countsAlone = ({ kind }: Pick<HeldFactor, 'kind'>): boolean =>
  kind !== 'recovery-code' && kind !== 'email';

export const hasFactor = (user: User | undefined): boolean => user?.factors?.some(countsAlone) === true;

/** A company's session, and the account has a password or another company's identity. */
export function isCompanyOfMany(state: State, { user, connection }: Session): boolean {
  const { passwordFor, passwordEnded } = state.users[user] ?? {};
  const hasPassword = passwordFor !== undefined && !passwordEnded;
  const isElsewhere = state.identities.some((item) => item.user === user && item.connection !== connection);
  return connection !== DATABASE && (hasPassword || isElsewhere);
}

/** `late`: more than a quarter of an hour after the sign-in, and after what was passed in it. */
export function mayChangeOwn(state: State, session: Session, late = false): boolean {
  if (isCompanyOfMany(state, session) || late) return false;
  const held = state.users[session.user];
  if (!hasFactor(held)) return true;
  const passed = session.factor?.kind;
  return passed !== undefined && passed !== 'email' && held?.factors?.some(({ kind }) => kind === passed) === true;
}

/**
 * The tenant or an organization of the person asks for a factor, and without this one the account has none, or none that
 * is accepted there.
 */
export function isLastRequired(state: State, user: string, removed: HeldFactor): boolean {
  const others = state.users[user]?.factors?.filter(({ name }) => name !== removed.name) ?? [];
  if (!countsAlone(removed)) return false;
  const left = others.filter(countsAlone);
  const asking = Object.entries(state.organizations)
    .filter(([name, { blocked, mfa }]) => !blocked && mfa.rule !== 'none' && state.members[memberKey(name, user)])
    .map(([name]) => acceptedIn(state, name));
  return [...(asksEverybody(state) ? [state.factors.accepts] : []), ...asking].some((accepts) => {
    const counts = ({ kind }: HeldFactor) => accepts.includes(settingOf(kind));
    return left.length === 0 || (counts(removed) && !left.some(counts));
  });
}
