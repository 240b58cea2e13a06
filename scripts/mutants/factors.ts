// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults about second factors: who is asked for one, which answers count and how often, what a login may set up, and what
 * ends with a password that a stranger set.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const LEFT = 'test/login/tries-left.test.ts';
const ONE_TIME = 'test/oauth/one-time.test.ts';
const at = (name: string) => `test/attacks/factors/${name}.test.ts`;
const STORE = 'test/storage/login-store.test.ts';
const RULES = 'test/login/second-factor.test.ts';
const KEYS = 'test/connectors/factors/webauthn.test.ts';
const CODES = 'test/connectors/factors/totp.test.ts';
const STORY = 'test/scenarios/36-second-factor.test.ts';
const OWN_CHANGES = 'test/attacks/account/password-and-app.test.ts';
const FACTORS_API = 'test/attacks/factors-api/factor-of-a-stranger.test.ts';
const [TWICE, GUESS, SKIP, STRANGER, PLANTED, COMPANY, TICKET] = [
  at('code-used-twice'),
  at('guessed-code'),
  at('factor-that-was-skipped'),
  at('factor-of-a-stranger'),
  at('planted-factor'),
  at('company-that-claims-a-factor'),
  at('stolen-ticket'),
];
const MAILED = at('code-by-mail');
const OWN_RIGHTS = 'test/attacks/account/changes-without-a-right.test.ts';
const PASSKEYS = 'test/scenarios/37-passkeys.test.ts';
const METHODS = 'test/management/authentication-methods.test.ts';
const ELSEWHERE = 'test/attacks/factors-api/mfa-token-elsewhere.test.ts';
const AGAIN = 'test/attacks/factors-api/answers-again.test.ts';
const AUDIENCE = 'test/attacks/factors-api/audience.test.ts';
const FURTHER = 'test/attacks/factors-api/further-address.test.ts';
const MY_ADDRESS = 'test/me/further-address.test.ts';
const LAST = 'test/attacks/factors-api/last-factor.test.ts';
const ENROLMENT = 'test/management/sealed-enrolment.test.ts';
const MAILED_API = 'test/attacks/factors-api/code-by-mail.test.ts';

/** Options that check origin and RP id; the line after them tells registration and assertion apart. */
const PARTY = '      expectedOrigin: party.origin,\n      expectedRPID: party.id,\n';
const PARTY_AT_REGISTRATION = `${PARTY}      requireUserPresence`;
const PARTY_AT_ASSERTION = `${PARTY}      // Attack: a found key`;
/** The origin and the challenge that the sender wrote. */
const SENT_ORIGIN = 'decodeClientDataJSON(clientData).origin';
const SENT_CHALLENGE =
  "fields.answer ? JSON.parse(Buffer.from(JSON.parse(fields.answer).response.clientDataJSON, 'base64url').toString()).challenge : challenge";

