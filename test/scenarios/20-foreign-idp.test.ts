/**
 * Story 20: another customer's IdP asserts somebody's address, verified. Refused, the account untouched, and the answer is the same as
 * for an address that nobody has.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, referenceOf, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let evil: Place;
  let dana: string;

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
    await stage.cast.createUser('free@plain.example');
    const assert = (sub: string, email: string) => ({ sub, email, email_verified: true, name: 'Mallory' });
    evil = await stage.cast.createPlace('evil', {
      dana: assert('e-1', 'dana@acme.example'),
      nobody: assert('e-2', 'nobody@acme.example'),
      free: assert('e-3', 'free@plain.example'),
      seated: assert('e-5', 'seated@acme.example'),
      nofree: assert('e-4', 'nofree@plain.example'),
    });
  });

  /** Comes in through Evil Corp's IdP; what was seen on the wire, without what is different for everybody. */
  async function comeIn(login: string) {
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: evil.id, connection: evil.connectionName });
    const before = await stage.instance.snapshot();
    const answer = await visitor.returnFromIdp(page, login);
    const target = new URL(answer.headers.get('location') ?? '');
    return { before, answer, target };
  }

  function seen({ answer, target }: Awaited<ReturnType<typeof comeIn>>, sub: string) {
    const reference = target.searchParams.get('error_reference') ?? '?';
    const names: string[] = [];
    answer.headers.forEach((_value, name) => {
      names.push(name);
    });
    return {
      status: answer.status,
      names,
      address: target.href.replace(reference, 'V').replace(sub, 'SUB'),
      cookies: answer.headers.getSetCookie().map((line) => line.replace(/^vestibule_login_\w+/, 'login')),
    };
  }

  test.each([
    { domain: 'that Acme proved', known: 'dana', unknown: 'nobody', subs: ['e-1', 'e-2'] },
    { domain: 'that nobody proved', known: 'free', unknown: 'nofree', subs: ['e-3', 'e-4'] },
  ])('an address in a domain $domain: refused like one without an account, nothing left', async (row) => {
    const known = await comeIn(row.known);
    await expectNothingLeft(stage.instance, known.before);
    const unknown = await comeIn(row.unknown);
    await expectNothingLeft(stage.instance, unknown.before);
    expect(seen(known, evil.subjectOf(row.subs[0] ?? ''))).toEqual(seen(unknown, evil.subjectOf(row.subs[1] ?? '')));
    expect(known.target.searchParams.get('error')).toBe('access_denied');
  });

  test('with auto-membership on she still cannot assert people of a domain that Acme proved', async () => {
    await stage.enablement({ assign_membership_on_login: true }, evil.id, evil.connectionId);
    const visitor = stage.visitor();
    const before = await stage.instance.snapshot();
    const page = await visitor.open({ organization: evil.id, connection: evil.connectionName });
    const answer = await visitor.signInAtIdp(page, 'dana');
    expect(answerOf(answer).error).toBe('access_denied');
    expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
    expect(referenceOf(answer)).toMatch(/^V-/);
    await expectNothingLeft(stage.instance, before);
  });

  test('whom she may let in is a new user of hers: the account with that address stays as it is', async () => {
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: evil.id, connection: evil.connectionName });
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(page, 'free'));
    expect(claims.sub).toBe(evil.userIdOf('e-3'));
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.users?.removed).toEqual([]);
    expect(changed.identities?.added).toMatchObject([{ user_id: evil.userIdOf('e-3') }]);
    expect(changed.members?.added).toMatchObject([{ organization_id: evil.id, user_id: evil.userIdOf('e-3') }]);
  });

  test('somebody of the proved domain who works at Evil Corp too, and only there, is not linked on her word either', async () => {
    await stage.enablement({ assign_membership_on_login: false }, evil.id, evil.connectionId);
    const userId = await stage.cast.createMember('seated@acme.example', { organizationId: evil.id });
    const own = stage.visitor();
    const answer = await own.withPassword('seated@acme.example', undefined, { organization: evil.id });
    expect((await own.redeem(answer)).claims.sub).toBe(userId);
    const { before, target } = await comeIn('seated');
    expect(target.searchParams.get('error')).toBe('access_denied');
    await expectNothingLeft(stage.instance, before);
  });

  test('Dana herself is as she was, and gets in at Acme', async () => {
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    expect(claims.sub).toBe(dana);
  });
});
