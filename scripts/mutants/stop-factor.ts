// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults about the link that removes an account's first factor. */
import { type Mutant, mutantsOf } from './mutant.js';

const THIEF = 'test/attacks/factors/first-factor-of-a-thief.test.ts';
const MAILS = 'test/login/factor-mail.test.ts';

export const STOP_FACTOR_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/storage/stop-factors.ts',
    [
      'a stop link works for the former owner of the address',
      "when u.email is distinct from $2 then 'address'",
      "when false then 'address'",
      THIEF,
    ],
    ['a stop link removes a factor that is older', 'f.confirmed_at < $3', 'false and f.confirmed_at < $3', THIEF],
    ['an address for codes keeps the owner from stopping', "f.kind not in ('recovery-code', 'email')", 'true', THIEF],
    ['a stop link works twice', 't.ticket_hash = $4)', 't.ticket_hash = $4 and false)', THIEF],
    ["an operator's mailbox opens the console", 'where m.user_id = u.user_id)', 'where false)', THIEF],
    ['the thief keeps the password', "set hash = '${ENDED_HASH}',", 'set hash = hash,', THIEF],
    ['the thief keeps the session', '  await endEverything(db, userId, at);\n', '', THIEF],
  ),
  ...mutantsOf(
    'src/http/login/mail-links/stop-factor.ts',
    ['a stop link never expires', 'deps.pipeline.clock.now() >= expiresAt', 'false', THIEF],
    ['a mail scanner removes the factor', "(visit, { ticket }) => show(visit, ticket, 'ask')", 'stop', THIEF],
  ),
  ...mutantsOf('src/management/users/factor-changes.ts', [
    'each factor of a person has a stop link',
    'call.isOwn && !factors.some(isRealFactor)',
    'call.isOwn',
    THIEF,
  ]),
  ...mutantsOf('src/http/oauth/factors/notices.ts', [
    'each factor by the API has a stop link',
    'own.some(countsAlone) ? undefined : userId',
    'userId',
    MAILS,
  ]),
  ...mutantsOf('src/login/factor-mail.ts', [
    "an operator's factor has a stop link",
    '|| organization?.isOfOperators) return',
    ') return',
    MAILS,
  ]),
  ...mutantsOf('src/http/oauth/factors/ground.ts', [
    'a token of a session that has ended sets up a factor',
    'sessionId !== undefined && ofSession === undefined',
    'false',
    'test/attacks/factors-api/factor-of-a-stranger.test.ts',
  ]),
  ...mutantsOf('src/login/plan-factor.ts', [
    'a passed factor has a stop link for the next one',
    'return isByPasskey || isPassed ?',
    'return isByPasskey ?',
    MAILS,
  ]),
];
