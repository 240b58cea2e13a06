// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in exports of users: links that permit too much, formulas in cells, and downloads that continue without a
 * reader.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const EXPORTS = 'test/management/user-exports.test.ts';
const USERS = 'src/management/users';

export const EXPORT_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    `${USERS}/user-export-link.ts`,
    ['the link of one export opens another', '`ticket:users_export:${jobId}`', "'ticket:users_export'", EXPORTS],
    [
      'the link of an export has no end',
      'until !== undefined && new Date(until) > now',
      'until !== undefined',
      EXPORTS,
    ],
  ),
  ...mutantsOf(`${USERS}/user-exports.ts`, [
    'the link of an export shown to a caller who may only create users',
    "!call.caller.scopes.has('read:users')",
    'false',
    EXPORTS,
  ]),
  ...mutantsOf(
    `${USERS}/user-export-rows.ts`,
    ['a formula stays one in a CSV', "quoted(`'${text}`)", 'quoted(text)', EXPORTS],
    ['a title that is a formula stays one', "? `'${title}` : title", '? title : title', EXPORTS],
    ['any text that looks like a time is taken for one', 'OWN_TIMES.has(name) ?', '/^\\d{4}-/.test(value) ?', EXPORTS],
    ['fields of an export found in prototypes', '!Object.hasOwn(value, step)', 'false', EXPORTS],
  ),
  ...mutantsOf(
    `${USERS}/user-export-file.ts`,
    ['a file without its ticket', '!isExportTicket(deps.ticketBox, id, ticket, now)', 'false', EXPORTS],
    ['everybody in place of a connection that is gone', 'throw noConnection()', 'return {}', EXPORTS],
    ['any number of downloads at a time', 'running >= MAX_RUNNING', 'false', EXPORTS],
    ['a page of an export twice', '...(after !== undefined && { after })', '', EXPORTS],
    ['more people than the limit of an export', 'Math.min(PAGE_SIZE, left)', 'PAGE_SIZE', EXPORTS],
  ),
];
