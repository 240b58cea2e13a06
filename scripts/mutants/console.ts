// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in the operators' console: how it is served, its sign-in, what it offers to which role, and actions without a
 * click.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const ATTACKS = 'test/console/attacks.test.ts';
const SIGN_IN = 'test/console/sign-in-attacks.test.ts';
const SHELL = 'test/console/shell.test.ts';
const SETTINGS = 'test/console/settings.test.ts';
const PEOPLE = 'test/console/people.test.ts';
const ACTIONS = 'test/console/actions.test.ts';
const MODULES = 'test/console/modules.test.ts';
const APPLICATIONS = 'test/console/applications.test.ts';
const CONNECTIONS = 'test/console/connections.test.ts';
const TWO_OPERATORS = 'test/console/two-operators.test.ts';
const WORDS = 'test/management/console-words.test.ts';
const MISSING = 'test/management/missing-list.test.ts';
const ORGANIZATIONS = 'test/console/organizations.test.ts';
const ROLLOUT = 'test/console/organization-rollout.test.ts';
const FACTS = 'test/console/connection-facts.test.ts';
const OFFERED = 'test/console/powers.test.ts';
const PLACES = 'test/console/find-place.test.ts';
const FIRST = 'test/operators/first.test.ts';
const FORMS = 'test/console/form-fields.test.ts';

const SERVED = [
  ...mutantsOf(
    'src/http/console-files.ts',
    ['console: a page in a frame', `    "frame-ancestors 'none'",\n`, '', ATTACKS],
    ['console: a page in a frame of an old browser', `    'x-frame-options': 'DENY',\n`, '', ATTACKS],
    ['console: the token can be sent anywhere', `"connect-src 'self'",`, '"connect-src *",', ATTACKS],
    [
      'console: any script runs',
      "`script-src 'self' 'nonce-${nonce}'`",
      "`script-src 'self' 'unsafe-inline'`",
      ATTACKS,
    ],
    ['console: one nonce for all answers', 'const nonce = newSecret(deps.entropy);', "const nonce = 'n0nce';", ATTACKS],
    ['console: a page with its nonce is kept by caches', "'cache-control': 'no-store',", '', ATTACKS],
    ['console: a form that was smuggled in leads elsewhere', `    "form-action 'self'",\n`, '', ATTACKS],
    ['console: ids of people are told to other servers', "'referrer-policy': 'same-origin',", '', ATTACKS],
  ),
  ...mutantsOf(
    'src/http/console.ts',
    ['console: a made-up link of the first owner', 'deps.isFirstTicket(ticket) && ', '', FIRST],
    ['console: a second first owner', ' && (await deps.lacksOwner())', '', FIRST],
    [
      'console: a code of the sign-in route opens something',
      'hashSecret(newSecret(deps.entropy))',
      "hashSecret('a verifier that everybody knows')",
      ATTACKS,
    ],
  ),
];

const SIGNED_IN = [
  ...mutantsOf(
    'src/console/session/authorize.ts',
    ['console: an answer of another site', 'from !== origin || ', '', SIGN_IN],
    ['console: an answer of another window', 'source !== place.source || ', '', SIGN_IN],
    [
      'console: an answer to another question',
      'new URLSearchParams(answer), state)',
      "new URLSearchParams(answer), answer.state ?? '')",
      SIGN_IN,
    ],
    ['console: one nonce for all questions', 'generateRandomNonce()];', "'n0nce'];", SIGN_IN],
    ['console: one state for all questions', 'generateRandomState(), ', "'state', ", SIGN_IN],
    ['console: one verifier for all questions', '[generateRandomCodeVerifier(), ', `['${'v'.repeat(43)}', `, SIGN_IN],
  ),
  ...mutantsOf(
    'src/console/session/session.ts',
    [
      'console: what one operator typed is done as another',
      'if (userId !== undefined && userId',
      'if (false && userId',
      SIGN_IN,
    ],
    [
      'console: the token is kept in storage',
      '  held = { grant, until',
      "  window.sessionStorage.setItem('console.token', grant.token);\n  held = { grant, until",
      SHELL,
    ],
    [
      'console: any place to come back to',
      "address?.startsWith('/console') ? address : undefined",
      'address ?? undefined',
      ATTACKS,
    ],
  ),
  ...mutantsOf(
    'src/console/session/Gate.tsx',
    [
      'console: the code stays in the address',
      "window.history.replaceState(null, '', takeReturnAddress() ?? '/console');",
      'takeReturnAddress();',
      ATTACKS,
    ],
    ['console: words of a link are shown as those of the server', "takeBegun(query.get('state')) ?", 'true ?', ATTACKS],
    ['console: to the sign-in page in a circle', 'if (cameBack)', 'if (false)', ATTACKS],
  ),
  ...mutantsOf(
    'src/console/session/SessionOver.tsx',
    ['console: the end of a session is not told', 'error.status === 401', 'error.status === 402', ATTACKS],
    ['console: the end of a session loses the form', 'setFailed(false);\n', 'window.location.reload();\n', ATTACKS],
  ),
];

const VERSIONS = [
  ...mutantsOf(
    'src/console/parts/use-edit.ts',
    [
      'console: a write names no version',
      'await write(changes, versionOf(theirs));',
      'await write(changes, versionOf(undefined));',
      TWO_OPERATORS,
    ],
    [
      'console: who saves in spite of a clash overwrites a third change unseen',
      '(force && met?.theirs) || before',
      'force ? values : before',
      TWO_OPERATORS,
    ],
  ),
];

