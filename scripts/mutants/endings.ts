// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in four areas: access that ends with a password, a membership or a block; choices at the picker; tokens that
 * return from an Action; a tenant's texts that become part of a page.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const PICKER = 'test/scenarios/14-organization-prompt.test.ts';
const ROUTE = 'test/scenarios/action-route.test.ts';
const SESSIONS = 'test/scenarios/sessions.test.ts';
const RETURNED = 'test/actions/runner/post-login.test.ts';
const MARK = 'test/domain/brand-mark.test.ts';
const COLOR = 'test/domain/color.test.ts';
const ENDED = 'test/scenarios/35-whatever-ends-it.test.ts';
const REFRESH = 'test/oauth/refresh-actions.test.ts';

const TOLD = 'test/scenarios/back-channel-logout.test.ts';

const CHOICES = [
  ...mutantsOf(
    'src/http/login/picker.ts',
    [
      'the organization that an Action chose is replaced at the picker',
      'transaction.routed !== true &&\n',
      '\n',
      ROUTE,
    ],
    [
      'the picker goes on with the session of whoever signed in since',
      "return proof?.kind === 'session' && proof.userId === credential.session.userId;",
      "return proof?.kind === 'session';",
      PICKER,
    ],
    [
      'any organization may be named at the picker',
      'if (chosen) return enter({ ...step, transaction }, chosen.id, credential);',
      'if (step.fields.organization) return enter({ ...step, transaction }, step.fields.organization, credential);',
      PICKER,
    ],
  ),
  ...mutantsOf('src/login/find-organizations.ts', [
    'auto-membership in two organizations is a choice',
    "entrance.rule !== 'auto' || autoMemberships === 1",
    "entrance.rule !== ''",
    PICKER,
  ]),
];

const ENDS = [
  ...mutantsOf(
    'src/http/login/mail-links/recovery.ts',
    [
      'who is blocked gets a link for a new password',
      'const isMailed = found !== undefined && !found.account.blocked;',
      'const isMailed = found !== undefined;',
      SESSIONS,
    ],
    [
      'by a link any password will do',
      'if (fault !== undefined) {\n    const message',
      'if (false) {\n    const message',
      SESSIONS,
    ],
  ),
  ...mutantsOf('src/http/login/mail-links/verify-email.ts', [
    'a scanner of mails confirms an address',
    '(visit, { ticket }) => show(visit, ticket, { done: false })',
    'confirm',
    'test/scenarios/tickets.test.ts',
  ]),
  ...mutantsOf(
    'src/management/users/user-update.ts',
    [
      'sessions outlive the password that opened them',
      'if (password !== undefined || email !== undefined ||',
      'if (email !== undefined ||',
      ENDED,
    ],
    [
      'a pending reset goes to an address that was taken away',
      'if (password !== undefined || email !== undefined ||',
      'if (password !== undefined ||',
      ENDED,
    ],
    ['who is blocked stays signed in', ' || (body.blocked === true && !user.blocked)', '', ENDED],
  ),
  ...mutantsOf(
    'src/storage/directory/organizations/members.ts',
    [
      'a code outlives the membership',
      "        .deleteFrom('authorization_codes')\n",
      "        .deleteFrom('authorization_codes')\n        .where('user_id', 'is', null)\n",
      ENDED,
    ],
    [
      'a refresh token outlives the membership',
      "        .updateTable('refresh_tokens')\n",
      "        .updateTable('refresh_tokens')\n        .where('user_id', 'is', null)\n",
      ENDED,
    ],
  ),
  ...mutantsOf('src/storage/tokens/exchange-after-actions.ts', [
    'who was removed while an Action ran has tokens',
    '(not o.blocked and ${APPLICATION_ENTITLED} and ${IS_MEMBER})',
    'true',
    REFRESH,
  ]),
];

const RETURNS = mutantsOf(
  'src/actions/child/api/redirect.ts',
  [
    'the token that comes back chooses its algorithm',
    "member(decodePart(head), 'alg') === 'HS256' && rest",
    'rest',
    RETURNED,
  ],
  ['the token that comes back is anybody’s', '!isSigned || !timingSafeEqual(given, expected)', '!isSigned', RETURNED],
  ['the token that comes back is old', 'if (expiresAt * 1000 <= context.now()) throw', 'if (false) throw', RETURNED],
  [
    "the token that comes back is another person's",
    "if (subject !== member(context.event, 'user', 'user_id')) throw",
    'if (false) throw',
    RETURNED,
  ],
  [
    'the token that comes back is of another redirect',
    "if (typeof expected !== 'string' || state !== expected)\n",
    'if (false)\n',
    RETURNED,
  ],
  [
    'the token that comes back names no redirect, and none is expected',
    "typeof expected !== 'string' || state !== expected",
    'state !== expected',
    RETURNED,
  ],
  [
    'a person is sent to a script',
    "if (target.protocol !== 'https:' && target.protocol !== 'http:')\n",
    'if (false)\n',
    RETURNED,
  ],
);