export const FACTOR_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/domain/factors/factor.ts', [
    'a policy asks for a factor that nobody could set up',
    "policies.includes('all-applications') && canBeRequired(accepts)",
    "policies.includes('all-applications')",
    RULES,
  ]),
  ...mutantsOf('src/management/guardian/required-factors.ts', [
    'the last factor goes off under the policy',
    'toTenantFactors(before).isRequired && (after.policies ?? []).length > 0 &&',
    'toTenantFactors(after).isRequired &&',
    'test/management/guardian.test.ts',
  ]),
  ...mutantsOf(
    'src/login/company-factor.ts',
    [
      'one method twice is two',
      'new Set(names.filter((name) => METHODS.has(name))).size > 1',
      'names.length > 1',
      COMPANY,
    ],
    ['a text is a list of methods', 'Array.isArray(claims.amr) ? claims.amr : []', '[claims.amr].flat(2)', COMPANY],
  ),
  ...mutantsOf(
    'src/login/second-factor.ts',
    [
      'a token that changes factors needs no recent factor',
      'attempt.at.getTime() - inSession.at.getTime() > FRESH_MS',
      'attempt.at.getTime() < inSession.at.getTime()',
      RULES,
      'test/me/component.test.ts',
    ],
    ['no factor before a binding', 'account.bind === undefined ||', 'account.bind !== undefined ||', STRANGER, STORY],
    [
      'a factor of another account, or of before a change, is written',
      'return passedFactors(kept).filter((factor) => factor.userId === userId && factor.revision === revision);',
      'return passedFactors(kept);',
      STRANGER,
    ],
    [
      'a company’s word where the organization requires its own factor',
      "secondFactor.rule === 'required_unless_idp' && isExcused(admitted, attempt)",
      'isExcused(admitted, attempt)',
      COMPANY,
    ],
    [
      'a company’s word for an application or the tenant',
      "kind !== 'federated' && accepts.includes(settingOf(kind))",
      "kind === 'federated' || accepts.includes(settingOf(kind))",
      COMPANY,
    ],
    ['any session excuses', "return credential.session.factor?.kind === 'federated';", 'return true;', COMPANY, SKIP],
    ['the tenant’s policy', "if (tenant.factors.isRequired && !isWished) return need('tenant', isFresh);", '', COMPANY],
    ['a remembered browser for a step-up', 'return isKnown && !need.isFresh ?', 'return isKnown ?', STORY],
    ['a remembered browser after the factors changed', 'item.revision === revision &&', '', STORY],
    ['a remembered browser of another person', 'item.userId === userId &&', '', RULES],
  ),
  ...mutantsOf(
    'src/login/second-factor.ts',
    [
      'a code by mail before a binding',
      "{ reason: 'binding', accepts: withoutMail(SUPPORTED_FACTORS),",
      "{ reason: 'binding', accepts: SUPPORTED_FACTORS,",
      RULES,
    ],
    [
      'a code by mail for a change of factors',
      'const accepts = isFresh ? withoutMail(all) : all;',
      'const accepts = all;',
      RULES,
      MAILED,
    ],
    [
      'a code by mail for a change of factors that the tenant no longer accepts',
      'accepts: canBeRequired(accepts) ? accepts : withoutMail(SUPPORTED_FACTORS),',
      'accepts: canBeRequired(accepts) ? accepts : SUPPORTED_FACTORS,',
      RULES,
    ],
  ),
  ...mutantsOf(
    'src/login/mail-factor.ts',
    ['mail counts where it is off', "!accepts.includes('email') ||", '', RULES, MAILED],
    ['mail counts alone', '|| !usable.some(({ kind }) => isIndependent(kind))', '', RULES],
    ['a mailbox that set the password passes the factor', 'if (isPasswordFromMail) return [];', '', RULES, MAILED],
    ['a mailbox that this login used passes the factor', '&& !used.includes(address)', '', RULES],
    ['a mailed code without an end', 'return isRight && expiresAt > at.getTime();', 'return isRight;', MAILED],
    ['any mailed code', 'return isRight && expiresAt > at.getTime();', 'return expiresAt > at.getTime();', MAILED],
  ),
  ...mutantsOf('src/login/plan-mailbox.ts', [
    'a code goes to the mailbox of the provider that signs in',
    '...(asserted === undefined ? [] : [asserted])',
    '',
    RULES,
    MAILED,
  ]),
  ...mutantsOf('src/domain/factors/factor.ts', [
    'operators get codes by mail',
    'organization?.isOfOperators ? OPERATOR_FACTORS : factors.accepts;',
    'factors.accepts;',
    RULES,
  ]),
  ...mutantsOf(
    'src/http/oauth/factors/out-of-band.ts',
    ['a mailed code of another exchange', 'return t === tokenId ? sent : undefined;', 'return sent;', MAILED_API],
    ['a mailed code is not compared', 'if (!fitsSent(sent, typed, at)) return', 'if (false) return', MAILED_API],
  ),
  ...mutantsOf(
    'src/http/oauth/factors/further-address.ts',
    ['an address as the first factor', 'if (!isBeside(found.usable))', 'if (false)', FURTHER],
    ['a password adds a mailbox', "if (by === 'mfa_token') return enrolled();", '', MAILED_API],
    ['a token from before the app adds a mailbox', 'if (late) return late;', '', FURTHER],
    [
      'an address that another person began to set up',
      'return h === holder ? sent : undefined;',
      'return sent;',
      FURTHER,
    ],
    ['any code adds an address', 'if (!fitsSent(sent, typed, at)) return', 'if (false) return', FURTHER],
  ),
  ...mutantsOf(
    'src/storage/tokens/factors.ts',
    ['a code adds two addresses', 'if (spent.length === 0 || (await', 'if ((await', FURTHER],
    [
      'an address is left as the only factor',
      "kind in ('otp', 'webauthn-roaming') and confirmed_at is not null)",
      "kind in ('otp', 'webauthn-roaming') and confirmed_at is not null) or true",
      FURTHER,
    ],
  ),
  ...mutantsOf(
    'src/management/my-account/further-address.ts',
    [
      'an application adds an address as the first factor',
      "if (!mayHaveAddress(person)) return 'kind';",
      '',
      MY_ADDRESS,
    ],
    ['an application adds an address by any code', 'return fitsSent(sent, typed, at) ?', 'return true ?', MY_ADDRESS],
    ['a code for an own address is guessed', 'if (!counted.allowed)', 'if (!counted)', MY_ADDRESS],
  ),
  ...mutantsOf('src/management/my-account/changes.ts', [
    'the first factor goes while the code for an address is on its way',
    'mayHaveAddress(person) ? proveAddress(fields, code, at) : undefined;',
    'proveAddress(fields, code, at);',
    MY_ADDRESS,
  ]),
  ...mutantsOf('src/management/my-account/person.ts', [
    'a company reads the private addresses of its people',
    "!(isCompany && kind === 'email')",
    'true',
    FURTHER,
  ]),
  ...mutantsOf(
    'src/storage/login-store/commit-parts.ts',
    [
      'a factor after a sign-in elsewhere stands behind a password that a link set',
      'relyAccount?.passwordHash !== undefined &&\n  (Boolean(factors',
      '(Boolean(factors',
      STORE,
    ],
    [
      'a code by mail stands behind a password that a link set',
      'Boolean(factors?.used?.some(({ mailed }) => mailed === undefined))',
      'Boolean(factors?.used?.length)',
      STORE,
    ],
  ),
  ...mutantsOf('src/management/users/enrollment-tickets.ts', [
    'a ticket for a factor that no ticket sets up permits every kind',
    'if (kind === undefined) throw',
    'if (false) throw',
    'test/management/enrollment-tickets.test.ts',
  ]),
  ...mutantsOf('src/storage/account-recovery.ts', [
    'nobody knows that a link set a password',
    'vouched_by = $5, set_by_link = true',
    'vouched_by = $5, set_by_link = false',
    MAILED,
  ]),
  ...mutantsOf('src/storage/tokens/factors.ts', [
    'an ended password of a stranger leaves a factor without a voucher',
    "p.hash <> '!' and p.vouched_by is null) then coalesce",
    'p.vouched_by is null) then coalesce',
    FACTORS_API,
  ]),
  ...mutantsOf('src/login/offer.ts', [
    'the mailbox and the password make a passkey',
    "factor.kind !== undefined && factor.kind !== 'email'",
    'factor.kind !== undefined',
    MAILED,
  ]),
  ...mutantsOf('src/management/my-account/person.ts', [
    'a code by mail permits changes of factors',
    "passed === undefined || passed.type === 'email' ||",
    'passed === undefined ||',
    MAILED,
  ]),
  ...mutantsOf('src/http/login/factor.ts', [
    'a code goes to any address that the form names',
    'const to = mail.find(({ id }) => id === chosen);',
    'const to = mail.find(({ id }) => id === chosen) ?? mail[0];',
    MAILED,
  ]),
  ...mutantsOf(
    'src/login/passkey.ts',
    [
      'a deleted passkey signs in by an older login',
      "return factors.some((factor) => factor.id === id && factor.kind === 'passkey');",
      'return true;',
      'test/attacks/passkeys/proof-that-was-kept.test.ts',
    ],
    [
      'a login by a passkey leaves it to the connector to demand the person',
      'mustVerify: true };',
      'mustVerify: false };',
      'test/login/passkey.test.ts',
    ],
  ),
  ...mutantsOf('src/login/offer.ts', [
    'an offered passkey is made without the PIN of its key',
    'mustVerify: true }',
    'mustVerify: false }',
    'test/attacks/passkeys/stolen-answers.test.ts',
  ]),
  ...mutantsOf(
    'src/connectors/factors/verify.ts',
    [
      'a page of another site frames the question',
      'if (crossOrigin !== false || topOrigin !== undefined)',
      'if (false)',
      KEYS,
    ],
    ['an attestation of any size', 'if (bytes.length > MAX_ATTESTATION_BYTES)', 'if (false)', KEYS],
    ['a registration under the id of another key', 'if (made.credential.id !== id)', 'if (false)', KEYS],
    ['an answer by another key', 'if (id !== credential.id)', 'if (false)', KEYS],
    ['a passkey for another account', 'return userHandle === credential.userHandle ?', 'return true ?', KEYS],
    [
      'a found key signs in without its owner',
      'requireUserVerification: given.mustVerify || isDiscovered,',
      'requireUserVerification: given.mustVerify,',
      KEYS,
    ],
    [
      'a key that could not leave its device is answered by one that can',
      'if (made.credentialDeviceType !== credential.deviceType)',
      'if (false)',
      KEYS,
    ],
    ['a copy of a key', 'return signCount > credential.signCount', 'return signCount >= 0', KEYS],
    [
      'a registration answers any challenge',
      `expectedChallenge: given.challenge,\n${PARTY_AT_REGISTRATION}`,
      `expectedChallenge: () => true,\n${PARTY_AT_REGISTRATION}`,
      KEYS,
    ],
    [
      'a page of any origin registers a key',
      PARTY_AT_REGISTRATION,
      PARTY_AT_REGISTRATION.replace('party.origin', SENT_ORIGIN),
      KEYS,
    ],
    [
      'a key for another site is registered',
      PARTY_AT_REGISTRATION,
      PARTY_AT_REGISTRATION.replace('party.id', 'undefined'),
      KEYS,
    ],
    [
      'a key answers any challenge',
      `expectedChallenge: given.challenge,\n${PARTY_AT_ASSERTION}`,
      `expectedChallenge: () => true,\n${PARTY_AT_ASSERTION}`,
      KEYS,
    ],
    [
      'a page of any origin uses a key',
      PARTY_AT_ASSERTION,
      PARTY_AT_ASSERTION.replace('party.origin', SENT_ORIGIN),
      KEYS,
    ],
    [
      'a key answers for another site',
      PARTY_AT_ASSERTION,
      PARTY_AT_ASSERTION.replace('party.id', "[party.id, 'evil.example']"),
      KEYS,
    ],
  ),
  ...mutantsOf('src/http/login/factor.ts', [
    'a key’s answer of another login passes the factor',
    "{ response: fields.answer ?? '', challenge };",
    `{ response: fields.answer ?? '', challenge: ${SENT_CHALLENGE} };`,
    at('answer-of-another-login'),
  ]),
  ...mutantsOf('src/http/login/proof/passkey.ts', [
    'a passkey’s answer of another login signs in',
    "response: fields.answer ?? '',\n    challenge,",
    `response: fields.answer ?? '',\n    challenge: ${SENT_CHALLENGE},`,
    'test/attacks/passkeys/stolen-answers.test.ts',
  ]),
  ...mutantsOf('src/login/own-factors.ts', [
    'Mallory’s factor is asked of the owner',
    'if (endPasswords === undefined) return factors;',
    'return factors;',
    PLANTED,
  ]),
  ...mutantsOf(
    'src/login/challenge.ts',
    [
      'a company sets up a factor for everybody',
      '!isCompanyOfMany(enablement.connection.strategy, hasOtherWaysIn);',
      'true;',
      STRANGER,
    ],
    ['a second one is set up', 'if (isFree && kinds.length > 0 &&', 'if (kinds.length > 0 &&', RULES],
    ['an outdated question counts as answered', 'answeredQuestion(attempt) !== way.ask', 'false', STRANGER],
    [
      'a silent request gets a page',
      "return silent ? refuse('authenticate.factor_required', `asked for by: ${question.reason}`) : question;",
      'return question;',
      SKIP,
    ],
  ),
  ...mutantsOf(
    'src/connectors/factors/totp.ts',
    ['a code of an older step', '.find((step) => lastStep === undefined || step > lastStep)', '.at(0)', CODES, TWICE],
    ['a code of minutes ago signs in', 'const STEPS = [-1, 0, 1];', 'const STEPS = [-2, -1, 0, 1];', CODES],
    [
      'a clock that is off is not told',
      "if (off.length === 0) return 'the code does not fit';",
      "if (off) return 'the code does not fit';",
      CODES,
      STORY,
    ],
  ),
  ...mutantsOf('src/login/check-factor.ts', [
    'no limit for one question',
    'const TRIES_PER_QUESTION = 5;',
    'const TRIES_PER_QUESTION = 50;',
    GUESS,
  ]),
  ...mutantsOf('src/login/check-factor.ts', [
    'tries that are left for the question, and not for the account',
    'const nearest = findNearest(ahead);',
    "const nearest = findNearest(ahead.filter(({ limit }) => limit === 'for_this_one'));",
    LEFT,
    GUESS,
  ]),
  ...mutantsOf(
    'src/login/attempt-limits.ts',
    ['a stranger reads what others try for an address', ", told: 'own' }", ' }', LEFT],
    [
      'a known browser reads what others try for an address',
      'lookBeyond(attempts, counted.ahead, strangers, at, told)',
      "lookBeyond(attempts, counted.ahead, strangers, at, 'all')",
      LEFT,
    ],
    [
      'a known browser is told of the strangers’ tries alone',
      'left: own.left + beyond.left',
      'left: beyond.left',
      LEFT,
    ],
  ),
  ...mutantsOf('src/http/oauth/factors/grant-factor.ts', [
    'a new factor is told with the time before the Actions',
    'claim: (at) => ({',
    'claim: (_late, at = answeredAt) => ({',
    ONE_TIME,
  ]),
  ...mutantsOf('src/storage/jobs/outbox.ts', [
    'a code is mailed without its line',
    'await insertMail(db, box, mail, at);\n        for',
    'await insertMail(pool, box, mail, at);\n        for',
    'test/storage/outbox.test.ts',
  ]),
  ...mutantsOf('src/management/my-account/further-address.ts', [
    'a limit of an hour is told as one of a minute',
    "passed.limit === 'for_this_one' ? {} : lastsFor(passed)",
    '({})',
    'test/scenarios/account-page.test.ts',
  ]),
  ...mutantsOf('src/login/attempt-limits.ts', [
    'no limit for the factors of an account',
    "factor: { of: 'address', fromHere: 10, fromAnywhere: 30,",
    "factor: { of: 'address', fromHere: 1000, fromAnywhere: 3000,",
    GUESS,
  ]),
  ...mutantsOf('src/login/attempt-limits.ts', [
    'no limit for mailed codes',
    "'factor-mail': { of: 'address', fromHere: 5, fromAnywhere: 10,",
    "'factor-mail': { of: 'address', fromHere: 500, fromAnywhere: 1000,",
    MAILED,
  ]),
  ...mutantsOf(
    'src/storage/login-store/factors.ts',
    [
      'a code goes to an address that a company asserts',
      "case when u.email_vouched_by in ('mail', 'operator') then u.email end as address",
      'u.email as address',
      MAILED,
      STORE,
    ],
    [
      'a code goes to the address that a provider asserted before',
      'asserted.some((one) => one === email) ||',
      '',
      MAILED,
    ],
    [
      'a code goes to a mailbox of the provider’s domain',
      '|| account.provider_domains.includes(emailDomain(email as Email))',
      '',
      MAILED,
    ],
    [
      'a password that a link set counts',
      "p.hash <> '!' and p.set_by_link)",
      "p.hash <> '!' and false)",
      MAILED,
      STORE,
    ],
  ),
  ...mutantsOf(
    'src/storage/login-store/factor-parts.ts',
    ['a code of the same step counts again', 'or f.last_step < x.step', 'or f.last_step <= x.step', STORE, TWICE],
    [
      'a counter of one device that stands still',
      'else f.sign_count < x.count or',
      'else f.sign_count <= x.count or',
      STORE,
    ],
    ['a recovery code works twice', "code_hash = coalesce(decode(x.next, 'hex'), f.code_hash),", '', STORE],
    ['a mailed code works twice', "on r.organization_id = '' and", "on r.organization_id = 'x' and", STORE],
    ['a removed address still counts', 'where f.id = x.id and f.address = x.address) end', 'where true) end', STORE],
    ['an address that is no more the account’s', 'u.email = x.address and', '', STORE],
    ['any recovery code is claimed', "then f.code_hash = decode(x.hash, 'hex')", 'then true', STORE],
    [
      'a stranger’s factor outlives their password',
      'and (vouched_by is null or :only_mailed',
      'and (false or :only_mailed',
      STORE,
      PLANTED,
    ],
    ['a change of the factors is not seen', "sets: ['factors_revision = factors_revision + 1'],", 'sets: [],', STORE],
    [
      'the owner of the password vouches for all',
      'coalesce(:factor_vouched_by,',
      "coalesce(:factor_vouched_by, 'mail',",
      STORE,
      PLANTED,
    ],
  ),
  ...mutantsOf(
    'src/storage/login-store/commit-parts.ts',
    [
      'the account’s factors are not compared at the commit',
      "{ conflict: 'factors', when: '(select factors_revision from user_now) <> :rely_factors' },",
      '',
      STORE,
    ],
    [
      'the organization’s question is not compared at the commit',
      'when: "(select case when mfa <> \'none\' then asks end from organization_now) is distinct from :rely_second_factor",',
      "when: 'false',",
      STORE,
    ],
  ),
  ...mutantsOf(
    'src/domain/factors/company-session.ts',
    [
      'a company’s session changes the factors of an account with a password',
      'return isEnterprise(strategy) && hasOtherWaysIn;',
      'return false;',
      FACTORS_API,
    ],
    [
      'a session that does not tell its connection is nobody’s',
      'connectionId === undefined || way.connectionId === connectionId',
      'way.connectionId === connectionId',
      FACTORS_API,
    ],
  ),
  ...mutantsOf(
    'src/management/my-account/password.ts',
    [
      'a password is changed without the factor',
      "if (barrier && !(barrier === 'sign_in' && old)) return no(barrier);",
      '',
      OWN_CHANGES,
    ],
    ['the old password is not compared', 'if (wrong) return no(wrong);', '', OWN_CHANGES],
  ),
  ...mutantsOf('src/management/my-account/changes.ts', [
    'another one’s app, or a recovery code, is replaced',
    "return !asker.ticket && kind === 'otp' && findReplaced(person, replaces) ? undefined : 'gone';",
    'return undefined;',
    OWN_CHANGES,
  ]),
  ...mutantsOf('src/management/my-account/further-address.ts', [
    'the right code of a further address counts as a guess',
    'if (result.ok) await forgiveAttempts(codeMail.attempts, counted);',
    '',
    MY_ADDRESS,
  ]),
  ...mutantsOf('src/storage/ways-in.ts', [
    'a password that was ended is another way in',
    " and p.hash <> '!'",
    '',
    'test/attacks/account/changes-without-a-right.test.ts',
  ]),
  ...mutantsOf('src/http/oauth/factors/endpoints.ts', [
    'mail for a client that may redeem no code',
    'client?.grantTypes.includes(FACTOR_GRANTS.oob) ? undefined : grantTypeNotAllowed(FACTOR_GRANTS.oob);',
    'undefined;',
    MAILED_API,
  ]),
  ...mutantsOf('src/http/oauth/factors/endpoints.ts', [
    'a company’s token removes a factor of an account with a password',
    '?? (found.mayChange ? undefined : barredSession(found))',
    '',
    FACTORS_API,
  ]),
  ...mutantsOf('src/login/tenant-code/event-factors.ts', [
    'a refresh after a passkey says pwd',
    "isPasskey || session?.methods.some(({ name }) => name === 'passkey')",
    'isPasskey',
    'test/oauth/refresh-actions.test.ts',
  ]),
  ...mutantsOf('src/storage/account-recovery.ts', [
    'a stranger’s factor outlives a password or an address that the owner proves by mail',
    'await queryRows(db, END_UNVOUCHED_FACTORS, [userId]);',
    '',
    PLANTED,
  ]),
  ...mutantsOf('src/storage/directory/clients/credentials.ts', [
    'a stranger’s factor outlives the link of an operator',
    'await endUnvouchedFactors(db, userId);',
    '',
    PLANTED,
  ]),
  ...mutantsOf(
    'src/management/my-account/person.ts',
    [
      'a ticket of before a change of the factors',
      'if (person.revision !== revision || (parseEmail',
      'if ((parseEmail',
      TICKET,
    ],
    [
      'a ticket of before the account got another address',
      "if (person.revision !== revision || (parseEmail(person.user.email) ?? '') !== email) return 'changed';",
      "if (person.revision !== revision) return 'changed';",
      TICKET,
    ],
    [
      'a ticket alone, for an account that has a factor',
      'return person.factors.some(countsAlone) ? findBarrier(person, at) : undefined;',
      'return undefined;',
      TICKET,
    ],
    [
      'a ticket for another kind',
      'own.includes(one) && (kind === undefined || one === kind)',
      'own.includes(one)',
      TICKET,
    ],
  ),
  ...mutantsOf(
    'src/management/my-account/changes.ts',
    [
      'a ticket that is used twice',
      "if (asker.ticket && !(await takeTicket(asker, directory, at))) return no('changed');",
      '',
      TICKET,
      'test/faults/enrollment-ticket.test.ts',
    ],
    [
      'a company alone vouches for a factor by a ticket',
      'ticket ? { connectionId: null } : session',
      'session',
      TICKET,
    ],
    [
      'an enrolment of before a reset of the factors is finished after it',
      "if (fields.r !== String(person.revision)) return no('changed');",
      '',
      OWN_RIGHTS,
    ],
    [
      'a person removes the last factor that a policy asks for',
      "if (isLastOwn(person, id)) return no('last');",
      '',
      OWN_RIGHTS,
    ],
    [
      'a person sets up a passkey that does not verify them',
      "kind === 'passkey' || rules.keyVerification === 'required'",
      "rules.keyVerification === 'required'",
      'test/me/authentication-methods.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/management/my-account/sealed-enrolment.ts',
    [
      'any started enrolment with a ticket',
      "(fields.t ?? '') === ticketIdOf(holder) ? fields : undefined",
      'fields',
      TICKET,
    ],
    ['a started enrolment of another person', '|| fields.u !== holder.userId ||', '||', ENROLMENT],
    ['a started enrolment of another session', "|| fields.s !== (holder.sessionId ?? '')", '', ENROLMENT],
    ['a started enrolment that never expires', 'Number(e) > at.getTime();', 'Number(e) > 0 * at.getTime();', ENROLMENT],
  ),
  ...mutantsOf('src/http/oauth/factors/further-address.ts', [
    'a company’s token adds a mailbox to an account with a password',
    'if (!found.mayChange) return barredSession(found);',
    '',
    FACTORS_API,
  ]),
  ...mutantsOf('src/storage/directory/people/factors.ts', [
    'everybody vouches for a factor set up by a ticket',
    'if (connectionId === null) return voucherOfAll(userId);',
    "if (connectionId === null) return sql<string | null>`'operator'`;",
    TICKET,
  ]),
  ...mutantsOf('src/storage/account-end.ts', [
    'a ticket outlives a new password',
    "purpose in ('password', 'enrollment')`,",
    "purpose in ('password')`,",
    TICKET,
  ]),
  ...mutantsOf(
    'src/domain/factors/factor-effect.ts',
    [
      'a plan that forgets the question before a binding',
      "if (next.binds && real.length > 0) return 'asked';",
      '',
      'test/domain/factor-effect.test.ts',
    ],
    [
      'a plan that lets a company set up factors of an account with a password',
      'real.length === 0 && !(next.byCompany && next.hasOtherWaysIn)',
      'real.length === 0',
      'test/domain/factor-effect.test.ts',
    ],
    [
      'a plan in which the company excuses from the policy of the tenant',
      "isRequired || rule === 'required' ? 'everybody'",
      "rule === 'required' ? 'everybody'",
      'test/domain/factor-effect.test.ts',
    ],
  ),
  ...mutantsOf('src/storage/directory/people/people.ts', [
    'a factor that was never confirmed told as one',
    'where t.user_id = p.user_id and t.confirmed_at is not null) f',
    'where t.user_id = p.user_id) f',
    'test/management/people.test.ts',
  ]),
  ...mutantsOf(
    'src/management/my-account/person.ts',
    [
      'a change of factors needs no recent factor',
      "if (factors.some(countsAlone)) return isFresh(passedAt(person), at) ? undefined : 'factor';",
      'if (factors.some(countsAlone)) return undefined;',
      OWN_RIGHTS,
      OWN_CHANGES,
    ],
    [
      'an old sign-in sets up a first factor',
      "return isFresh(session.authenticatedAt.getTime(), at) ? undefined : 'sign_in';",
      'return undefined;',
      'test/scenarios/account-page.test.ts',
    ],
    [
      'the proof by a factor that was reset permits changes',
      '|| !factors.some(({ kind }) => kind === passed.type))',
      ')',
      OWN_RIGHTS,
    ],
  ),
  ...mutantsOf(
    'src/management/my-account/sessions.ts',
    ['a session of another person is ended', 'session?.userId === asker.userId &&', 'session &&', OWN_RIGHTS],
    [
      'a company watches what its people do elsewhere',
      "return findBarrier(person, at) !== 'company' || connectionId === person.session?.connectionId;",
      'return true;',
      OWN_RIGHTS,
    ],
  ),
  ...mutantsOf(
    'src/login/second-factor.ts',
    [
      'a factor of the session that this organization does not accept',
      '&& !isOld && isAccepted(inSession.kind, accepts))',
      '&& !isOld)',
      RULES,
      SKIP,
    ],
    [
      'a browser is remembered for ever',
      'attempt.at.getTime() - item.at < REMEMBERED_MS &&',
      'attempt.at.getTime() > item.at &&',
      RULES,
    ],
    [
      'a step-up that the organization’s browser has',
      "return need('application', true);",
      "return need('application');",
      STORY,
    ],
  ),
  ...mutantsOf(
    'src/login/offer.ts',
    [
      'the password makes a passkey beside a factor that was not passed',
      'return factors.length === 0 || (passkeys === 0 && isStrong);',
      'return passkeys === 0;',
      PASSKEYS,
    ],
    [
      'an open session makes a passkey',
      "return proof.credential !== undefined && settings.isOfferedAfterPassword ? 'password' : undefined;",
      "return settings.isOfferedAfterPassword ? 'password' : undefined;",
      PASSKEYS,
    ],
  ),
  ...mutantsOf('src/storage/factor-secrets.ts', [
    'a secret opens in the row of another person',
    '`factors:${userId}:${id}`;',
    "`factors:${userId && id && ''}`;",
    STORE,
    METHODS,
  ]),
  ...mutantsOf('src/management/users/factor-resets.ts', [
    'who may set passwords takes the factors away',
    'if (!needed.every((one) => caller.scopes.has(one))) throw',
    "if (!caller.scopes.has('update:users')) throw",
    METHODS,
  ]),
  ...mutantsOf(
    'src/management/guardian/required-factors.ts',
    [
      'operators can require a factor only while the tenant has one for its customers',
      'isOfOperators ? OPERATOR_FACTORS : tenant.accepts;',
      'isOfOperators ? tenant.accepts : tenant.accepts;',
      'test/operators/second-factor.test.ts',
    ],
    [
      'an organization of a customer requires a factor that only operators could set up',
      'isOfOperators ? OPERATOR_FACTORS : tenant.accepts;',
      'isOfOperators ? OPERATOR_FACTORS : OPERATOR_FACTORS;',
      'test/management/guardian.test.ts',
    ],
  ),
  ...mutantsOf('src/management/guardian/required-factors.ts', [
    'who may change organizations ends their second factor',
    'if (!caller.scopes.has(POLICIES)) throw',
    'if (false) throw',
    'test/management/guardian.test.ts',
  ]),
  ...mutantsOf('src/http/oauth/factors/bearer.ts', [
    'a token from before a factor was set up removes it',
    'confirmedAt.getTime() <= since.getTime()',
    'confirmedAt.getTime() > 0',
    FACTORS_API,
  ]),
  ...mutantsOf('src/http/oauth/factors/audience.ts', [
    'a code that is held back makes a newer token',
    'lifetimeSeconds: plan.lifetimeSeconds - age };',
    'lifetimeSeconds: plan.lifetimeSeconds - 0 * age };',
    AUDIENCE,
  ]),
  ...mutantsOf(
    'src/http/oauth/factors/find-refused.ts',
    ['an mfa_token of another application', 'if (token.clientId !== clientId) return', 'if (false) return', ELSEWHERE],
    [
      'an mfa_token without an end',
      'if (token.expiresAt.getTime() <= at.getTime()) return',
      'if (false) return',
      ELSEWHERE,
    ],
  ),
  ...mutantsOf('src/http/oauth/factors/answers.ts', [
    'no limit for one mfa_token',
    'const TRIES_PER_TOKEN = 5;',
    'const TRIES_PER_TOKEN = 50;',
    AGAIN,
  ]),
  ...mutantsOf(
    'src/domain/factors/last-factor.ts',
    [
      'the last factor may go beside one that only replaces it',
      'factor.id !== id && countsAlone(factor)',
      'factor.id !== id',
      LAST,
    ],
    [
      'the last factor may go under the policy of the tenant',
      '...(rules.isRequired ? [rules.accepts] : []),',
      '',
      LAST,
    ],
    ['the last factor may go where an organization asks for one', "mfa === 'none' ? []", 'mfa ? []', LAST],
    ['the last factor that an organization accepts may go', 'left.length === 0 ||', 'left.length === 0 && ', LAST],
  ),
  ...mutantsOf('src/compose/server.ts', [
    'operators of a new server need no second factor',
    "const { operatorMfa = 'required' } = options;",
    "const { operatorMfa = 'none' } = options;",
    'test/operators/first.test.ts',
  ]),
];
