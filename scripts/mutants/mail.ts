/**
 * Faults in mail: a password that is sent to another server, mail servers in the own network, templates that run code.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const PROVIDER = 'test/mail/provider.test.ts';
const API = 'test/management/email-provider.test.ts';
const TICKETS = 'test/scenarios/tickets.test.ts';
const WORDS = 'test/mail/own-words.test.ts';

export const MAIL_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/domain/ticket.ts', [
    'email templates: a link for a new password that works for a year',
    'LEAST_RESET_SECONDS), MOST_RESET_SECONDS)',
    'LEAST_RESET_SECONDS), 1e9)',
    TICKETS,
  ]),
  ...mutantsOf(
    'src/mail/own-words.ts',
    [
      'email templates: names are markup',
      "const html = createEngine('escape');",
      'const html = createEngine();',
      WORDS,
    ],
    ['email templates: raw undoes the escaping', "['escape', 'raw', 'escape_once']", "['escape']", WORDS],
    [
      'email templates: a mail without its link',
      'if (!toPlainText(made.html).includes(link))',
      'if (false)',
      WORDS,
      PROVIDER,
    ],
    ['email templates: links in names', 'unlinked(toOneLine(value, MAX_VALUE))', 'toOneLine(value, MAX_VALUE)', WORDS],
  ),
  ...mutantsOf(
    'src/management/emails/provider.ts',
    [
      'email provider: the password is sent to another server',
      "if (before?.password !== undefined && !isSame && !('smtp_pass' in given))",
      'if (false)',
      API,
    ],
    [
      'email provider: any header can be set',
      "/^x-/i.test(name) ? findHeaderProblem(name, text) : 'only headers that begin with X- are sent'",
      'undefined',
      API,
    ],
  ),
  ...mutantsOf('src/compose/mail.ts', [
    'email provider: a server in a private network is reached',
    "if (verdict !== 'forbidden')",
    'if (true)',
    PROVIDER,
  ]),
  ...mutantsOf('src/management/users/verification-job.ts', [
    'a job tells the address that the mail server repeated',
    "(word.includes('@') ? '(an address)' : word)",
    'word',
    'test/management/verification-job.test.ts',
  ]),
  ...mutantsOf('src/storage/jobs/send-mail.ts', [
    'email provider: old mail goes to everybody',
    " and outbox.created_at > p.created_at - interval '1 day'",
    '',
    PROVIDER,
  ]),
  ...mutantsOf('src/domain/mail/mail-provider.ts', [
    'email provider: a second sender',
    '/^[^@\\s,;:"()[\\]\\\\]+@[^@\\s,;:"()[\\]\\\\]+$/.test(address)',
    "address.includes('@')",
    PROVIDER,
    API,
  ]),
];
