/**
 * Links that set up a second factor in the model: for whom an administrator makes one, and what a person gets with it. Written from
 * docs/linking-rule.md, part 11, and ADR 0093. A link admits nobody.
 */
import { DONE, type Draft, NOTHING, pick, rejected, type Step, userOf } from './draft.js';
import { storeFactor } from './factors.js';
import { hasFactor, mayChangeOwn } from './own-account-rules.js';
import type { FactorTicket, Outcome, State, User } from './state.js';

type Kind = NonNullable<FactorTicket['kind']>;

const KINDS: readonly Kind[] = ['otp', 'webauthn-roaming'];
/** Each answer is two forms or three, of the ten that the page takes at once. */
const MOST_TRIES = 3;

/** The kinds that somebody may set up with a link: one application, and any number of keys. */
function kindsFor(state: State, { factors = [] }: User, only: Kind | undefined): readonly Kind[] {
  const hasApp = factors.some(({ kind }) => kind === 'otp');
  return KINDS.filter(
    (kind) =>
      state.factors.accepts.includes(kind) && !(kind === 'otp' && hasApp) && (only === undefined || only === kind),
  );
}

/** The kinds that the link permits now, in the order of its page. */
export function ticketKinds(state: State, { user, kind }: FactorTicket): readonly Kind[] {
  const held = state.users[user];
  return held === undefined ? [] : kindsFor(state, held, kind);
}

const factorTicket: Step<'factorTicket'> = (draft, action) => {
  if (draft.code !== undefined) return NOTHING;
  const user = userOf(draft, action.user);
  const held = draft.users[user ?? ''];
  if (user === undefined || held === undefined) return NOTHING;
  const isEnrolled = held.factors?.some(({ kind }) => kind === 'otp' || kind === 'webauthn-roaming');
  if (held.blocked || (isEnrolled && !action.more)) return rejected(400);
  if (kindsFor(draft, held, action.kind).length === 0) return rejected(400);
  const { email, factorsRevision: revision = 0 } = held;
  draft.tickets.push({ user, email, kind: action.kind, revision, state: 'live', tries: 0 });
  return DONE;
};

const expireFactorTicket: Step<'expireFactorTicket'> = (draft, action) => {
  const ticket = pick(draft.tickets, action.ticket);
  if (ticket?.state !== 'live') return NOTHING;
  ticket.state = 'expired';
  return DONE;
};

export const factorTickets = { factorTicket, expireFactorTicket };

/** An account with a factor is changed only by a session of its own that may do so at the page of the account. */
function mayChange(state: State, user: string, session: State['sessions'][string] | undefined): boolean {
  if (!hasFactor(state.users[user])) return true;
  return session?.user === user && mayChangeOwn(state, session);
}

/** The weakest word for all ways in together; undefined where one of them may be a stranger's. */
function voucherOfAll(state: State, user: string) {
  const { passwordFor, passwordEnded, passwordBy } = state.users[user] ?? {};
  if (passwordFor !== undefined && !passwordEnded && passwordBy === undefined) return undefined;
  if (passwordBy !== undefined) return passwordBy;
  const vouchers = state.identities.flatMap((item) => (item.user === user ? [item.said.voucher ?? 'idp'] : []));
  return vouchers.includes('idp') ? 'idp' : vouchers.sort()[0];
}

const REFUSED: Outcome = { kind: 'refused', code: 'authenticate.ticket_not_usable' };

function setUp(draft: Draft, ticket: Draft['tickets'][number], kind: Kind, serial: number): void {
  const held = draft.users[ticket.user];
  if (held === undefined) throw new Error('the owner of a live link exists');
  storeFactor(draft, held, { kind, voucher: voucherOfAll(draft, ticket.user), serial });
  ticket.state = 'used';
}

/** A person opens the link in a browser, and gives an answer or not. */
export const useFactorTicket: Step<'useFactorTicket'> = (draft, action) => {
  const browser = draft.browsers[action.browser];
  const ticket = pick(draft.tickets, action.ticket);
  if (!browser || !ticket || ticket.tries >= MOST_TRIES) return NOTHING;
  const serial = draft.serial++;
  ticket.tries += 1;
  const held = draft.users[ticket.user];
  if (ticket.state !== 'live' || held === undefined || held.blocked) return REFUSED;
  if ((held.factorsRevision ?? 0) !== ticket.revision || held.email !== ticket.email) return REFUSED;
  const session = browser.session === undefined ? undefined : draft.sessions[browser.session];
  if (!mayChange(draft, ticket.user, session)) return { kind: 'page' };
  const kind = pick(ticketKinds(draft, ticket), action.index);
  if (kind === undefined || action.how !== 'right') return { kind: 'page' };
  setUp(draft, ticket, kind, serial);
  return DONE;
};
