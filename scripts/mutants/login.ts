/** Faults in the decision of a login: linking rule, admission, proof, plan, and their order. */
import { type Mutant, mutantsOf } from './mutant.js';

const RULES = 'test/login/linking-rules.test.ts';
const ADMIT = 'test/login/admit.test.ts';
const HOME = 'test/login/home-realm.test.ts';
const PLAN = 'test/login/plan.test.ts';
const PIPELINE = 'test/login/pipeline.test.ts';
const ORDER = 'test/faults/interleavings.test.ts';
const scenario = (name: string) => `test/scenarios/${name}.test.ts`;

const VOUCHING = mutantsOf(
  'src/login/vouching.ts',
  [
    "another organization's domain asserted",
    'identity.emailVerified && !candidates.domainProvedElsewhere && ',
    'identity.emailVerified && ',
    RULES,
  ],
  ['unverified address taken for verified', 'const byIdp = identity.emailVerified && !', 'const byIdp = !', RULES],
  [
    'invitation of another connection',
    '(invitation.connectionId === undefined || invitation.connectionId === connectionId)',
    'true',
    RULES,
    ADMIT,
  ],
);

const SILENT = mutantsOf(
  'src/login/silent.ts',
  ['unverified twin linked silently', "if (!member.addressProved) return 'local_address_unverified';", '', RULES],
  [
    'member of several organizations linked silently',
    "if (member.otherOrganizations > 0) return 'member_of_several_organizations';",
    '',
    RULES,
  ],
  ['membership never used linked silently', '&& member.membership?.usedBefore !== true)', '&& false)', RULES],
);

const LINKING = mutantsOf(
  'src/login/linking-rules.ts',
  [
    'proof of one account opens another',
    'ownProof.email === email && ownProof.userId === userId',
    'ownProof.email === email',
    RULES,
  ],
  [
    'proof of one mailbox vouches for another',
    'ownProof.email === email && ownProof.userId === userId',
    'ownProof.userId === userId',
    RULES,
  ],
  [
    'seat handed to a new subject',
    'if (member.boundSubject !== undefined) {',
    'if (member.boundSubject === "") {',
    RULES,
  ],
  [
    'question only where there is an account',
    'if (local === undefined && vouching.byDomain) {',
    'if (local === undefined) {',
    RULES,
  ],
  [
    'pre-provisioned by an address nobody vouches for',
    "if (expected.by === 'email' && !vouched) {",
    "if (expected.by === 'email' && false) {",
    RULES,
  ],
  [
    'pre-provisioned over a bound subject',
    'if (expected.candidate.boundSubject !== undefined) {',
    'if (expected.candidate.boundSubject === "") {',
    RULES,
  ],
  ['linked although linking is off', 'if (vouched && mayLink) {', 'if (vouched) {', RULES],
  ['one of two members chosen', 'if (members.length > 1) {', 'if (members.length > 2) {', RULES],
  [
    'one of two invited accounts chosen',
    'if (verified.length > 1 || (verified.length === 0 && locals.length > 1)) {',
    'if (verified.length > 1) {',
    RULES,
  ],
  [
    'binding relies on no domain',
    'reliedDomains: leaned.domain && vouching.email',
    'reliedDomains: false && vouching.email',
    RULES,
  ],
  [
    'binding relies on no absence of others',
    'reliedOnNoOthers: leaned.noOthers ?? false',
    'reliedOnNoOthers: false',
    RULES,
  ],
);

