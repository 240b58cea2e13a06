// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in the rule for a new password: the rule that is shown, the one that is applied, and the texts that a guesser
 * knows.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const RULE = 'test/properties/password-rule.test.ts';
const POLICY = 'test/domain/password-policy.test.ts';
const BLOCKED = 'test/scenarios/blocked-mail.test.ts';
const PAGES = 'test/scenarios/password-rule.test.ts';

export const PASSWORD_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/domain/passwords/password-strength.ts',
    ['any three parts are strong', '{ strong: 1e10', '{ strong: 1e8', POLICY],
    ['four words are too weak', '{ strong: 1e10', '{ strong: 1e24', RULE],
    ['kinds of characters are enough by themselves', "'not tried first': 1e5", "'not tried first': 1", POLICY],
    ['a long password is judged whole, whatever that costs', 'const LOOKED_AT = 32;', 'const LOOKED_AT = 128;', RULE],
    [
      'a password may be made of names that a guesser knows',
      'rest !== plain && rest',
      'rest === undefined && rest',
      POLICY,
    ],
  ),
  ...mutantsOf(
    'src/domain/passwords/password-policy.ts',
    ['what is promised beforehand is not what is applied', 'four words that', 'five words that', PAGES],
    [
      "the least length in Auth0's newer words is not read",
      'parseLength(newer?.complexity) ??',
      'undefined ??',
      POLICY,
    ],
    ['a level without its documented rule', 'checkNamed(password, strength) ??', 'undefined ??', RULE],
    ['the rule of one connection is shown for all', 'words[RULES[strength]]', 'words.ruleLow', RULE],
  ),
  ...mutantsOf('src/management/connections/database-options.ts', [
    'a database whose passwords are switched off goes on taking them',
    'methods.password.enabled === false',
    'methods.password.enabled === null',
    'test/management/echoes.test.ts',
  ]),
  ...mutantsOf('src/http/login/mail-links/sign-up.ts', [
    'the name of the organization is a password',
    'organization?.name, organization?.displayName,',
    'undefined, undefined,',
    PAGES,
  ]),
  ...mutantsOf(
    'src/http/login/mail-links/unblock.ts',
    [
      'the link of the mail about a block works without its button',
      "(visit, { ticket }) => show(visit, ticket, 'ask')",
      "async (visit, { ticket }) => {\n    await deps.attempts.forget(subjectsOfAddress(ticket.email));\n    return show(visit, ticket, 'ask');\n  }",
      BLOCKED,
    ],
    [
      'owners are mailed where the tenant does not wish it',
      'mailsOwner !== true) return;',
      'mailsOwner === null) return;',
      BLOCKED,
    ],
    [
      'an account that is barred is mailed',
      'found !== undefined && !found.account.blocked',
      'found !== undefined',
      BLOCKED,
    ],
    ['a wrong password is a block', '.length === 0) return;', '.length < 0) return;', BLOCKED],
  ),
  ...mutantsOf(
    'src/storage/account-recovery.ts',
    [
      'an old link lifts the limits of the next owner of an address',
      '[use.userId, taken.email])).length === 0',
      '[use.userId, taken.email])).length < 0',
      BLOCKED,
    ],
    [
      'an expired link keeps the next one from being made',
      'await queryRows(db, END_EXPIRED_UNBLOCK, [ticket.userId, ticket.at]);',
      '',
      BLOCKED,
    ],
    [
      'a mail for each try',
      'if (made.length > 0) await insertMail(db, box, mail, at);',
      'await insertMail(db, box, mail, at);',
      BLOCKED,
    ],
  ),
];