const TEXTS = [
  ...mutantsOf('src/domain/look/color.ts', [
    'a color ends the style around it',
    'return /^#[0-9a-f]{6}$/i.test(text)',
    'return /^#[0-9a-f]{6}/i.test(text)',
    COLOR,
  ]),
  ...mutantsOf(
    'src/domain/look/brand-mark.ts',
    [
      'a logo that is a script',
      "const allowed = url.protocol === 'https:' || (url",
      "const allowed = url.protocol !== 'http:' || (url",
      MARK,
    ],
    [
      'a listener on the network sees who signs in',
      "(url.protocol === 'http:' && LOOPBACK.test(url.hostname))",
      "url.protocol === 'http:'",
      MARK,
    ],
    ['a host that begins like this machine', '|\\[::1\\])$/', '|\\[::1\\])/', MARK],
    [
      'a password in the address of a logo',
      "if (url.username !== '' || url.password !== '') return undefined;",
      '',
      MARK,
    ],
    [
      'a name turns the text around it',
      ".replace(/[\\u200e\\u200f\\u061c\\u202a-\\u202e\\u2066-\\u2069]/gu, '')",
      '',
      MARK,
    ],
  ),
  ...mutantsOf('src/storage/secrets/secret-key.ts', [
    'other accounts of the machine read the key',
    '(statSync(path).mode & 0o077) !== 0',
    'statSync(path).mode === 0',
    'test/storage/secret-key.test.ts',
  ]),
  ...mutantsOf('src/actions/frames.ts', [
    'a forged header makes the server collect gigabytes',
    'if (length > this.maxBytes) throw',
    'if (length < 0) throw',
    'test/actions/runner/messages.test.ts',
  ]),
  ...mutantsOf('src/management/attack-protection/attack-protection.ts', [
    'one network uses up what an address has from everywhere',
    'if (isBlocking(after) && isPerNetwork && after.max_attempts > MOST_FROM_NETWORK)\n',
    'if (false)\n',
    'test/management/attack-protection.test.ts',
  ]),
];

const LOGOUTS = [
  ...mutantsOf('src/tokens/issuer.ts', [
    'a logout token is of the kind of an ID token',
    "return signJwt(ring, claims, 'logout+jwt');",
    'return signJwt(ring, claims);',
    TOLD,
  ]),
  ...mutantsOf('sql/0002_logout_notices.sql', [
    'an application is told of every ending, whatever it chose',
    "s.chosen ->> 'mode' = 'all' or",
    'true or',
    TOLD,
  ]),
  ...mutantsOf(
    'src/storage/jobs/run-logout-notices.ts',
    [
      'each notice of an application that is down is tried',
      'if (trouble !== undefined && trouble.retryAt > clock.now())',
      'if (trouble !== undefined && trouble.failures > 1_000)',
      TOLD,
    ],
    [
      'an application that cannot use a token is asked for a day',
      "if (end.kind === 'failed') {",
      "if (end.kind === 'failed' || end.kind === 'refused') {",
      TOLD,
    ],
  ),
  ...mutantsOf(
    'src/storage/login-store/commit-parts.ts',
    [
      'whoever signs in again in a browser is signed out of the application',
      'from go, replaced_now s where c.user_id',
      'from go, replaced_now s where false and c.user_id',
      TOLD,
    ],
    [
      'an application that the browser’s session signs in to is never told',
      '(plan.tellsOfLogout && newSession(plan)?.replaces === undefined ? {} : undefined)',
      '(plan.tellsOfLogout && newSession(plan) && newSession(plan)?.replaces === undefined ? {} : undefined)',
      TOLD,
    ],
  ),
  ...mutantsOf('src/storage/sessions.ts', [
    'a logout at the identity provider is taken for an operator’s',
    "because('idp-logout')",
    "because('session-revoked')",
    TOLD,
  ]),
  ...mutantsOf('src/connectors/logout-delivery.ts', [
    'a redirect confirms a logout',
    'status >= 200 && status < 300',
    'status >= 200 && status < 400',
    TOLD,
  ]),
];

export const ENDING_MUTANTS: readonly Mutant[] = [...CHOICES, ...LOGOUTS, ...ENDS, ...RETURNS, ...TEXTS];