const ADMISSION = mutantsOf(
  'src/login/4-admit.ts',
  [
    'blocked account admitted',
    'resolved.account.candidate.account.blocked) {',
    'resolved.account.candidate.account.blocked === undefined) {',
    ADMIT,
  ],
  ['password although SSO is required', 'if (required === undefined) return undefined;', 'return undefined;', ADMIT],
  ['break-glass shut out', 'membership?.breakGlass === true;', 'membership?.breakGlass === false;', ADMIT],
  [
    'invitation accepted by a session',
    "if (invitation && resolved.proof.kind === 'account' && resolved.proof.by === 'session')",
    "if (invitation && resolved.proof.kind === 'account' && resolved.proof.by === 'known')",
    ADMIT,
    scenario('24-invitation-in-anothers-browser'),
  ],
  [
    'foreign invitation let go',
    "  return refuse('admit.invitation_mismatch'",
    "  if (email) return undefined;\n  return refuse('admit.invitation_mismatch'",
    ADMIT,
  ],
  [
    'expired invitation admits',
    '(item) => isLive(item, at) && invitationFits(item, resolved.provedEmail',
    '(item) => invitationFits(item, resolved.provedEmail',
    ADMIT,
  ],
  [
    'auto-membership under a foreign domain',
    '  if (resolved.domainProvedElsewhere) {',
    '  if (resolved.domainProvedElsewhere && trace.lines.length < 0) {',
    ADMIT,
  ],
  [
    'auto-membership without its condition',
    'if (enablement.autoMembershipCondition === undefined) return true;',
    'return true;',
    ADMIT,
  ],
  ['auto-membership that is off', 'if (!enablement.assignMembershipOnLogin) {', 'if (!enablement) {', ADMIT],
  [
    'a pilot group that everybody is in',
    'const notYet = checkPilot(resolved, trace);',
    'const notYet = undefined;',
    ADMIT,
  ],
  [
    "member's invitation used without its ticket",
    'resolved.invitation === undefined ? undefined : invitation;',
    'invitation;',
    ADMIT,
  ],
  [
    'SSO not asked for at all',
    'const refusal = checkPasswordAllowed(resolved, trace);\n  if (refusal) return refusal;',
    'checkPasswordAllowed(resolved, trace);',
    ADMIT,
  ],
);

