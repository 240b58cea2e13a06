// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in who counts as an operator, what their tokens open, and what keeps the last owner. */
import { type Mutant, mutantsOf } from './mutant.js';

const TOKEN = 'test/attacks/token-of-a-person.test.ts';
const BACK_DOOR = 'test/attacks/operator-by-the-back-door.test.ts';
const LAST = 'test/operators/last-owner.test.ts';
const POWERS = 'test/operators/powers.test.ts';

export const OPERATOR_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/management/api/plugin.ts', [
    'a token of a person has scopes that it did not name',
    'const held = scopes.has(ROLES_SCOPE) ? permitted :',
    'const held = true ? permitted :',
    TOKEN,
  ]),
  ...mutantsOf(
    'src/storage/directory/operators.ts',
    ['a token of any organization', 'where p.organization_id = $2::text`', 'where $2::text is not null`', POWERS],
    ['a blocked operator goes on', 'and not u.blocked', '', TOKEN],
    [
      'a token of any application',
      `join client_grants w on w.client_id = $3::text and w.audience`,
      `join client_grants w on $3::text is not null and w.audience`,
      TOKEN,
    ],
    ['scopes beyond the grant of the application', 'where k.permission = any (w.scopes)', '', TOKEN],
  ),
  ...mutantsOf(
    'src/management/api/operators.ts',
    ['power over the tenant for part of the scopes', 'if (lacking.length > 0) {', 'if (false) {', BACK_DOOR],
    ['the link of an invitation is read', '!READS_THAT_GIVE.has(keyOf(operation))', 'true', BACK_DOOR],
    ['accounts of operators in a body', 'params.user_id, body.user_id)', 'params.user_id)', BACK_DOOR],
    [
      'connections of operators in a body',
      'params.connection_id, body.connection_id)',
      'params.connection_id)',
      BACK_DOOR,
    ],
    ['rows of the operators can be deleted', 'await checkKept(deps, operation, asked.params.id);', '', BACK_DOOR],
  ),
  ...mutantsOf('src/http/oauth/issue-tokens.ts', [
    'a token of a person is good for a day',
    'Math.min(seconds, OPERATOR_TOKEN_LIFETIME_SECONDS)',
    'seconds',
    TOKEN,
  ]),
  ...mutantsOf('src/management/organizations/ways-in.ts', [
    'the last owner goes',
    'if (!lostOwner(before, after)) return;',
    'return;',
    LAST,
  ]),
  ...mutantsOf(
    'src/storage/directory/ways-in.ts',
    ['an owner who cannot sign in counts', 'not o.blocked and exists', 'exists', LAST],
    [
      'a blocked owner counts',
      'join users u on u.user_id = r.user_id and not u.blocked',
      'join users u on u.user_id = r.user_id',
      LAST,
    ],
  ),
];
