// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults about accounts that somebody opened under another person's address: what a link proves, who needs a link, and
 * which passwords are removed when the owner comes.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const ATTACK = 'test/attacks/account-planted-by-a-link.test.ts';
const PLAN = 'test/login/plan.test.ts';
const STORE = 'test/storage/login-store.test.ts';
const SIGN_UP = 'test/login/sign-up-proof.test.ts';

export const PLANTED_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/domain/ticket.ts', [
    'one seal for every carrier of a link',
    'return `ticket:invitation:${carrier}:${ticket}`;',
    'return `ticket:invitation:${carrier.slice(9)}:${ticket}`;',
    'test/domain/ticket.test.ts',
  ]),
  ...mutantsOf(
    'src/login/2-authenticate.ts',
    [
      'a delivered link taken for a proof of the mailbox',
      "credential.addressProved || carrier === 'mail'",
      'credential.addressProved || carrier !== undefined',
      ATTACK,
    ],
    [
      'a ticket without a seal opens an account',
      'const mayOpen = addressProved || carrier !== undefined;',
      'const mayOpen = addressProved || invited;',
      SIGN_UP,
    ],
  ),
  ...mutantsOf('src/http/login/mail-links/sign-up.ts', [
    'no code for a link without a seal',
    'if (mayAsk && transaction.request.invitationCarrier === undefined)',
    'if (mayAsk && identified.invitation === undefined)',
    ATTACK,
  ]),
  ...mutantsOf('src/login/4-admit.ts', [
    'a password account enters by an invitation without its link',
    'if (!isEnterprise(strategy)) return undefined;',
    '',
    'test/login/admit.test.ts',
    ATTACK,
  ]),
  ...mutantsOf(
    'src/login/plan-mailbox.ts',
    [
      "a delivered link is the operator's word",
      "return carrier === 'application' ? undefined : carrier;",
      "return carrier === 'application' ? 'operator' : carrier;",
      PLAN,
    ],
    [
      'a link vouches for an address that it was not sent to',
      'address !== undefined && admitted.invitation?.inviteeEmail === address ? invitationCarrier',
      'address !== undefined ? invitationCarrier',
      PLAN,
    ],
    [
      'a silent binding leaves a planted password',
      'if (account.bind === undefined && !mailed) return {};',
      'if (!mailed) return {};',
      PLAN,
      ATTACK,
    ],
    [
      'a mailed link beside a known identity leaves a planted password',
      "own?.by === 'code' || carrierOf(admitted, request) === 'mail'",
      "own?.by === 'code'",
      PLAN,
    ],
    ['a password that proved the account ends', 'if (showedPassword(admitted)) return {};', '', PLAN, ATTACK],
    [
      'the password of another account keeps a planted one',
      "own?.by === 'password' && account.kind === 'existing' && own.userId === account.candidate.account.userId",
      "own?.by === 'password' && account.kind === 'existing'",
      PLAN,
    ],
    [
      'the password of another account vouches for an address',
      "if (ownProof?.by === 'password' && !showedPassword(admitted)) return undefined;",
      '',
      PLAN,
    ],
    [
      'a code for an unproved address believes a client',
      "which: unproved ? 'unmailed' : 'unvouched'",
      "which: 'unvouched'",
      PLAN,
    ],
  ),
  ...mutantsOf(
    'src/storage/login-store/commit-parts.ts',
    ['passwords with a voucher end, too', '(vouched_by is null or :only_mailed', '(true or :only_mailed', STORE],
    [
      'a password that was shown ends',
      'connection_id is distinct from :kept_password',
      '(true or connection_id is distinct from :kept_password)',
      STORE,
    ],
    [
      'the session of a planted password goes on',
      'ended_through_sessions: `delete from sessions where user_id = :user and',
      'ended_through_sessions: `delete from sessions where false and user_id = :user and',
      STORE,
    ],
    [
      'a link for a new password that the API showed outlives the proof',
      'password_vouched_by is null) and exists (select 1 from go)',
      'password_vouched_by is null) and exists (select 1 from go where false)',
      STORE,
    ],
    [
      'a better hash forgets its voucher',
      'vouched_by = coalesce(excluded.vouched_by, password_credentials.vouched_by)',
      'vouched_by = excluded.vouched_by',
      STORE,
    ],
  ),
  ...mutantsOf('src/storage/login-store/address-proved.ts', [
    "an organization's delivered link counts everywhere",
    'where v.organization_id = ${organization} and v.user_id',
    'where (${organization} is null or true) and v.user_id',
    ATTACK,
  ]),
  ...mutantsOf(
    'src/storage/account-recovery.ts',
    [
      'a planted password outlives a mailed link',
      'const hasEnded = isProved && (await endUnvouched(db, use));',
      'const hasEnded = false;',
      ATTACK,
    ],
    [
      'a session of a planted password outlives a mailed link',
      'if (hasEnded) await endEverything(db, use.userId, use.at);',
      '',
      ATTACK,
    ],
    [
      'every password set by a link has a voucher',
      'use.hash, use.at, taken.password_vouched_by],',
      "use.hash, use.at, 'operator'],",
      ATTACK,
    ],
  ),
  ...mutantsOf('src/management/users/tickets.ts', [
    'a client that may set no password vouches for one',
    "call.caller.scopes.has('update:users') ? ('operator' as const) : undefined",
    "call.caller.scopes.has('create:user_tickets') ? ('operator' as const) : undefined",
    ATTACK,
  ]),
  ...mutantsOf('src/management/users/user-identities.ts', [
    "a planted password outlives the link of a company's account",
    'if (secondary.identities.some(({ strategy }) => isEnterprise(strategy)))',
    'if (secondary.identities.length === 0)',
    ATTACK,
  ]),
  ...mutantsOf(
    'src/management/organizations/invitations.ts',
    [
      'an operator delivers as an application does',
      "return person === undefined ? 'application' : undefined;",
      "return person === undefined ? 'application' : 'application';",
      ATTACK,
    ],
    [
      'an answer to a mailed invitation has a seal',
      'const carrier = isMailed ? undefined : carrierFor(call.caller);',
      'const carrier = carrierFor(call.caller);',
      'test/attacks/planted-account.test.ts',
    ],
  ),
];