const STEPS = [
  ...mutantsOf(
    'src/login/home-realm.ts',
    [
      'home realm by the end of the domain',
      'item.connection.domainAliases.includes(domain) &&\n      (organization',
      'item.connection.domainAliases.some((one) => domain.endsWith(one)) &&\n      (organization',
      HOME,
      'test/faults/browser-binding.test.ts',
    ],
    [
      'hidden connection found by an address',
      "(organization === undefined || item.showAsButton || item.ssoRollout === 'required')",
      '(organization !== undefined || item.showAsButton)',
      HOME,
    ],
    [
      'password of a database that was not named',
      'return databases.filter((item) => item.connection.name === named);',
      'return databases;',
      HOME,
      scenario('several-databases'),
    ],
    [
      'sign-up before the required organization',
      "if (organization === undefined && client.organizationUsage === 'require') return false;",
      '',
      scenario('sign-up-without-an-organization'),
    ],
  ),
  ...mutantsOf('src/login/steps.ts', [
    "picker's own connection not looked up",
    'identify({ ...attempt, homeRealm: homeRealmOf(attempt) }, reads, trace)',
    'identify(attempt, reads, trace)',
    scenario('14-home-realm-before-the-organization'),
  ]),
  ...mutantsOf(
    'src/login/1-identify.ts',
    [
      "another application's invitation",
      'if (invitation.clientId !== client.clientId)',
      'if (invitation.clientId === "")',
      scenario('14-authorize'),
      scenario('25-wrong-account'),
      scenario('bad-input'),
      PIPELINE,
    ],
    [
      'used invitation found',
      'if (isLive(invitation, input.at)) return undefined;',
      'if (invitation) return undefined;',
      scenario('01-invited-newcomer'),
      ORDER,
    ],
    [
      'blocked organization found',
      "if (organization?.blocked) return refuse('identify.organization_blocked', organization.id);",
      '',
      scenario('28-revoked-on-the-way'),
      ORDER,
    ],
    [
      'an application that the organization did not let in',
      'if (organization && isClosedToApplication(organization, client.clientId))',
      'if (false)',
      'test/attacks/application-that-was-not-let-in.test.ts',
      ORDER,
    ],
    [
      'organization not required',
      "identified.organization === undefined && identified.client.organizationUsage === 'require'",
      'false',
      scenario('14-authorize'),
      scenario('14-organization-prompt'),
    ],
  ),
  ...mutantsOf(
    'src/login/2-authenticate.ts',
    [
      'changed connection not noticed',
      'if (before !== now) {',
      'if (before === "") {',
      scenario('28-revoked-on-the-way'),
    ],
    [
      'wrong password accepted',
      'if (!(await deps.passwords.verify(found?.credential, credential.password)) || !found) {',
      'await deps.passwords.verify(found?.credential, credential.password);\n  if (!found) {',
      scenario('08-password-while-rolling-out'),
      scenario('sessions'),
      scenario('bad-input'),
    ],
    [
      'guessing without a limit',
      'if (!counted.allowed) {',
      'if (counted === undefined) {',
      scenario('bad-input'),
      scenario('sessions'),
      scenario('08-password-while-rolling-out'),
    ],
    [
      'sign-up under any address',
      'if (!database || !mayOpen || !(invited',
      'if (!database || !(invited',
      'test/login/sign-up-proof.test.ts',
      scenario('sessions'),
      scenario('bad-input'),
      'test/attacks',
    ],
    [
      'account opened twice',
      'if (found !== undefined) {\n    trace.about',
      'if (found === null) {\n    trace.about',
      scenario('sessions'),
      scenario('bad-input'),
    ],
  ),
  ...mutantsOf('src/login/6-commit.ts', [
    'finished login decided again',
    "receipt: 'commit.replayed',",
    '',
    PIPELINE,
    scenario('26-invitation-twice'),
  ]),
  ...mutantsOf(
    'src/login/pipeline.ts',
    ['no second decision', 'const RERUNS = 2;', 'const RERUNS = 0;', PIPELINE, ORDER],
    [
      'second decision on old ground',
      'return { ...state, trace, reruns, hadAgreed, ground: undefined, isAnswered: false };',
      'return { ...state, trace, reruns, hadAgreed, isAnswered: false };',
      PIPELINE,
      ORDER,
    ],
    [
      'refusal not logged',
      'return logRefusal({ attempt, identified, refusal: ended, trace, executions: kept.executions }, deps);',
      "return { kind: 'refused', refusal: ended, reference: 'V-2222-2222', identified, trace };",
      PIPELINE,
      scenario('03-stranger'),
    ],
  ),
  ...mutantsOf('src/login/record-refusal.ts', [
    'refusal whose trace names nobody',
    "trace.add(stage, rule, 'refuse', { detail });",
    '',
    scenario('32-every-refusal'),
  ]),
  ...mutantsOf(
    'src/login/explain.ts',
    [
      'a subject that no token may have explained as a newcomer',
      'if (claims.sub !== undefined && !isSubject(claims.sub)) return',
      'if (claims.sub === null) return',
      scenario('33-explain'),
    ],
    [
      'an ended password explained as one that opens',
      'if (!found || !isUsable(found.credential)) {',
      'if (!found) {',
      scenario('33-explain'),
    ],
  ),
  ...mutantsOf('src/login/plan-binding.ts', [
    'binding that ends nothing older',
    "revokeOlder: account.kind === 'existing',",
    'revokeOlder: false,',
    PLAN,
    scenario('02-existing-member'),
  ]),
  ...mutantsOf(
    'src/login/plan.ts',
    ['password that was verified not relied on', '...(hash !== undefined && { passwordHash: hash }),', '', PLAN, ORDER],
    [
      'membership not relied on',
      'member: candidate.membership !== undefined,',
      'member: false,',
      PLAN,
      scenario('02-existing-member'),
    ],
    [
      'invitation not consumed',
      'consumeInvitationId: admission.invitation?.id,',
      'consumeInvitationId: undefined,',
      PLAN,
    ],
    ['session of the browser not replaced', 'replaces: attempt.replaces,', 'replaces: undefined,', PLAN],
    [
      'fingerprint of an empty ground',
      'relyFingerprint: admitted.fingerprint,',
      "relyFingerprint: '',",
      PLAN,
      scenario('02-existing-member'),
    ],
    [
      'code without its challenge',
      'codeChallenge: request.codeChallenge,',
      'codeChallenge: undefined,',
      PLAN,
      'test/oauth/authorization-code.test.ts',
      scenario('02-existing-member'),
    ],
    [
      'roles of the invitation left out',
      'roles: admission.roles,\n          }',
      'roles: [],\n          }',
      PLAN,
      scenario('01-invited-newcomer'),
    ],
  ),
  ...mutantsOf('src/login/linking-rules.ts', [
    'expectation that came true by a proof left behind',
    'candidates.expected?.candidate.account.userId === local.account.userId',
    'false',
    'test/login/linking-rules.test.ts',
  ]),
  ...mutantsOf('src/login/linking-rules.ts', [
    'the reason on the page of the code tells who has an account',
    'return vouching.byDomain ? question',
    'return vouching.byDomain || local === undefined ? question',
    RULES,
  ]),
];

export const LOGIN_MUTANTS: readonly Mutant[] = [...VOUCHING, ...SILENT, ...LINKING, ...ADMISSION, ...STEPS];