const FIELDS = [
  ...mutantsOf(
    'src/console/parts/form-fields.ts',
    ['console: a secret of the API is shown in its field', " || field.kind === 'password'", '', FORMS],
    [
      'console: a whole object loses what its form does not show',
      'const body = { ...before };',
      'const body = {};',
      FORMS,
    ],
  ),
];

const POWERS = [
  ...mutantsOf(
    'src/console/session/powers.ts',
    [
      'console: every role is offered every deed',
      "scopes === 'all' || scopes?.has(scope) === true",
      "scopes !== undefined || scope === ''",
      OFFERED,
    ],
    [
      'console: somebody without a role is offered every deed',
      '{ scopes: new Set(), refused: error.message }',
      "{ scopes: 'all', refused: error.message }",
      OFFERED,
    ],
  ),
  ...mutantsOf('src/console/pages/actions/ModuleDraft.tsx', [
    'console: a viewer is offered to write modules',
    "!may('update:actions')",
    "may('update:actions') === undefined",
    MODULES,
  ]),
  ...mutantsOf('src/console/pages/people/PersonButtons.tsx', [
    'console: a viewer is offered to delete people',
    "may('delete:users') &&",
    'true &&',
    PEOPLE,
  ]),
  ...mutantsOf('src/console/pages/actions/DraftForm.tsx', [
    'console: a viewer is offered to write Actions',
    "!may('update:actions')",
    "may('update:actions') === undefined",
    ACTIONS,
  ]),
  ...mutantsOf('src/console/pages/applications/ApplicationSettings.tsx', [
    'console: support is offered to change applications',
    'scope="update:clients"',
    'scope="read:clients"',
    APPLICATIONS,
  ]),
  ...mutantsOf('src/console/pages/connections/DeleteConnection.tsx', [
    'console: a viewer is offered to delete connections',
    "if (!may('delete:connections')) return null;",
    '',
    CONNECTIONS,
  ]),
  ...mutantsOf('src/console/pages/organizations/Members.tsx', [
    'console: a viewer is offered to add members',
    "may('create:organization_members') &&",
    'true &&',
    ORGANIZATIONS,
  ]),
];

const DEEDS = [
  ...mutantsOf(
    'src/console/parts/use-edit.ts',
    [
      'console: what somebody else saved is overwritten',
      'const clashes = findClashes(known, theirs, values);',
      'const clashes: readonly Clash[] = [];',
      SETTINGS,
    ],
    [
      'console: fields that nobody touched are saved',
      'await write(changes, versionOf(theirs))',
      'await write(values, versionOf(theirs))',
      SETTINGS,
    ],
    ['console: a page is left without what was typed', '!window.confirm(', 'false && window.confirm(', ACTIONS],
  ),
  ...mutantsOf(
    'src/console/parts/ConfirmButton.tsx',
    [
      'console: a deed is done before its effect was told',
      'onClick={ask}',
      'onClick={() => request.mutate()}',
      SETTINGS,
    ],
    ['console: a deletion that is confirmed by nothing', 'text.trim() !== typed', 'text === undefined', PEOPLE],
  ),
  ...mutantsOf('src/console/pages/applications/Credentials.tsx', [
    'console: a secret is shown to whoever looks on',
    'const [open, setOpen] = useState(false);',
    'const [open, setOpen] = useState(true);',
    APPLICATIONS,
  ]),
  ...mutantsOf('src/console/pages/people/search.ts', [
    'console: a pasted text is a query of its own',
    "text.replace(NOT_PLAIN, '\\\\$&')",
    'text',
    FACTS,
  ]),
  ...mutantsOf(
    'src/console/finder/find-place.ts',
    [
      'console: a pasted id leads to another page',
      'to: `/people/${encodeURIComponent(wanted)}`',
      'to: `/people/${wanted}`',
      PLACES,
    ],
    [
      'console: a pasted id of an organization leads to another page',
      'known[1](encodeURIComponent(wanted))',
      'known[1](wanted)',
      PLACES,
    ],
  ),
  ...mutantsOf(
    'src/console/pages/organizations/rollout/read-files.ts',
    [
      'console: a plan that was changed is shown as if it was made so',
      'found !== digest)',
      'found === digest + 1)',
      ROLLOUT,
    ],
    ['console: the progress of another plan', '?.plan !== digest)', '?.plan === undefined)', ROLLOUT],
  ),
];

/** What the API refuses, in the words of the console; and the list of what is missing. */
const TOLD: readonly Mutant[] = [
  ...mutantsOf(
    'src/console/failures/schema-rules.ts',
    ['console: a missing property blames its parent', "[at, missing].filter(Boolean).join('.')", 'at', WORDS],
    [
      'console: a format without words',
      "  domain: 'This is not a domain.",
      "  dominion: 'This is not a domain.",
      WORDS,
    ],
  ),
  ...mutantsOf('src/console/failures/tell-refusal.ts', [
    'console: the field of a name blamed for every property that begins so',
    'refused.startsWith(`${property}.`)',
    'refused.startsWith(property)',
    WORDS,
  ]),
  ...mutantsOf('src/console/failures/companies.ts', [
    'console: a text of the API without a sentence',
    "'The organization has this domain already.'",
    "'The organization had this domain already.'",
    WORDS,
  ]),
  ...mutantsOf('src/management/absent/features.ts', [
    'a feature that is absent under another name than the page says',
    "name: 'Event streams'",
    "name: 'Streams of events'",
    MISSING,
  ]),
];

export const CONSOLE_MUTANTS: readonly Mutant[] = [
  ...SERVED,
  ...SIGNED_IN,
  ...FIELDS,
  ...POWERS,
  ...VERSIONS,
  ...DEEDS,
  ...TOLD,
];
