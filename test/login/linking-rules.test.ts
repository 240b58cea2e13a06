/**
 * The linking rule, part by part (docs/linking-rule.md). Every case starts from ground on which everything holds and changes
 * one thing. Each expects the answer *and* the line of the trace that names the rule: an answer that is right for
 * another reason is wrong.
 */
import { describe, expect, test } from 'vitest';
import type { Email } from '../../src/domain/people/email.js';
import { type AuthenticateDeps, authenticate, proverOf } from '../../src/login/2-authenticate.js';
import { admit } from '../../src/login/4-admit.js';
import { resolveIdentity } from '../../src/login/linking-rules.js';
import type { Refusal } from '../../src/login/refusals.js';
import { whyNotSilent } from '../../src/login/silent.js';
import type { Attempt, ProofQuestion, Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import { vouchFor } from '../../src/login/vouching.js';
import type { ConnectorFailure } from '../../src/ports/connector.js';
import {
  AT,
  attemptOf,
  authenticatedOf,
  type Changes,
  candidateOf,
  candidatesOf,
  DANA,
  databaseOf,
  identityOf,
  invitationOf,
  linesOf,
  ownProofOf,
  passwordProofOf,
  ssoOf,
} from '../support/login-facts.js';

/** The answer in one line. */
function wordsFor(answer: Resolved | ProofQuestion | Refusal): string {
  if ('kind' in answer) {
    return answer.kind === 'ask' ? `ask ${answer.userId ?? 'nobody'}: ${answer.rule}` : `refuse ${answer.code}`;
  }
  const { account } = answer;
  if (account.kind === 'new') return `new ${account.email ?? '-'} ${account.vouchedBy ? 'verified' : 'unverified'}`;
  return `${account.candidate.account.userId} ${account.bind ? `by ${account.bind.rule}` : 'bound'}`;
}

function resolveOn(changes: Changes) {
  const trace = newTrace();
  const answer = resolveIdentity(authenticatedOf(changes), candidatesOf(changes.candidates), AT, trace);
  return { answer, words: wordsFor(answer), lines: linesOf(trace), trace };
}

type Row = readonly [name: string, changes: Changes, answer: string, line: string];

/** One test for each row. */
function cases(rows: readonly Row[]): void {
  test.each(rows)('case=%s', (_name, changes, answer, line) => {
    const { words, lines } = resolveOn(changes);
    expect(words).toBe(answer);
    expect(lines).toContain(`resolve ${line}`);
  });
}

const NEVER_USED = candidateOf({ membership: { usedBefore: false } });
const TWIN = candidateOf({ account: { emailVerified: false } });
const OUTSIDER = candidateOf({ account: { userId: 'auth0|other' }, membership: 'none' });
/** The organization has not proved the domain. */
const UNPROVED = { enablement: { provedDomains: [] } } as const;
const UNVOUCHED = { ...UNPROVED, identity: { emailVerified: false } } as const;

test('case=the ground that every other case changes in one place: Dana keeps her seat, silently', () => {
  const { words, lines, answer } = resolveOn({});
  expect(words).toBe('auth0|dana by silent');
  expect(lines).toEqual([
    'resolve address_strict pass',
    'resolve address_vouched pass',
    'resolve bound_identity pass',
    'resolve one_candidate pass',
    'resolve belongs_here pass',
    'resolve silent_or_proof pass',
  ]);
  expect(answer).toMatchObject({ provedEmail: DANA, vouchedEmail: DANA, reliedDomains: ['acme.example'] });
  expect(answer).toMatchObject({ reliedOnNoOthers: true });
});

describe('identity: (connection, issuer, subject) decides, an address does not', () => {
  const bound = candidateOf({ account: { userId: 'oidc|acme-oidc|idp-dana' }, boundSubject: 'idp-dana' });
  cases([
    ['bound', { candidates: { bound } }, 'oidc|acme-oidc|idp-dana bound', 'bound_identity pass'],
    [
      'bound, and the IdP changed the address to that of another member',
      { candidates: { bound, byEmail: [candidateOf()] } },
      'oidc|acme-oidc|idp-dana bound',
      'bound_identity pass',
    ],
    [
      'bound, and nobody vouches for the address',
      { ...UNVOUCHED, candidates: { bound } },
      'oidc|acme-oidc|idp-dana bound',
      'address_vouched refuse',
    ],
    [
      'bound, without organization',
      { organization: 'none', candidates: { bound } },
      'oidc|acme-oidc|idp-dana bound',
      'bound_identity pass',
    ],
    [
      'not bound, without organization: nobody is linked by address',
      { organization: 'none' },
      'new dana@acme.example verified',
      'bound_identity pass',
    ],
  ]);

  test('case=a bound account is not handed the address that nobody vouched for', () => {
    const other = candidateOf({ account: { email: 'old@acme.example' as Email }, boundSubject: 'idp-dana' });
    expect(resolveOn({ ...UNVOUCHED, candidates: { bound: other } }).answer).toMatchObject({
      provedEmail: 'old@acme.example',
      vouchedEmail: undefined,
    });
  });

  test('case=a bound account whose stored address is unverified has no proved address from an IdP without a say', () => {
    const other = candidateOf({ account: { emailVerified: false }, boundSubject: 'idp-dana' });
    expect(resolveOn({ ...UNVOUCHED, candidates: { bound: other } }).answer).toMatchObject({ provedEmail: undefined });
  });
});

/** Step 2 over one connector; everything else is not reached. */
function depsWith(answer: ConnectorFailure | { ok: true; identity: ReturnType<typeof identityOf> }): AuthenticateDeps {
  const unreachable = () => {
    throw new Error('this must not be asked');
  };
  return {
    reads: new Proxy({} as AuthenticateDeps['reads'], { get: unreachable }),
    attempts: {
      count: unreachable,
      change: unreachable,
      findFirstFull: unreachable,
      read: unreachable,
      findFull: unreachable,
      forget: unreachable,
      remember: unreachable,
      isRemembered: unreachable,
    },
    passwords: { shape: 'password', verify: unreachable, hash: unreachable, needsRehash: unreachable },
    factorChecks: new Proxy({} as AuthenticateDeps['factorChecks'], { get: unreachable }),
    redirectConnector: () => ({
      shape: 'redirect',
      start: unreachable,
      findTransaction: unreachable,
      finish: async () => answer,
      examine: unreachable,
    }),
  };
}

const CALLBACK: Attempt['credential'] = {
  kind: 'callback',
  connectionId: 'con_sso',
  fingerprint: 'c1.e1',
  remembered: { state: 's', nonce: 'n', codeVerifier: 'v' },
  redirectUri: 'https://vestibule.example/login/callback',
  sentAt: AT,
  input: { method: 'GET', parameters: {} },
};

async function authenticateOn(
  credential: Attempt['credential'],
  connections = [databaseOf(), ssoOf()],
  answer: Parameters<typeof depsWith>[0] = { ok: true, identity: identityOf() },
) {
  const trace = newTrace();
  const deps = depsWith(answer);
  const result = await authenticate(attemptOf({ credential }), authenticatedOf({ connections }), proverOf(deps), trace);
  return { result, lines: linesOf(trace), trace };
}

describe('rule 1: the protocol proof is whole', () => {
  test('case=whole', async () => {
    const { result, lines } = await authenticateOn(CALLBACK);
    expect(result).toMatchObject({ proof: { kind: 'identity', identity: identityOf(), ownProof: undefined } });
    expect(lines).toEqual(['authenticate connection_enabled pass', 'authenticate protocol_proof pass']);
  });

  test.each([
    ['invalid', 'authenticate.idp_invalid'],
    ['unreachable', 'authenticate.idp_unreachable'],
    ['keys', 'authenticate.idp_keys'],
    ['denied', 'authenticate.idp_denied'],
  ] as const)('case=%s: refused, the failed check is in the trace', async (reason, code) => {
    const failure = { ok: false, reason, check: 'id_token.nonce', detail: 'another nonce' } as const;
    const { result, trace } = await authenticateOn(CALLBACK, undefined, failure);
    expect(result).toMatchObject({ kind: 'refused', code });
    expect(trace.lines.at(-1)).toEqual({
      stage: 'authenticate',
      rule: 'protocol_proof',
      answer: 'refuse',
      evidence: { check: 'id_token.nonce', detail: 'another nonce' },
    });
  });

  describe('when the person signed in at the IdP', () => {
    const at = AT.getTime() / 1000;
    const answerTo = async (request: Partial<Attempt['request']>, signedInAtSeconds?: number) => {
      const trace = newTrace();
      const identity = identityOf({ ...(signedInAtSeconds !== undefined && { signedInAtSeconds }) });
      const attempt = attemptOf({ credential: CALLBACK });
      const asked = { ...attempt, request: { ...attempt.request, ...request } };
      const result = await authenticate(asked, authenticatedOf(), proverOf(depsWith({ ok: true, identity })), trace);
      return 'code' in result ? result.code : linesOf(trace).at(-1);
    };

    test.each([
      ['prompt=login', { prompt: ['login'] }, 0],
      ['prompt=login, whatever max_age allows', { prompt: ['login'], maxAge: 3600 }, 0],
      ['max_age', { maxAge: 600 }, 600],
      ['max_age=0', { maxAge: 0 }, 0],
    ] as const)('case=%s: as long ago as that and the skew, and not a second more', async (_name, request, age) => {
      expect(await answerTo(request, at - age - 60)).toBe('authenticate sign_in_time pass');
      expect(await answerTo(request, at + 3)).toBe('authenticate sign_in_time pass');
      expect(await answerTo(request, at - age - 61)).toBe('authenticate.sign_in_too_old');
      // The address of the IdP goes through the browser: a person who takes max_age out gets no auth_time.
      const isDemanded = 'maxAge' in request;
      expect(await answerTo(request)).toBe(
        isDemanded ? 'authenticate.sign_in_too_old' : 'authenticate sign_in_time pass',
      );
    });

    test('case=nobody asked', async () => {
      expect(await answerTo({}, at - 1_000_000)).toBe('authenticate protocol_proof pass');
      expect(await answerTo({ prompt: ['select_account'] })).toBe('authenticate protocol_proof pass');
    });
  });

  test('case=a strategy that no connector speaks proves nothing', async () => {
    const deps = { ...depsWith({ ok: true, identity: identityOf() }), redirectConnector: () => undefined };
    const result = await authenticate(
      attemptOf({ credential: CALLBACK }),
      authenticatedOf(),
      proverOf(deps),
      newTrace(),
    );
    expect(result).toMatchObject({ kind: 'refused', code: 'identify.connection_not_enabled' });
  });

  test('case=what is no external identity is never linked by address', () => {
    const authenticated = { ...authenticatedOf(), proof: passwordProofOf() };
    expect(() => resolveIdentity(authenticated, candidatesOf(), AT, newTrace())).toThrow('takes an external identity');
  });
});

describe('rule 2: the connection is enabled and has not changed since the redirect', () => {
  const REFUSED = 'authenticate connection_enabled refuse';
  test.each([
    ['switched off meanwhile', CALLBACK, [databaseOf()], 'identify.connection_not_enabled', REFUSED],
    [
      'another connection of the same organization does not do',
      { ...CALLBACK, connectionId: 'con_other' },
      [databaseOf(), ssoOf()],
      'identify.connection_not_enabled',
      REFUSED,
    ],
    [
      'the connection was changed',
      CALLBACK,
      [ssoOf({}, { revision: 'c2' })],
      'identify.connection_changed',
      'authenticate connection_unchanged refuse',
    ],
    [
      'what the organization allows it was changed',
      CALLBACK,
      [ssoOf({ revision: 'e2' })],
      'identify.connection_changed',
      'authenticate connection_unchanged refuse',
    ],
    [
      'an identity verified earlier, and the connection was changed since',
      { kind: 'identity', identity: identityOf(), fingerprint: 'c0.e1', ownProof: undefined },
      [ssoOf()],
      'identify.connection_changed',
      'authenticate connection_unchanged refuse',
    ],
  ] as const)('case=%s', async (_name, credential, connections, code, line) => {
    const { result, lines } = await authenticateOn(credential, [...connections]);
    expect(result).toMatchObject({ kind: 'refused', code });
    expect(lines).toEqual([line]);
  });

  test('case=enabled and unchanged: the fingerprint goes on to the commit', async () => {
    const { result } = await authenticateOn(CALLBACK);
    expect(result).toMatchObject({ fingerprint: 'c1.e1' });
  });
});

describe('rule 3: the address parses strictly', () => {
  test.each([
    ['none', undefined],
    ['empty', ''],
    ['two @', 'dana@acme.example@evil.example'],
    ['quoted', '"dana"@acme.example'],
    ['commented', 'dana(x)@acme.example'],
    ['with a name', 'Dana <dana@acme.example>'],
    ['an encoded word', '=?utf-8?q?dana?=@acme.example\n'],
    ['a space', 'dana @acme.example'],
    ['a look-alike letter (dotless i)', 'd\u0131na@acme.example'],
    ['a letter that folds to ASCII (Kelvin sign)', 'dan\u212a@acme.example'],
    ['a full-width letter in the domain', 'dana@\uff41cme.example'],
    ['a zero byte', 'dana\u0000@acme.example'],
    ['an address literal', 'dana@[127.0.0.1]'],
  ])('case=%s: no address, so nobody is found by it', (_name, email) => {
    const { words, lines, answer } = resolveOn({ identity: { email } });
    expect(words).toBe('new - unverified');
    expect(lines).toContain('resolve address_strict refuse');
    expect(answer).toMatchObject({ provedEmail: undefined, vouchedEmail: undefined, reliedDomains: [] });
  });

  cases([
    [
      'capitals of ASCII are the same address',
      { identity: { email: 'Dana@ACME.example' } },
      'auth0|dana by silent',
      'address_strict pass',
    ],
    [
      'no plus trick',
      { identity: { email: 'dana+x@acme.example' }, candidates: { byEmail: [] } },
      'new dana+x@acme.example verified',
      'address_strict pass',
    ],
  ]);
});

describe('rule 4: somebody who may vouches for the address', () => {
  const asserted = { identity: { emailVerified: false } } as const;
  cases([
    ['the domain is proved, the IdP says nothing', asserted, 'auth0|dana by silent', 'address_vouched pass'],
    ['the IdP says so, no domain is proved', UNPROVED, 'auth0|dana by silent', 'address_vouched pass'],
    ['neither', UNVOUCHED, 'new dana@acme.example unverified', 'address_vouched refuse'],
    [
      'the domain is proved by another organization: the flag is worth nothing',
      { ...UNPROVED, candidates: { domainProvedElsewhere: true } },
      'new dana@acme.example unverified',
      'address_vouched refuse',
    ],
    [
      'a proved domain above it',
      { ...asserted, enablement: { provedDomains: ['example'] } },
      'new dana@acme.example unverified',
      'address_vouched refuse',
    ],
    [
      'a proved domain that ends the same',
      { ...asserted, enablement: { provedDomains: ['cme.example'] } },
      'new dana@acme.example unverified',
      'address_vouched refuse',
    ],
    [
      'a proved domain below it',
      { ...asserted, enablement: { provedDomains: ['mail.acme.example'] } },
      'new dana@acme.example unverified',
      'address_vouched refuse',
    ],
    [
      'a proved domain among several',
      { ...asserted, enablement: { provedDomains: ['beta.example', 'acme.example'] } },
      'auth0|dana by silent',
      'address_vouched pass',
    ],
  ]);

  test('case=the evidence says who vouched', () => {
    const { trace } = resolveOn({ ...UNPROVED, candidates: { domainProvedElsewhere: true } });
    expect(trace.lines.find((line) => line.rule === 'address_vouched')?.evidence).toEqual({
      domain: 'acme.example',
      domain_proved_here: false,
      domain_proved_elsewhere: true,
      idp_email_verified: true,
    });
  });
});

describe('rule 4: whose domain it is goes on to the admission and to the commit', () => {
  const claimed = { domainProvedElsewhere: true };
  const proved = ownProofOf({ userId: undefined });
  test.each<readonly [string, Changes, boolean, string | undefined]>([
    ['nobody’s: the IdP is believed for as long as it stays so', UNPROVED, false, 'acme.example'],
    ['nobody’s, and the IdP says nothing', UNVOUCHED, false, 'acme.example'],
    ['this organization’s', {}, false, undefined],
    ['another organization’s', { ...UNPROVED, candidates: claimed }, true, undefined],
    [
      'another organization’s, and the account is bound',
      { ...UNPROVED, candidates: { ...claimed, bound: candidateOf({ boundSubject: 'idp-dana' }) } },
      true,
      undefined,
    ],
    [
      'another organization’s, and the person proved the address himself',
      { ...UNPROVED, ticket: invitationOf(), candidates: { ...claimed, byEmail: [] }, ownProof: proved },
      false,
      undefined,
    ],
    [
      'another organization’s, and the person proved another address',
      {
        ...UNPROVED,
        candidates: { ...claimed, byEmail: [] },
        ownProof: { ...proved, email: 'm@evil.example' as Email },
      },
      true,
      undefined,
    ],
    [
      'nobody’s, and the person proved the address himself',
      { ...UNPROVED, ticket: invitationOf(), candidates: { byEmail: [] }, ownProof: proved },
      false,
      undefined,
    ],
    ['there is no address', { identity: { email: undefined }, enablement: { provedDomains: [] } }, false, undefined],
  ])('case=%s', (_name, changes, domainProvedElsewhere, reliedUnclaimedDomain) => {
    expect(resolveOn(changes).answer).toMatchObject({ domainProvedElsewhere, reliedUnclaimedDomain });
  });
});

test('case=an address that does not parse is vouched for by nobody', () => {
  const vouching = vouchFor(identityOf({ email: 'dana' }), ssoOf(), candidatesOf(), newTrace());
  expect(vouching).toEqual({ email: undefined, byDomain: false, byIdp: false });
});

describe('rule 5: exactly one candidate', () => {
  const second = candidateOf({ account: { userId: 'auth0|dana-2' } });
  cases([
    [
      'two members with the address',
      { candidates: { byEmail: [candidateOf(), second] } },
      'refuse resolve.ambiguous_account',
      'one_candidate refuse',
    ],
    [
      'one member, and others elsewhere with the same address: they do not count',
      { candidates: { byEmail: [OUTSIDER, candidateOf()] } },
      'auth0|dana by silent',
      'one_candidate pass',
    ],
    [
      'the member is bound to another subject: the address was handed on',
      { candidates: { byEmail: [candidateOf({ boundSubject: 'idp-somebody-else' })] } },
      'new dana@acme.example verified',
      'one_candidate refuse',
    ],
    [
      'its own address is not verified',
      { candidates: { byEmail: [TWIN] } },
      'ask auth0|dana: local_address_unverified',
      'silent_or_proof ask',
    ],
    [
      'its own address is not verified, and a proof of its own was given',
      { candidates: { byEmail: [TWIN] }, ownProof: ownProofOf() },
      'auth0|dana by own_proof',
      'silent_or_proof pass',
    ],
    [
      'bound to another subject, and a proof of its own: one person has one subject',
      { candidates: { byEmail: [candidateOf({ boundSubject: 'x' })] }, ownProof: ownProofOf() },
      'new dana@acme.example verified',
      'one_candidate refuse',
    ],
  ]);

  test('case=blocked: found, and refused by name at the door', () => {
    const trace = newTrace();
    const blocked = candidateOf({ account: { blocked: true } });
    const answer = resolveIdentity(authenticatedOf(), candidatesOf({ byEmail: [blocked] }), AT, trace);
    if ('kind' in answer) throw new Error(answer.kind);
    expect(admit(answer, AT, trace)).toMatchObject({ kind: 'refused', code: 'admit.user_blocked' });
    expect(linesOf(trace)).toContain('admit user_blocked refuse');
  });
});

describe('rule 6: the candidate belongs here', () => {
  cases([
    [
      'not a member: a stranger, whoever has that address elsewhere',
      { candidates: { byEmail: [OUTSIDER] } },
      'new dana@acme.example verified',
      'belongs_here pass',
    ],
    [
      'not a member, with a proof of his own: that does not make him one',
      { candidates: { byEmail: [OUTSIDER] }, ownProof: ownProofOf({ userId: 'auth0|other' }) },
      'new dana@acme.example verified',
      'belongs_here pass',
    ],
    [
      'several accounts, none a member',
      { candidates: { byEmail: [OUTSIDER, candidateOf({ account: { userId: 'auth0|third' }, membership: 'none' })] } },
      'new dana@acme.example verified',
      'belongs_here pass',
    ],
    ['nobody has the address', { candidates: { byEmail: [] } }, 'new dana@acme.example verified', 'belongs_here pass'],
    [
      'the organization does not want its members linked',
      { enablement: { linkExistingMembers: 'never' } },
      'new dana@acme.example verified',
      'linking_allowed refuse',
    ],
    [
      'the organization does not want its members linked, invitation or not',
      { enablement: { linkExistingMembers: 'never' }, ticket: invitationOf() },
      'new dana@acme.example verified',
      'linking_allowed refuse',
    ],
  ]);

  test('case=that linking is switched off is told of members whom it keeps out, and of nobody else', () => {
    const never = { enablement: { linkExistingMembers: 'never', provedDomains: [] } } as const;
    const lines = (changes: Changes) => resolveOn({ ...never, ...changes }).lines.join();
    expect(lines({})).toContain('linking_allowed');
    expect(lines({ candidates: { byEmail: [OUTSIDER] } })).not.toContain('linking_allowed');
    expect(lines({ identity: { emailVerified: false } })).not.toContain('linking_allowed');
    expect(resolveOn({}).lines.join()).not.toContain('linking_allowed');
  });

  test('case=no answer, question or evidence tells a stranger whether an account exists elsewhere', () => {
    const nobody = resolveOn({ ...UNPROVED, candidates: { byEmail: [] } });
    const somebody = resolveOn({ ...UNPROVED, candidates: { byEmail: [OUTSIDER] } });
    expect(somebody.answer).toEqual(nobody.answer);
    expect(somebody.trace.lines).toEqual(nobody.trace.lines);
  });
});

describe('rule 7: silent, or with a proof of one’s own', () => {
  const several = candidateOf({ otherOrganizations: 1 });
  const stranger = 'ask auth0|dana: member_of_several_organizations';
  cases([
    [
      'domain proved, membership never used',
      { candidates: { byEmail: [NEVER_USED] } },
      'auth0|dana by silent',
      'silent_or_proof pass',
    ],
    ['membership used, domain not proved', UNPROVED, 'auth0|dana by silent', 'silent_or_proof pass'],
    [
      'neither',
      { ...UNPROVED, candidates: { byEmail: [NEVER_USED] } },
      'ask auth0|dana: membership_never_used',
      'silent_or_proof ask',
    ],
    ['a member of another organization too', { candidates: { byEmail: [several] } }, stranger, 'silent_or_proof ask'],
    [
      'proved by a code',
      { candidates: { byEmail: [several] }, ownProof: ownProofOf() },
      'auth0|dana by own_proof',
      'silent_or_proof pass',
    ],
    [
      'proved by the old password',
      { candidates: { byEmail: [several] }, ownProof: ownProofOf({ by: 'password' }) },
      'auth0|dana by own_proof',
      'silent_or_proof pass',
    ],
    [
      'the proof is of another account',
      { candidates: { byEmail: [several] }, ownProof: ownProofOf({ userId: 'auth0|other' }) },
      stranger,
      'silent_or_proof ask',
    ],
    [
      'the proof is of no account',
      { candidates: { byEmail: [several] }, ownProof: ownProofOf({ userId: undefined }) },
      stranger,
      'silent_or_proof ask',
    ],
    [
      'the proof is of another address',
      { candidates: { byEmail: [several] }, ownProof: ownProofOf({ email: 'dana@beta.example' as Email }) },
      stranger,
      'silent_or_proof ask',
    ],
  ]);

  test('case=whoever is no member has used no membership', () => {
    const outsider = candidateOf({ membership: 'none' });
    expect(whyNotSilent(outsider, { email: DANA, byDomain: false, byIdp: true })).toBe('membership_never_used');
  });

  test('case=the binding carries its evidence, and the silent one what it leaned on', () => {
    const silent = resolveOn(UNPROVED).answer;
    expect(silent).toMatchObject({
      account: { bind: { evidence: { email: DANA, domain_proved: false, idp_email_verified: true } } },
      reliedDomains: [],
      reliedOnNoOthers: true,
    });
    const proved = resolveOn({ candidates: { byEmail: [several] }, ownProof: ownProofOf() }).answer;
    expect(proved).toMatchObject({ account: { bind: { evidence: { own_proof: 'code' } } }, reliedOnNoOthers: false });
  });
});

describe('rule 7, the invited who are not members', () => {
  const ticket = invitationOf();
  const elsewhere = candidateOf({ membership: 'none', otherOrganizations: 1 });
  const twin = candidateOf({ account: { userId: 'auth0|twin', emailVerified: false }, membership: 'none' });
  const provedNobody = ownProofOf({ userId: undefined });
  const ASK = 'ask auth0|dana: account_not_in_organization';
  cases([
    [
      'without account, domain proved',
      { ticket, candidates: { byEmail: [] } },
      'new dana@acme.example verified',
      'silent_or_proof pass',
    ],
    [
      'without account, domain not proved: asked all the same, or the question would tell',
      { ...UNPROVED, ticket, candidates: { byEmail: [] } },
      'ask nobody: address_not_proved',
      'silent_or_proof ask',
    ],
    [
      'without account, domain not proved, address proved by a code',
      { ...UNVOUCHED, ticket, candidates: { byEmail: [] }, ownProof: provedNobody },
      'new dana@acme.example verified',
      'silent_or_proof pass',
    ],
    [
      'without account, the code went to another address',
      {
        ...UNVOUCHED,
        ticket,
        candidates: { byEmail: [] },
        ownProof: { ...provedNobody, email: 'm@evil.example' as Email },
      },
      'ask nobody: address_not_proved',
      'silent_or_proof ask',
    ],
    ['with account, domain proved', { ticket, candidates: { byEmail: [elsewhere] } }, ASK, 'silent_or_proof ask'],
    [
      'with account, domain not proved',
      { ...UNPROVED, ticket, candidates: { byEmail: [elsewhere] } },
      ASK,
      'silent_or_proof ask',
    ],
    [
      'with account and a proof of it',
      { ticket, candidates: { byEmail: [elsewhere] }, ownProof: ownProofOf() },
      'auth0|dana by own_proof',
      'silent_or_proof pass',
    ],
    [
      'with account and a proof of another',
      { ticket, candidates: { byEmail: [elsewhere] }, ownProof: ownProofOf({ userId: 'auth0|other' }) },
      ASK,
      'silent_or_proof ask',
    ],
    [
      'with account, proof of the address only: it was given before the account was there',
      { ticket, candidates: { byEmail: [elsewhere] }, ownProof: provedNobody },
      ASK,
      'silent_or_proof ask',
    ],
    [
      'with account and a proof for another address',
      { ticket, candidates: { byEmail: [elsewhere] }, ownProof: ownProofOf({ email: 'x@acme.example' as Email }) },
      ASK,
      'silent_or_proof ask',
    ],
    [
      'with an account whose address is unverified',
      { ticket, candidates: { byEmail: [twin] } },
      'ask auth0|twin: account_not_in_organization',
      'silent_or_proof ask',
    ],
    [
      'two accounts, one verified: that one',
      { ticket, candidates: { byEmail: [twin, elsewhere] } },
      ASK,
      'one_candidate pass',
    ],
    [
      'two verified accounts',
      { ticket, candidates: { byEmail: [elsewhere, OUTSIDER] } },
      'refuse resolve.ambiguous_account',
      'one_candidate refuse',
    ],
    [
      'two unverified accounts',
      {
        ticket,
        candidates: {
          byEmail: [twin, candidateOf({ account: { userId: 'auth0|b', emailVerified: false }, membership: 'none' })],
        },
      },
      'refuse resolve.ambiguous_account',
      'one_candidate refuse',
    ],
    [
      'the account has no password of its own: it is another company’s person, not a candidate',
      { ticket, candidates: { byEmail: [candidateOf({ membership: 'none', hasPassword: false })] } },
      'new dana@acme.example verified',
      'one_candidate pass',
    ],
    [
      'the account is bound to another subject here: not a candidate',
      { ticket, candidates: { byEmail: [candidateOf({ membership: 'none', boundSubject: 'x' })] } },
      'new dana@acme.example verified',
      'one_candidate pass',
    ],
    [
      'the ticket is for another address',
      {
        ticket: invitationOf({ inviteeEmail: 'sam@acme.example' as Email }),
        candidates: { byEmail: [elsewhere] },
      },
      'new dana@acme.example verified',
      'belongs_here pass',
    ],
    [
      'the ticket names another connection',
      { ticket: invitationOf({ connectionId: 'con_db' }), candidates: { byEmail: [elsewhere] } },
      'new dana@acme.example verified',
      'belongs_here pass',
    ],
    [
      'the ticket names no connection',
      { ticket: invitationOf({ connectionId: undefined }), candidates: { byEmail: [elsewhere] } },
      ASK,
      'silent_or_proof ask',
    ],
    [
      'no ticket, but an invitation for the vouched address',
      { candidates: { byEmail: [elsewhere], invitations: [invitationOf()] } },
      ASK,
      'silent_or_proof ask',
    ],
    [
      'no ticket, and the IdP alone vouches for the invited address',
      { ...UNPROVED, candidates: { byEmail: [elsewhere], invitations: [invitationOf()] } },
      ASK,
      'silent_or_proof ask',
    ],
    [
      'no ticket, and the domain alone vouches for the invited address',
      { identity: { emailVerified: false }, candidates: { byEmail: [elsewhere], invitations: [invitationOf()] } },
      ASK,
      'silent_or_proof ask',
    ],
    [
      'no ticket, and nobody vouches for the address of the invitation',
      { ...UNVOUCHED, candidates: { byEmail: [elsewhere], invitations: [invitationOf()] } },
      'new dana@acme.example unverified',
      'belongs_here pass',
    ],
    [
      'no ticket, and the invitation has expired: nobody is asked for a proof that cannot help him',
      { candidates: { byEmail: [elsewhere], invitations: [invitationOf({ expiresAt: AT })] } },
      'new dana@acme.example verified',
      'belongs_here pass',
    ],
    [
      'no ticket, the invitation names another connection',
      { candidates: { byEmail: [elsewhere], invitations: [invitationOf({ connectionId: 'con_db' })] } },
      'new dana@acme.example verified',
      'belongs_here pass',
    ],
    [
      'a member with the ticket where members are not linked: asked as a newcomer, never for the account that would not be linked',
      { ticket, identity: { emailVerified: true }, enablement: { provedDomains: [], linkExistingMembers: 'never' } },
      'ask nobody: address_not_proved',
      'silent_or_proof ask',
    ],
    [
      'the ticket of an address that was handed on, from a member bound to another subject: asked like everybody',
      {
        ticket,
        identity: { emailVerified: true },
        enablement: { provedDomains: [] },
        candidates: { byEmail: [candidateOf({ boundSubject: 'another' })] },
      },
      'ask nobody: address_not_proved',
      'silent_or_proof ask',
    ],
    [
      'a member with the ticket whose address nobody vouches for',
      { ...UNVOUCHED, ticket },
      'new dana@acme.example unverified',
      'belongs_here pass',
    ],
    [
      'a member with the ticket keeps his seat as ever',
      { ticket, candidates: { byEmail: [candidateOf()] } },
      'auth0|dana by silent',
      'silent_or_proof pass',
    ],
  ]);

  test('case=the password may be used as the proof where the account has one, and there is none to use without account', () => {
    const question = (byEmail: readonly ReturnType<typeof candidateOf>[]) =>
      resolveOn({ ...UNPROVED, ticket, candidates: { byEmail } }).answer;
    const unproved = { kind: 'ask', domainUnproved: true };
    expect(question([elsewhere])).toMatchObject({ ...unproved, userId: 'auth0|dana', hasPassword: true });
    expect(question([])).toMatchObject({ ...unproved, userId: undefined, hasPassword: false });
    const asked = resolveOn({ ticket, candidates: { byEmail: [elsewhere] } }).answer;
    expect(asked).toMatchObject({ kind: 'ask' });
    expect(asked).not.toHaveProperty('domainUnproved');
    const bare = candidateOf({ otherOrganizations: 1, hasPassword: false });
    expect(resolveOn({ candidates: { byEmail: [bare] } }).answer).toMatchObject({ kind: 'ask', hasPassword: false });
  });

  test('case=the binding leans on the domain where that is proved, and says that the person was invited', () => {
    const proved = { ticket, candidates: { byEmail: [elsewhere] }, ownProof: ownProofOf() };
    expect(resolveOn(proved).answer).toMatchObject({
      account: { bind: { evidence: { email: DANA, own_proof: 'code', invited: true } } },
      reliedDomains: ['acme.example'],
    });
    expect(resolveOn({ ...UNPROVED, ...proved }).answer).toMatchObject({ reliedDomains: [] });
  });

  test('case=with and without account the question differs in nothing that the page shows', () => {
    const shown = (byEmail: readonly ReturnType<typeof candidateOf>[]) => {
      const { answer } = resolveOn({ ...UNPROVED, ticket, candidates: { byEmail } });
      if (!('kind' in answer) || answer.kind !== 'ask') throw new Error('no question');
      return { email: answer.email };
    };
    expect(shown([elsewhere])).toEqual(shown([]));
  });
});

/** The expectation that the answer takes the place of. */
function replacedBy(changes: Changes): string | undefined {
  const { answer } = resolveOn(changes);
  return !('kind' in answer) && answer.account.kind === 'existing'
    ? answer.account.bind?.replacesExpected
    : 'nothing bound';
}

test('case=expected by an address that nobody vouches for, the account itself proved: the expectation came true', () => {
  const local = candidateOf({ membership: 'none' });
  const expected = { candidate: local, identityId: 'idn_1', by: 'email' } as const;
  const proved = { ...UNVOUCHED, ticket: invitationOf(), ownProof: ownProofOf() };
  expect(replacedBy({ ...proved, candidates: { byEmail: [local], expected } })).toBe('idn_1');
  const ofAnother = { ...expected, candidate: OUTSIDER };
  expect(replacedBy({ ...proved, candidates: { byEmail: [local], expected: ofAnother } })).toBeUndefined();
});

describe('the operator’s own word: a pre-provisioned identity', () => {
  const candidate = candidateOf({ account: { userId: 'auth0|expected' }, membership: 'none' });
  const bySubject = { candidate, identityId: 'idn_1', by: 'subject' } as const;
  const byEmail = { candidate, identityId: 'idn_1', by: 'email' } as const;
  const taken = candidateOf({ account: { userId: 'auth0|expected' }, boundSubject: 'another' });
  const LINKED = 'auth0|expected by pre_provisioned';
  cases([
    ['by subject', { candidates: { expected: bySubject } }, LINKED, 'pre_provisioned pass'],
    ['by subject, no vouching', { ...UNVOUCHED, candidates: { expected: bySubject } }, LINKED, 'pre_provisioned pass'],
    ['by address, the IdP vouches', { ...UNPROVED, candidates: { expected: byEmail } }, LINKED, 'pre_provisioned pass'],
    [
      'by address, the domain vouches',
      { identity: { emailVerified: false }, candidates: { expected: byEmail } },
      LINKED,
      'pre_provisioned pass',
    ],
    [
      'by address, nobody vouches: an assertion is not enough',
      { ...UNVOUCHED, candidates: { expected: byEmail } },
      'new dana@acme.example unverified',
      'pre_provisioned refuse',
    ],
    [
      'by address, the domain is another organization’s',
      { ...UNPROVED, candidates: { expected: byEmail, domainProvedElsewhere: true } },
      'new dana@acme.example unverified',
      'pre_provisioned refuse',
    ],
    [
      'the account is bound to another subject already',
      { candidates: { expected: { ...bySubject, candidate: taken }, byEmail: [] } },
      'new dana@acme.example verified',
      'pre_provisioned refuse',
    ],
    [
      'goes before a member found by address',
      { candidates: { expected: bySubject, byEmail: [candidateOf()] } },
      LINKED,
      'pre_provisioned pass',
    ],
    [
      'a binding goes before it',
      { candidates: { expected: bySubject, bound: candidateOf({ boundSubject: 'idp-dana' }) } },
      'auth0|dana bound',
      'bound_identity pass',
    ],
    [
      'counts without organization too',
      { organization: 'none', candidates: { expected: bySubject } },
      LINKED,
      'pre_provisioned pass',
    ],
    [
      'overrules membership elsewhere (rule 7)',
      {
        candidates: {
          expected: {
            ...bySubject,
            candidate: candidateOf({ account: { userId: 'auth0|expected' }, otherOrganizations: 3 }),
          },
        },
      },
      LINKED,
      'pre_provisioned pass',
    ],
  ]);

  test('case=the expected identity is named, so that the commit takes its place and can be undone', () => {
    expect(resolveOn({ candidates: { expected: byEmail } }).answer).toMatchObject({
      account: {
        bind: { replacesExpected: 'idn_1', evidence: { pre_provisioned: 'email', identity: 'idn_1' } },
      },
      reliedDomains: ['acme.example'],
    });
    expect(resolveOn({ candidates: { expected: bySubject } }).answer).toMatchObject({ reliedDomains: [] });
  });
});

describe('rule 8: what an enterprise session may do', () => {
  const session = { userId: 'auth0|dana', sessionId: 'ses_1', connectionId: 'con_sso', authenticatedAt: AT };
  const credential = { kind: 'session', session, sessionHash: Buffer.alloc(32) } as const;

  test('case=it enters where its connection is enabled', async () => {
    const { result } = await authenticateOn(credential);
    expect(result).toMatchObject({ proof: { kind: 'account', userId: 'auth0|dana', by: 'session' } });
  });

  test('case=it enters nowhere else: the person is simply not signed in there', async () => {
    const { result, lines } = await authenticateOn(credential, [databaseOf()]);
    expect(result).toMatchObject({ kind: 'refused', code: 'authenticate.session_not_usable' });
    expect(lines).toEqual(['authenticate connection_enabled refuse']);
  });
});
