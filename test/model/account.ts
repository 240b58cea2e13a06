/**
 * Changes that people make on the page of their account, in the model. Written from docs/guides/account-page.md and docs/linking-rule.md, part 11.
 * A refused change leaves nothing.
 */
import type { Action } from './actions.js';
import { DONE, type Draft, NOTHING, pick, type Step } from './draft.js';
import { remove } from './factor-administration.js';
import { raise, settingOf, storeFactor } from './factors.js';
import { hasFactor, isCompanyOfMany, isLastRequired, mayChangeOwn } from './own-account-rules.js';
import { DATABASE, type HeldFactor, type Outcome, type OwnKind, type Session } from './state.js';

const refused = (why: string): Outcome => ({ kind: 'refused', code: `account.${why}` });
/** Without a session: the page begins a sign-in. */
const SIGNED_OUT = refused('signed_out');
const NOT_ALLOWED = refused('not_allowed');
/** Something has changed since the person began, or since they opened the page. */
const CHANGED = refused('changed');

interface Visitor {
  readonly browser: Draft['browsers'][number];
  readonly id: string;
  readonly session: Session;
  readonly held: Draft['users'][string];
}

/** The person whose session the browser has; undefined when it has ended. */
function visitorOf(draft: Draft, index: number): Visitor | undefined {
  const browser = draft.browsers[index];
  const id = browser?.session;
  const session = id === undefined ? undefined : draft.sessions[id];
  const held = draft.users[session?.user ?? ''];
  if (!browser || id === undefined || !session || !held || held.blocked) return undefined;
  return { browser, id, session, held };
}

/** Each kind that the tenant accepts, and one app at most. */
function mayEnrol(draft: Draft, { held: { factors = [] } }: Visitor, kind: OwnKind, replaces?: string): boolean {
  const app = factors.find((one) => one.kind === 'otp');
  return draft.factors.accepts.includes(settingOf(kind)) && (kind !== 'otp' || app?.name === replaces);
}

/** Finds who vouches for a factor set up in a session: the voucher of the password or the identity that opened it. */
function voucherIn(draft: Draft, { user, connection }: Session): HeldFactor['voucher'] {
  if (connection === DATABASE) return draft.users[user]?.passwordBy;
  const bound = draft.identities.find((item) => item.user === user && item.connection === connection);
  return bound && (bound.said.voucher ?? 'idp');
}

const begin: Step<'accountBegin'> = (draft, action) => {
  const visitor = visitorOf(draft, action.browser);
  if (!visitor) return SIGNED_OUT;
  const { browser, id, session, held } = visitor;
  const replaces = action.kind === 'replace' ? held.factors?.find(({ kind }) => kind === 'otp')?.name : undefined;
  if (action.kind === 'replace' && replaces === undefined) return NOTHING;
  if (!mayChangeOwn(draft, session, action.late)) return NOT_ALLOWED;
  const kind = action.kind === 'replace' ? 'otp' : action.kind;
  if (!mayEnrol(draft, visitor, kind, replaces)) return CHANGED;
  browser.enrolment = { kind, replaces, session: id, revision: held.factorsRevision ?? 0 };
  return { kind: 'page' };
};

const finish: Step<'accountFinish'> = (draft, action) => {
  const enrolment = draft.browsers[action.browser]?.enrolment;
  if (!enrolment) return NOTHING;
  const serial = draft.serial++;
  const visitor = visitorOf(draft, action.browser);
  if (!visitor) return SIGNED_OUT;
  const { id, session, held } = visitor;
  const { kind, replaces, revision } = enrolment;
  if (enrolment.session !== id || action.late) return CHANGED;
  if (!mayChangeOwn(draft, session)) return NOT_ALLOWED;
  if ((held.factorsRevision ?? 0) !== revision || !mayEnrol(draft, visitor, kind, replaces)) return CHANGED;
  if (!action.right) return { kind: 'page' };
  storeFactor(draft, held, { kind, voucher: voucherIn(draft, session), serial, replaces });
  return DONE;
};

/** A new recovery code takes the place of the one that there is. */
const renew: Step<'accountRecovery'> = (draft, action) => {
  const serial = draft.serial++;
  const visitor = visitorOf(draft, action.browser);
  if (!visitor) return SIGNED_OUT;
  const { session, held } = visitor;
  if (!mayChangeOwn(draft, session, action.late)) return NOT_ALLOWED;
  if (!draft.factors.accepts.includes('recovery-code') || !hasFactor(held)) return CHANGED;
  const others = (held.factors ?? []).filter(({ kind }) => kind !== 'recovery-code');
  held.factors = [...others, { name: `r${serial}`, kind: 'recovery-code', voucher: voucherIn(draft, session) }];
  raise(draft, held);
  return DONE;
};

const removeOne: Step<'accountRemove'> = (draft, action) => {
  const visitor = visitorOf(draft, action.browser);
  if (!visitor) return SIGNED_OUT;
  const { session, held } = visitor;
  const factor = pick(held.factors ?? [], action.index);
  if (!factor) return NOTHING;
  if (!mayChangeOwn(draft, session, action.late)) return NOT_ALLOWED;
  if (isLastRequired(draft, session.user, factor)) return refused('last');
  remove(draft, held, ({ name }) => name === factor.name);
  return DONE;
};

/** Ends a session with its refresh tokens. */
function endSession(draft: Draft, id: string): void {
  delete draft.sessions[id];
  for (const token of draft.refreshTokens) if (token.session === id) token.live = false;
}

/** Those of the person's sessions that they see: a company's, beside another way in, only those at the company. */
function seenFrom(draft: Draft, { session }: Visitor): readonly string[] {
  const isNarrow = isCompanyOfMany(draft, session);
  const own = Object.entries(draft.sessions).filter(([, one]) => one.user === session.user);
  return own.flatMap(([id, { connection }]) => (isNarrow && connection !== session.connection ? [] : [id]));
}

/** The session of another browser, perhaps another person's; or that of this one. */
const end: Step<'accountEnd'> = (draft, action) => {
  const id = draft.browsers[action.other]?.session;
  if (id === undefined || !visitorOf(draft, action.other)) return NOTHING;
  const visitor = visitorOf(draft, action.browser);
  if (!visitor) return SIGNED_OUT;
  if (seenFrom(draft, visitor).includes(id)) endSession(draft, id);
  return DONE;
};

const endOthers: Step<'accountEndOthers'> = (draft, action) => {
  const visitor = visitorOf(draft, action.browser);
  if (!visitor) return SIGNED_OUT;
  for (const id of seenFrom(draft, visitor)) if (id !== visitor.id) endSession(draft, id);
  return DONE;
};

/** The changes by the forms of the page. */
export const account = {
  accountBegin: begin,
  accountFinish: finish,
  accountRecovery: renew,
  accountRemove: removeOne,
  accountEnd: end,
  accountEndOthers: endOthers,
} satisfies { readonly [N in Action['do']]?: Step<N> };
