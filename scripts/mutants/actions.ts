// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in the calls of the tenant's own code: for which people it runs, in which order, and how its answer is used.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const ACT = 'test/login/act.test.ts';
const RANDOM = 'test/properties/login-actions.test.ts';
const BACK = 'test/attacks/back-from-an-action.test.ts';
const MOVED = 'test/faults/actions-interleavings.test.ts';
const CALLS = 'test/faults/actions-every-call.test.ts';
const STORE = 'test/storage/login-store.test.ts';
const MODULE = 'test/actions/runner/modules.test.ts';
const MODULE_API = 'test/management/action-modules.test.ts';
const MISBEHAVES = 'test/scenarios/31-action-misbehaves.test.ts';
const GROUPS = 'test/scenarios/action-groups.test.ts';

const KEPT = mutantsOf(
  'src/login/kept.ts',
  [
    'who comes back as somebody else goes on',
    'if (agreement.userId === userId && (isMember(admitted) || !agreement.wasMember)) return undefined;',
    'if (isMember(admitted) || !agreement.wasMember) return undefined;',
    ACT,
    BACK,
  ],
  [
    'who is a member no more goes on as one',
    '(isMember(admitted) || !agreement.wasMember)',
    'agreement.wasMember !== undefined',
    ACT,
    MOVED,
  ],
  [
    'another account told that it has just been made a member',
    'return written?.userId === userId ? written.membership : undefined;',
    'return written?.membership;',
    ACT,
  ],
);

const SAID = [
  ...mutantsOf('src/actions/child/event.ts', [
    'a list of groups that was cut is missing, and nothing says so',
    '  guardCutClaims(copy);\n',
    '',
    GROUPS,
  ]),
  ...mutantsOf('src/domain/people/root-attributes.ts', [
    'a provider says what the tenant has stored',
    '!OF_TOKEN.has(name) && !OWN.has(name)',
    '!OF_TOKEN.has(name)',
    'test/domain/root-attributes.test.ts',
    GROUPS,
  ]),
  ...mutantsOf('src/login/plan-binding.ts', [
    'after the picker the groups of an earlier login stay',
    'proof.said?.isBound !== true',
    'proof.said?.isBound !== undefined',
    GROUPS,
  ]),
  ...mutantsOf('src/storage/login-store/commit-parts.ts', [
    'another address of a picked identity keeps the voucher of the former one',
    "when profile ->> 'email' = :said ->> 'email' then email_vouched_by end",
    'else email_vouched_by end',
    GROUPS,
  ]),
  ...mutantsOf('src/login/tenant-code/action-event.ts', [
    'after the picker Actions see the groups of an earlier login',
    "proof.kind === 'account' && proof.said !== undefined",
    "proof.kind === 'sign_up'",
    GROUPS,
  ]),
];

const DECIDE = mutantsOf(
  'src/login/decide.ts',
  [
    'earlier commit point in the usual order as well',
    "if (tenant.membershipEvaluation !== 'before_actions' || !isBound({ tenant }, 'post-login')) return false;",
    "if (!isBound({ tenant }, 'post-login')) return false;",
    ACT,
    RANDOM,
  ],
  [
    'earlier commit point where no Action is bound',
    "!== 'before_actions' || !isBound({ tenant }, 'post-login')) return",
    "!== 'before_actions') return",
    ACT,
    RANDOM,
  ],
  ['effects of before a redirect written at the earlier commit point', 'agreement ? [] : effects', 'effects', ACT],
  [
    'admission not asked again by changed code',
    '|| admission.revision !== resolved.tenant.actions.revision)',
    ')',
    ACT,
  ],
  [
    'primary user taken at the Action’s word',
    "if (admitted.account.kind !== 'existing' || leadsTo !== named) {",
    "if (admitted.account.kind !== 'existing') {",
    ACT,
    BACK,
  ],
);

const PIPELINE = mutantsOf(
  'src/login/pipeline.ts',
  [
    'sign-up of Auth0’s order proved at the beginning of time',
    'authenticatedAt: at,',
    'authenticatedAt: new Date(0),',
    RANDOM,
  ],
  [
    'invitation kept after the earlier commit point has used it',
    'return { ...attempt, request };',
    'return attempt;',
    RANDOM,
    CALLS,
  ],
  ['verdicts kept over a question to the person', 'const waits = keepForAnswer(', 'const waits = keepForAction(', ACT],
  [
    'account that an Action linked not read again',
    'namedPrimary(kept) === undefined ? ground : undefined',
    'ground',
    ACT,
    BACK,
  ],
);

