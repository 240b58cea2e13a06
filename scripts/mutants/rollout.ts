// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in a rollout: the journal, the trust in a tenant's answers, the check of a person's state, and the time at
 * which a way to sign in is closed.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const INTERRUPTED = 'test/rollout/interrupted.test.ts';
const DIGEST = 'test/rollout/rollback-digest.test.ts';
const FAULTS = 'test/rollout/faults.test.ts';
const JOINED = 'test/rollout/joined-since.test.ts';
const FAULTS_THERE = 'test/rollout/faults-auth0.test.ts';
const INTERRUPTED_THERE = 'test/rollout/interrupted-auth0.test.ts';
const LOCKED = 'test/rollout/nobody-locked-out.test.ts';
const rules = (name: string) => `test/rollout/rules/${name}.test.ts`;

const LINKED = 'test/rollout/self-linked.test.ts';

export const ROLLOUT_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/tenant-tools/rollout/self-linked.ts',
    [
      'people who linked themselves are not looked for',
      'if ((await tenant.isOwnLink(userId)) !== false) found.push(person);',
      '',
      LINKED,
    ],
    [
      'people who linked themselves are forgotten once the settings are back',
      "if (found.length > 0) await journal.append({ ids: found.map(({ user_id }) => user_id), mark: 'begun' });",
      '',
      LINKED,
    ],
    [
      'somebody whom an operator linked is taken for one of those who linked themselves',
      'if ((await tenant.isOwnLink(userId)) !== false) found.push(person);',
      'found.push(person);',
      LINKED,
    ],
  ),
  ...mutantsOf('src/tenant-tools/rollout/used-identity.ts', [
    'an identity is taken away although nothing says that they linked themselves',
    'else if (isWanted && isOwn)',
    'else if (isWanted)',
    LINKED,
  ]),
  ...mutantsOf('src/tenant-tools/rollout/make-plan.ts', [
    'silent, although another member has the subject',
    'await settleTaken(order, counted, subjects);',
    '',
    LINKED,
  ]),
  ...mutantsOf(
    'src/tenant-tools/rollout/subject-rules.ts',
    [
      'a subject of the directory prepared for somebody of any tenant',
      "if (servesManyCompanies({ strategy: 'waad', options })) return",
      "if (servesManyCompanies({ strategy: 'waad', options: {} })) return",
      rules('subject-rules'),
      'test/rollout/many-tenants.test.ts',
    ],
    [
      'an address prepared for the id of a Google account',
      "if (!given.includes('@')) return given;",
      'if (given.length > 0) return given;',
      rules('subject-rules'),
    ],
  ),
  ...mutantsOf(
    'src/tenant-tools/rollout/tenant-vestibule.ts',
    [
      'people begun after they were sent',
      `      await journal.append({ ids: plans.map(({ user_id }) => user_id), mark: 'begun' });
      const results = await send('', plans);`,
      `      const results = await send('', plans);
      await journal.append({ ids: plans.map(({ user_id }) => user_id), mark: 'begun' });`,
      INTERRUPTED,
    ],
    [
      'the account of an unlinked identity forgotten after an interruption',
      'journal.standing(id)?.data.unlinked !== undefined',
      'id === undefined',
      INTERRUPTED,
    ],
    [
      'an identity that somebody else made counted as the plan’s',
      "const NOTHING_MADE: ReadonlySet<string> = new Set(['has_identity', ",
      'const NOTHING_MADE: ReadonlySet<string> = new Set([',
      INTERRUPTED,
    ],
  ),
  ...mutantsOf(
    'src/tenant-tools/rollout/tenant-auth0.ts',
    [
      'the account that SCIM makes journaled only when it is answered',
      '  if (!isOurs) await note(expected);\n',
      '',
      INTERRUPTED_THERE,
    ],
    [
      'an account that somebody has there linked all the same',
      'if (!isOurs && (await findScimUser(endpoint, attribute, subjectOf(subject.plan))) !== undefined) return undefined;',
      '',
      INTERRUPTED_THERE,
    ],
    [
      'another identity of the person taken for the planned one',
      'const isOther = there !== undefined && !isPlanned(plan, there);',
      'const isOther = there !== undefined && there.userId === userId;',
      INTERRUPTED_THERE,
    ],
    [
      'an account that was made and never linked left behind',
      'const isDeleted = !isApart || (await deleteBare(remote, made));',
      'const isDeleted = isApart || made !== userId;',
      INTERRUPTED_THERE,
    ],
  ),
  ...mutantsOf('src/tenant-tools/rollout/used-identity.ts', [
    'a rollback believes one read that is older than the link',
    ' ?? (await findIdentityThere(tenant, target, userId));',
    ';',
    FAULTS_THERE,
  ]),
  ...mutantsOf('src/tenant-tools/rollout/until.ts', [
    'a link that was sent twice reported as refused',
    '        if (await isDone()) return;\n',
    '',
    FAULTS_THERE,
  ]),
  ...mutantsOf(
    'src/tenant-tools/rollout/scim-token.ts',
    [
      'a token whose answer was lost left behind',
      'if (token.token_id === held?.id || isLost(token, known)) await',
      'if (token.token_id === held?.id) await',
      INTERRUPTED_THERE,
    ],
    [
      "a token of somebody else's taken for a lost one",
      '  if (known.includes(String(token.token_id))) return false;\n',
      '',
      FAULTS_THERE,
    ],
  ),
  ...mutantsOf('src/tenant-tools/rollout/scim-access.ts', [
    "a configuration of somebody else's taken away",
    'if (standing.data.made === true) await remove();',
    'await remove();',
    FAULTS_THERE,
  ]),
  ...mutantsOf('src/tenant-tools/commands/rollout-plan.ts', [
    'a domain led to a hidden connection, which no address finds',
    "if (Object.keys(wanted).some((id) => id.startsWith('alias:'))) wanted.show_as_button = true;",
    '',
    'test/rollout/hidden-connection.test.ts',
  ]),
  ...mutantsOf('src/tenant-tools/rollout/plan-file.ts', [
    'a changed plan',
    'if (last !== toLastLine(found))',
    'if (digest === null)',
    rules('plan-file'),
  ]),
  ...mutantsOf(
    'src/tenant-tools/rollout/apply.ts',
    [
      'a person whose state is another than planned',
      'return plan.state === digestOf(now) ? undefined :',
      'return plan.state !== undefined || digestOf(now) === undefined ? undefined :',
      INTERRUPTED,
    ],
    [
      'doors shut while people wait',
      'if (finished && nobodyWaits(order)) {',
      'if (finished || nobodyWaits(order)) {',
      INTERRUPTED,
    ],
    [
      'doors shut on people who joined since the plan',
      'if (allowLockout) return [];',
      'if (allowLockout !== undefined) return [];',
      JOINED,
    ],
    [
      'doors shut before the people',
      "const opened = await applySettings(order, 'open');",
      "const opened = [...(await applySettings(order, 'open')), ...(await applySettings(order, 'close'))];",
      LOCKED,
      INTERRUPTED,
    ],
  ),
  ...mutantsOf('src/tenant-tools/rollout/rollback.ts', [
    'one person taken back behind a shut door',
    'if (only === undefined || allowLockout) return;',
    'if (only === undefined || allowLockout !== undefined) return;',
    JOINED,
  ]),
  ...mutantsOf('src/kernel/process-lock.ts', [
    'a lock of another machine taken over',
    'if (host === hostname() && (pid',
    'if (host !== undefined && (pid',
    rules('journal'),
  ]),
  ...mutantsOf('src/management/connections/options-revision.ts', [
    'options written over those of somebody else',
    'if (read === undefined || read === toOptionsRevision(before)) return;',
    'if (read === undefined || before.revision !== undefined) return;',
    'test/management/connections.test.ts',
  ]),
  ...mutantsOf('src/tenant-tools/rollout/rollback.ts', [
    'a setting that the plan did not touch written back',
    'if (journal.standing(`setting:${change.id}`)?.touched !== true) continue;',
    '',
    INTERRUPTED,
  ]),
  ...mutantsOf('src/tenant-tools/rollout/journal.ts', [
    'a person who was skipped after a beginning not rolled back',
    "return mark === 'skipped' ? before?.touched === true : true;",
    "return mark !== 'skipped';",
    rules('journal'),
    INTERRUPTED,
  ]),
  ...mutantsOf(
    'src/tenant-tools/rollout/settings.ts',
    ['a default that is not shown', '?? DEFAULTS[id] ?? null) as Value;', '?? null) as Value;', DIGEST],
    [
      'a write that a copy of it forestalled',
      'const FORESTALLED: ReadonlySet<number> = new Set([404, 409]);',
      'const FORESTALLED: ReadonlySet<number> = new Set([]);',
      FAULTS,
    ],
  ),
  ...mutantsOf('src/tenant-tools/remote/endpoint.ts', [
    'a write with an unknown end sent again unasked',
    'body, again: false })',
    'body, again: true })',
    'test/remote/tenant.test.ts',
  ]),
];
