// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the rules for operators: who is one, what their tokens permit, and the protection of the last owner. */
import { type Mutant, mutantsOf } from './mutant.js';

const TOKEN = 'test/attacks/token-of-a-person.test.ts';
const BACK_DOOR = 'test/attacks/operator-by-the-back-door.test.ts';
const LAST = 'test/operators/last-owner.test.ts';
const POWERS = 'test/operators/powers.test.ts';
const ELSEWHERE = 'test/attacks/operators-at-a-customers-application.test.ts';
const FIRST = 'test/operators/first-at-once.test.ts';
const HELP = 'test/console-help.test.ts';
const MAIL = 'test/operators/mail-of-few.test.ts';
const LINK = 'test/attacks/operator-without-a-link.test.ts';
const COMMAND = 'test/cli/actions.test.ts';

export const OPERATOR_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/terminal/lines.ts', [
    'a cell of a table takes over the terminal',
    'given.map((row) => row.map(toPrintable))',
    'given',
    'test/cli/terminal.test.ts',
  ]),
  ...mutantsOf('src/cli/actions.ts', [
    'the text of an error takes over the terminal',
    "toPrintable(`'${name}' stopped somebody last because of: ${lastReason}`)",
    "`'${name}' stopped somebody last because of: ${lastReason}`",
    COMMAND,
  ]),
  ...mutantsOf('src/storage/jobs/import-user.ts', [
    'an import changes the account of an operator',
    'if (await isOperator(directory, plan.userId)) return [OF_OPERATOR];',
    '',
    'test/attacks/operator-by-an-import.test.ts',
  ]),
  ...mutantsOf(
    'src/management/api/operators.ts',
    [
      'a new organization takes the connection of operators',
      "      ...eachOf(body.enabled_connections, 'connection_id'),\n",
      '',
      BACK_DOOR,
    ],
    ['a connection is named by its other parameter', '      params.connectionId,\n', '', BACK_DOOR],
  ),
  ...mutantsOf(
    'src/http/console-help.ts',
    [
      'a script of a help page is of the console’s origin',
      "    'sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox',\n",
      '',
      HELP,
    ],
    ['a script that nobody built runs in a help page', "'sha256-${hash}'", "'unsafe-inline'", HELP],
    ['a help page asks the API', `"default-src 'none'"`, `"default-src 'self'"`, HELP],
    ['a help page stands in a frame', `"frame-ancestors 'none'",`, '', HELP],
    [
      'a shared cache gives everybody the encoding of the first',
      "  reply.setHeader('vary', 'accept-encoding');\n",
      '',
      HELP,
    ],
  ),
  ...mutantsOf(
    'src/management/api/operator-caller.ts',
    [
      'a token of a person has scopes that it did not name',
      'new Set(scopes.has(ROLES_SCOPE) ? permitted :',
      'new Set(true ? permitted :',
      TOKEN,
    ],
    [
      'a request goes on after its operator was removed',
      '[...caller.scopes].every((scope) => held.has(scope))) return;',
      'held.size >= 0) return;\n  if (held === undefined) return;',
      TOKEN,
    ],
    ['a removal does not wait for a write', "purpose === 'write' ? operators.hold", 'false ? operators.hold', TOKEN],
  ),
  ...mutantsOf(
    'src/management/api/plugin.ts',
    [
      'a question of a removed operator is answered',
      "if (operation.readsOnly) await stays(deps.directory, 'read');",
      '',
      TOKEN,
    ],
    [
      'a write of a machine is done whose grant is gone',
      'else await checkStillGranted({ origin: deps.origin, directory }, bearer, caller);',
      '',
      'test/attacks/begun-by-a-machine.test.ts',
    ],
    ['a write of a removed operator is done', "    await stays(directory, 'write');\n", '', TOKEN],
  ),
  ...mutantsOf(
    'src/storage/login-store/target.ts',
    [
      'any application leads into the organization of operators',
      'and (c.client_id is null or ${MAY_ENTER})',
      '',
      ELSEWHERE,
    ],
    [
      'an address leads to the connection of operators',
      "where oc.connection_id = n.id and oc.is_enabled and ${ofCustomer('oc.organization_id')}",
      'where oc.connection_id = n.id and oc.is_enabled',
      ELSEWHERE,
    ],
    ['the code of an Action admits operators', '...(row.of_operators === true && { isOfOperators: true }),', '', LINK],
  ),
  ...mutantsOf(
    'src/storage/login-store/sessions.ts',
    [
      'the organization of operators is offered to choose',
      "where m.user_id = $1 and not o.blocked and ${ofCustomer('o.id')}",
      'where m.user_id = $1 and not o.blocked',
      ELSEWHERE,
    ],
    [
      'the organization of operators is found by a domain',
      "d.use_for_organization_discovery and not o.blocked and ${ofCustomer('o.id')}",
      'd.use_for_organization_discovery and not o.blocked',
      ELSEWHERE,
    ],
    [
      'the organization of operators is found by its name',
      " and ${ofCustomer('o.id')} limit 1`",
      ' limit 1`',
      ELSEWHERE,
    ],
  ),
  ...mutantsOf('src/storage/login-store/candidates.ts', [
    'an invitation of operators is accepted without its link',
    " and ${ofCustomer('i.organization_id')}) as invitations",
    ') as invitations',
    LINK,
  ]),
  ...mutantsOf('src/management/users/user-identities.ts', [
    'an account of an operator is taken into another one',
    'await checkAccounts(deps, call, [seen.userId]);',
    '',
    BACK_DOOR,
  ]),
  ...mutantsOf('src/management/users/tickets.ts', [
    'a link for the other password of an operator',
    '  await checkAccounts(deps, call, [user.userId]);\n',
    '',
    BACK_DOOR,
  ]),
  ...mutantsOf('src/management/connections/connection-former-identities.ts', [
    'an operator is expected anew as one among many',
    'await checkAccounts(\n    deps,\n    call,\n    people.map(({ userId }) => userId),\n  );',
    '',
    BACK_DOOR,
  ]),
  ...mutantsOf(
    'src/storage/directory/tenant/operators.ts',
    [
      'a mail server is set by few, although there are operators',
      'where exists (select 1 from members m where m.organization_id = p.organization_id)',
      'where false',
      MAIL,
    ],
    [
      'a mail server is set by few, although an operator is invited',
      'or exists (select 1 from invitations i where i.organization_id = p.organization_id)',
      '',
      MAIL,
    ],
    [
      'a mail server is set by few, although an account is in the database of operators',
      'or exists (select 1 from identities d where d.connection_id = p.connection_id)`',
      '`',
      MAIL,
    ],
    ['a token of any organization', 'where p.organization_id = $2::text`', 'where $2::text is not null`', POWERS],
    ['a blocked operator goes on', 'and not u.blocked', '', TOKEN],
    [
      'a token of any application',
      `join client_grants w on w.client_id = $3::text and w.audience`,
      `join client_grants w on $3::text is not null and w.audience`,
      TOKEN,
    ],
    ['scopes beyond the grant of the application', 'where k.permission = any (w.scopes)', '', TOKEN],
    [
      'the account of somebody who may become an operator',
      'where i.connection_id = p.connection_id and i.user_id',
      'where false and i.user_id',
      BACK_DOOR,
    ],
    [
      'a role is taken while a write relies on it',
      'and organization_id = $2::text for share',
      'and organization_id = $2::text',
      TOKEN,
    ],
    ['a membership ends while a write relies on it', ' for share of o, m, u, w`', '`', TOKEN],
  ),
  ...mutantsOf(
    'src/management/api/operators.ts',
    ['power over the tenant for part of the scopes', 'if (lacking.length > 0) {', 'if (false) {', BACK_DOOR],
    ["operators' mails go by anybody's server", "path.startsWith('/emails/') || ", '', BACK_DOOR],
    ["anybody's words are around the links of operators", " || path.startsWith('/email-templates')", '', BACK_DOOR],
    ['the link of an invitation is read', '!READS_THAT_GIVE.has(keyOf(operation))', 'true', BACK_DOOR],
    ['accounts of operators in a body', '      body.user_id,\n', '', BACK_DOOR],
    ['accounts of operators that a seat takes in', '      body.absorb_user_id,\n', '', BACK_DOOR],
    ['accounts of operators in a list', "      ...eachOf(body.identities, 'user_id'),\n", '', BACK_DOOR],
    ['a new account among those of operators', 'texts(body.connection)', '[]', BACK_DOOR],
    ['connections of operators in a body', '      body.connection_id,\n', '', BACK_DOOR],
    ['rows of the operators can be deleted', 'await checkKept(deps, operation, asked.params.id);', '', BACK_DOOR],
  ),
  ...mutantsOf('src/http/oauth/issue-tokens.ts', [
    'a token of a person is good for a day',
    'Math.min(seconds, OWN_TOKEN_LIFETIME_SECONDS)',
    'seconds',
    TOKEN,
  ]),
  ...mutantsOf(
    'src/management/operators/first.ts',
    ['two first operators are invited at once', 'await directory.members.lockWaysIn({ organizationId });', '', FIRST],
    [
      'a first operator is invited although one has come',
      'return !(await operators.hasOwner());',
      'return true;',
      FIRST,
    ],
  ),
  ...mutantsOf('src/management/organizations/ways-in.ts', [
    'the last owner goes',
    'if (!lostOwner(before, after)) return;',
    'return;',
    LAST,
  ]),
  ...mutantsOf(
    'src/storage/directory/people/ways-in.ts',
    ['every organization is locked', '::text as organization_id`', '::text`', 'test/faults/locks-of-ways-in.test.ts'],
    ['an owner who cannot sign in counts', 'not o.blocked and exists', 'exists', LAST],
    [
      'a blocked owner counts',
      'join users u on u.user_id = r.user_id and not u.blocked',
      'join users u on u.user_id = r.user_id',
      LAST,
    ],
  ),
  ...mutantsOf('src/cli/actions.ts', ['a slip takes a check of logins away', 'if (!isMeant)', 'if (false)', COMMAND]),
  ...mutantsOf('src/management/actions/recovery.ts', [
    'an Action that was bound at the same moment is lost',
    'if (idsOf(items) !== idsOf(before)) throw',
    'if (items.length > 99) throw',
    COMMAND,
  ]),
];