const ASKING = [
  ...mutantsOf(
    'src/login/5-act.ts',
    [
      'denial of an admission overheard',
      "  const denied = refuseEnd('organization-admission', result);\n  if (denied) return denied;\n",
      '',
      ACT,
      RANDOM,
    ],
    ['strangers admitted without a word', 'if (admits.length === 0) return refused;', '', ACT, RANDOM],
    [
      'redirect in a frame without a window',
      "if (hasPrompt(attempt.request, 'none'))",
      "if (hasPrompt(attempt.request, 'login'))",
      ACT,
      BACK,
    ],
    [
      'end of post-login overheard',
      "return refuseEnd('post-login', result) ?? agreed(result.effects);",
      'return agreed(result.effects);',
      ACT,
      RANDOM,
    ],
  ),
  ...mutantsOf(
    'src/login/tenant-code/run-trigger.ts',
    [
      'changed code goes on in the place of the first',
      'if (programKey !== undefined && program?.key !== programKey) {',
      'if (programKey !== undefined && program === undefined) {',
      ACT,
      BACK,
    ],
    [
      'a failure passes',
      "if (end.kind === 'failed') {\n    const detail",
      "if (end.kind === 'failed' && end.failure === 'busy') {\n    const detail",
      ACT,
      RANDOM,
    ],
    [
      'what ran before a redirect forgotten',
      '    resume,\n    effects,\n  });',
      '    resume,\n    effects: [],\n  });',
      ACT,
      RANDOM,
    ],
  ),
  ...mutantsOf(
    'src/login/tenant-code/action-effects.ts',
    ['name that was taken away set all the same', 'set.delete(effect.name);\n', '', RANDOM],
    [
      'first word on a claim wins',
      'claims[effect.name] = effect.value;',
      'claims[effect.name] ??= effect.value;',
      RANDOM,
    ],
    [
      'metadata of one kind written as the other',
      "appMetadata: patchOf(effects, 'app_metadata'),\n    sessionMetadata",
      "appMetadata: patchOf(effects, 'user_metadata'),\n    sessionMetadata",
      ACT,
      RANDOM,
    ],
  ),
  ...mutantsOf('src/http/login/proof/recall-proof.ts', [
    'ended session taken for a proof',
    "return found ? { kind: 'session', ...found } : { kind: 'none' };",
    "return found ? { kind: 'session', ...found } : (proof as never);",
    BACK,
  ]),
];

const COMMIT = mutantsOf(
  'src/storage/login-store/commit-parts.ts',
  [
    'login counted at the earlier commit point',
    'newUser || code === undefined ? undefined : {}',
    'newUser ? undefined : {}',
    STORE,
    RANDOM,
  ],
  [
    'metadata replaced instead of merged',
    '`${column} = (${column} || :set_${column}) - :drop_${column}`',
    '`${column} = :set_${column} - :drop_${column}`',
    STORE,
    RANDOM,
  ],
  [
    'session made longer by an Action',
    'least(:session_expires_at, :session_ends_by)',
    'coalesce(:session_ends_by, :session_expires_at)',
    STORE,
  ],
  ['what the tokens are to say lost', ':family, :token_wishes,', ':family, null::jsonb,', STORE, RANDOM],
  [
    'roles of an invitation known by name',
    'union select id from roles where :by_name and name',
    'union select id from roles where name',
    STORE,
  ],
);

