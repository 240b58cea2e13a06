/** Is this you? When a person is told who they are about to be (docs/linking-rule.md, "Is this you?"). */
import { describe, expect, test } from 'vitest';
import type { AuthorizationRequest } from '../../src/domain/authorization-request.js';
import type { Email } from '../../src/domain/people/email.js';
import { findAddressQuestion } from '../../src/login/address-question.js';
import type { Attempt, Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import {
  AT,
  attemptOf,
  candidateOf,
  DANA,
  identityOf,
  ownProofOf,
  passwordProofOf,
  resolvedOf,
  ssoOf,
} from '../support/login-facts.js';

const SAM = 'sam@acme.example' as Email;
const OLD = 'dana@old.example' as Email;

interface Facts {
  readonly typed?: string | undefined;
  readonly told?: true;
  readonly request?: Partial<AuthorizationRequest>;
  readonly credential?: Attempt['credential'];
  readonly resolved?: Partial<Resolved>;
}

function askAbout({ typed = SAM, told, request, credential, resolved }: Facts) {
  const trace = newTrace();
  const base = attemptOf();
  const attempt = attemptOf({
    typed,
    request: { ...base.request, ...request },
    ...(told && { told }),
    ...(credential && { credential }),
  });
  return { question: findAddressQuestion(resolvedOf(resolved), attempt, trace), lines: trace.lines };
}

const line = (answer: 'ask' | 'pass') => ({
  stage: 'authenticate',
  rule: 'typed_address',
  answer,
  evidence: { typed: SAM, came_back: DANA },
});
const identity = (email: string | undefined): Partial<Resolved> => ({
  proof: { kind: 'identity', identity: identityOf({ email }), ownProof: undefined },
});
const accountWith = (email: Email | undefined): Partial<Resolved> => ({
  account: { kind: 'existing', candidate: candidateOf({ account: { email } }), bind: undefined },
});
const atPicker = (assertedEmail: string | undefined): Attempt['credential'] => ({
  kind: 'known',
  userId: 'auth0|dana',
  connectionId: 'con_sso',
  fingerprint: 'c1.e1',
  authenticatedAt: AT.getTime(),
  credentialDigest: undefined,
  assertedEmail,
});
const waited = { resolved: { proof: passwordProofOf({ by: 'known', credential: undefined }) } };

test('somebody began with one address and the company came back with another: both are told', () => {
  const { question, lines } = askAbout({});
  expect(question).toEqual({ kind: 'confirm', typed: SAM, cameBack: DANA, connection: ssoOf().connection });
  expect(lines).toEqual([line('ask')]);
});

test('who was told already goes on, and the trace says so', () => {
  const { question, lines } = askAbout({ told: true });
  expect(question).toBeUndefined();
  expect(lines).toEqual([line('pass')]);
});

describe('nobody is asked, and nothing is in the trace', () => {
  test.each<readonly [string, Facts]>([
    ['the address is the same', { typed: DANA }],
    ['the address is the same, in capitals', { typed: 'DANA@acme.example' }],
    ['the address is the same, and that of the account is an older one', { typed: DANA, resolved: accountWith(OLD) }],
    ['nothing was typed', { typed: '' }],
    ['what was typed is no address', { typed: 'sam' }],
    ['the address is that of the account itself', { typed: OLD, resolved: accountWith(OLD) }],
    [
      'the address is that of the account that is about to be opened',
      { resolved: { ...identity(DANA), account: { kind: 'new', email: SAM, vouchedBy: 'idp', idPrefix: undefined } } },
    ],
    ['nobody can be asked under prompt=none', { request: { prompt: ['none'] } }],
    ['id_token_hint said whom the application expects', { request: { hintedUserId: 'auth0|dana' } }],
    [
      'the page that asked for the proof of the old account has shown the address',
      { resolved: { proof: { kind: 'identity', identity: identityOf(), ownProof: ownProofOf() } } },
    ],
    ['a password was asked for by address', { resolved: { proof: passwordProofOf() } }],
    ['it is a password that waited at the picker', { ...waited, credential: atPicker(undefined) }],
    [
      'neither the company nor the account has an address',
      { resolved: { ...identity(undefined), ...accountWith(undefined) } },
    ],
  ])('%s', (_name, facts) => {
    const { question, lines } = askAbout(facts);
    expect(question).toBeUndefined();
    expect(lines).toEqual([]);
  });
});

describe('the address that came back', () => {
  test.each<readonly [string, Facts, string]>([
    ['is the one that the company sent', { resolved: { ...identity(DANA), ...accountWith(OLD) } }, DANA],
    [
      'is the account’s where the company sent none',
      { resolved: { ...identity(undefined), ...accountWith(OLD) } },
      OLD,
    ],
    [
      'is the account’s where what the company sent is no address',
      { resolved: { ...identity('dana'), ...accountWith(OLD) } },
      OLD,
    ],
    [
      'is the company’s for a newcomer',
      { resolved: { account: { kind: 'new', email: DANA, vouchedBy: 'idp', idPrefix: undefined } } },
      DANA,
    ],
    [
      'is the one that the company sent before the organization was picked',
      { ...waited, credential: atPicker('dana@beta.example') },
      'dana@beta.example',
    ],
    [
      'is the account’s where the company sent none before the organization was picked',
      { resolved: { ...waited.resolved, ...accountWith(OLD) }, credential: atPicker('') },
      OLD,
    ],
  ])('%s', (_name, facts, cameBack) => expect(askAbout(facts).question).toMatchObject({ typed: SAM, cameBack }));
});
