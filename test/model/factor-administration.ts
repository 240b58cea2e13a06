/**
 * Changes of second factors by administrators, in the model: which ones the tenant accepts, whom it and its organizations ask for one, and
 * the factors of a person who lost them. Written from docs/guides and ADR 0090.
 */
import type { Action } from './actions.js';
import { DONE, type Draft, NOTHING, organizationOf, rejected, type Step, userOf } from './draft.js';
import { factorTickets } from './factor-tickets.js';
import { asksEverybody, canBeRequired, raise } from './factors.js';
import type { HeldFactor, State } from './state.js';

/**
 * Everybody who is asked for a factor can set one up: the tenant's settings, and those of each organization, leave one that counts
 * alone. A policy may come before the factors (ADR 0096): it asks nobody until there is one.
 */
function isAnswerable({ factors, organizations }: State, asked: boolean): boolean {
  const independent = factors.accepts.filter((name) => canBeRequired([name]));
  return (
    (!asked || !factors.required || independent.length > 0) &&
    Object.values(organizations).every(
      ({ mfa }) =>
        mfa.rule === 'none' ||
        (mfa.accepts.length === 0 ? independent.length > 0 : mfa.accepts.some((name) => independent.includes(name))),
    )
  );
}

/** `asked`: everybody was asked for a factor before the change. */
const checked = (draft: Draft, asked: boolean) => (isAnswerable(draft, asked) ? DONE : rejected(409));

/** The factors are taken away; a recovery code goes with the last one that it replaces. */
export function remove(draft: Draft, user: Draft['users'][string], isChosen: (factor: HeldFactor) => boolean): void {
  const factors = user.factors ?? [];
  const left = factors.filter((one) => !isChosen(one));
  if (left.length === factors.length) return;
  user.factors = left.some(({ kind }) => kind !== 'recovery-code') ? left : [];
  raise(draft, user);
}

/** Part 10: factors that nobody vouches for end with the password. */
export function endUnvouchedFactors(draft: Draft, user: Draft['users'][string]): void {
  const left = (user.factors ?? []).filter(({ voucher }) => voucher !== undefined);
  if (left.length === (user.factors ?? []).length) return;
  user.factors = left;
  raise(draft, user);
}

const onPerson =
  (change: (draft: Draft, user: Draft['users'][string]) => void) =>
  (draft: Draft, action: { readonly user: number }) => {
    const user = draft.users[userOf(draft, action.user) ?? ''];
    if (user === undefined) return NOTHING;
    change(draft, user);
    return DONE;
  };

const removeFactor: Step<'removeFactor'> = (draft, action) => {
  const user = draft.users[userOf(draft, action.user) ?? ''];
  if (!user?.factors?.some(({ kind }) => kind === action.kind)) return NOTHING;
  remove(draft, user, ({ kind }) => kind === action.kind);
  return DONE;
};

const steps = {
  factorSwitch: (draft, { name, on }) => {
    const asked = asksEverybody(draft);
    const others = draft.factors.accepts.filter((one) => one !== name);
    draft.factors.accepts = on ? [...others, name].sort() : others;
    return checked(draft, asked);
  },
  factorPolicy: (draft, { on }) => {
    const asked = asksEverybody(draft);
    draft.factors.required = on;
    return checked(draft, asked);
  },
  organizationMfa: (draft, action) => {
    const one = draft.organizations[organizationOf(draft, action.organization)];
    if (!one) return NOTHING;
    const { rule, accepts } = action;
    const counts = draft.factors.accepts.filter((name) => accepts.length === 0 || accepts.includes(name));
    if (rule !== 'none' && !canBeRequired(counts)) return rejected(409);
    one.mfa = { rule, accepts: [...accepts].sort() };
    return DONE;
  },
  resetFactors: onPerson((draft, user) => remove(draft, user, ({ kind }) => kind !== 'passkey')),
  forgetBrowsers: onPerson(raise),
  removeFactor,
} satisfies { readonly [N in Action['do']]?: Step<N> };

/** Histories with the tenant's own code have no second factors: the code asks about organizations. */
const withoutCode =
  <N extends keyof typeof steps>(name: N): Step<N> =>
  (draft, action) =>
    draft.code === undefined ? (steps[name] as Step<N>)(draft, action) : NOTHING;

export const factorAdministration = {
  factorSwitch: withoutCode('factorSwitch'),
  factorPolicy: withoutCode('factorPolicy'),
  organizationMfa: withoutCode('organizationMfa'),
  resetFactors: withoutCode('resetFactors'),
  forgetBrowsers: withoutCode('forgetBrowsers'),
  removeFactor: withoutCode('removeFactor'),
  ...factorTickets,
};