const MODULES = [
  ...mutantsOf(
    'src/actions/child/modules.ts',
    [
      'what a module keeps is kept for all Actions and all logins',
      '  const made: { readonly name: string; readonly exports: unknown }[] = [];\n  return',
      '  const made = ((shared as { made?: { name: string; exports: unknown }[] }).made ??= []);\n  return',
      MODULE,
    ],
    ['a module has the secrets of the one before it', '() => ({ ...module.secrets })', '() => module.secrets', MODULE],
    [
      'an Action loads the modules of others',
      'action.modules.flatMap((place) => shared[place] ?? [])',
      'shared',
      MODULE,
    ],
    [
      'a module loads another one',
      'requireWithin(prepare(module))',
      'requireModules(module.name, [], prepare(module))',
      MODULE,
    ],
    ['a module closes the function around it', 'compileFunction(code, PARAMETERS, { filename: file });', '', MODULE],
  ),
  ...mutantsOf('src/actions/runner/runner.ts', [
    'an Action runs without a module that it lost',
    'if (lost !== undefined) return this.#toLost(run, lost);',
    '',
    MODULE,
    MISBEHAVES,
  ]),
  ...mutantsOf(
    'src/storage/action-modules.ts',
    [
      'a lost module is left out of the program',
      '      left join action_module_versions mv',
      '      join action_module_versions mv',
      MODULE_API,
    ],
    [
      'secrets of a module open in any row',
      "'action_module_versions', row.module_version_id, sealed",
      "'action_module_versions', row.module_id, sealed",
      MODULE_API,
    ],
  ),
  ...mutantsOf(
    'src/storage/directory/actions/action-modules.ts',
    [
      'a version that an Action runs makes room',
      "    if (await isNamed(db, 'module_version_id', id)) continue;\n",
      '',
      MODULE_API,
    ],
    ['a deployed version uses no module', 'draft.union(deployed).limit(1)', 'draft.limit(1)', MODULE_API],
  ),
  ...mutantsOf('src/management/actions/action-modules.ts', [
    'a reference with two meanings is taken',
    'if (name !== undefined && found.name !== name)',
    "if (name === '')",
    MODULE_API,
  ]),
  ...mutantsOf('src/management/actions/action-deploy.ts', [
    'an Action is deployed again without its module',
    '  await checkModulesThere(call, content);\n',
    '',
    MODULE_API,
  ]),
];

const RULES = 'test/login/action-factors.test.ts';
const FACTORS = 'test/scenarios/action-factors.test.ts';
const MESSAGES = 'test/actions/runner/messages.test.ts';

const SECOND_FACTORS = [
  ...mutantsOf(
    'src/login/action-factors.ts',
    [
      'a factor of another account fulfils a command',
      'return factorsOfAccount(admitted, kept).length === passedFactors(kept).length',
      'return passedFactors(kept).length >= 0',
      RULES,
      FACTORS,
    ],
    [
      'a stranger with the password adds a factor',
      "if (own.length > 0 && passed.every(({ kind }) => kind === 'email')) return refuseCommand(ENROL_FIRST, command);",
      '',
      RULES,
      FACTORS,
    ],
  ),
  ...mutantsOf('src/login/5-act.ts', [
    'an Action is skipped after a second factor',
    'pausedAt.index + (isFactor ? 1 : 0)',
    'pausedAt.index + (isFactor ? 2 : 0)',
    FACTORS,
  ]),
  ...mutantsOf('src/login/decide.ts', [
    'the next Action runs before the factor was passed',
    "if (commanded) return { kind: 'challenge', admitted, need: commanded };",
    '',
    FACTORS,
  ]),
  ...mutantsOf('src/login/pipeline.ts', [
    'one answer is given to two questions',
    'attempt: here.isAnswered ? asked : attempt',
    'attempt',
    FACTORS,
  ]),
  ...mutantsOf('src/login/second-factor.ts', [
    'the session answers for an Action that asks for a factor',
    "need.reason !== 'binding' && need.reason !== 'action'",
    "need.reason !== 'binding'",
    FACTORS,
  ]),
  ...mutantsOf('src/login/tenant-code/event-factors.ts', [
    'a company’s word for a factor is shown to Actions',
    "type === undefined || type === 'federated'",
    'type === undefined',
    RULES,
  ]),
  ...mutantsOf('src/actions/runner/parse-effect.ts', [
    'code records that a factor was passed',
    'isName(method) && /^https?:\\/\\//.test(method)',
    'isName(method)',
    MESSAGES,
  ]),
  ...mutantsOf('src/actions/runner/asked-sizes.ts', [
    'a process asks for a factor and goes on without it',
    "commands && (end.kind === 'done' || end.kind === 'redirect')",
    'false',
    MESSAGES,
  ]),
];

export const ACTION_MUTANTS: readonly Mutant[] = [
  ...KEPT,
  ...DECIDE,
  ...PIPELINE,
  ...ASKING,
  ...COMMIT,
  ...SAID,
  ...MODULES,
  ...SECOND_FACTORS,
];
