/**
 * A login that nobody finishes writes nothing at all: wherever the person goes away, every table is as it was, with no exception. And a
 * login that is finished asks the database no more often than the budget says.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, type Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { makeFaulty } from '../support/faulty-pool.js';
import { answerOf, linkOf, useStage } from '../support/stage.js';

const stage = useStage();

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
  await stage.cast.createMember('olga@plain.example');
});

const open = async (visitor: Visitor) => {
  await visitor.open();
};

describe('going away leaves nothing', () => {
  test.each<[string, (visitor: Visitor) => Promise<unknown>]>([
    ['at the first page', open],
    [
      'at the first page, opened ten times',
      async (visitor) => Promise.all(Array.from({ length: 10 }, () => open(visitor))),
    ],
    ['at the password page', async (visitor) => visitor.type(await visitor.open(), 'olga@plain.example', 'password')],
    [
      'at the password page of somebody who does not exist',
      async (visitor) => visitor.type(await visitor.open(), 'nobody@plain.example', 'password'),
    ],
    ['at the identity provider', async (visitor) => visitor.type(await visitor.open(), 'dana@acme.example')],
    [
      'at the page for a forgotten password',
      async (visitor) => {
        const page = await visitor.type(await visitor.open(), 'olga@plain.example', 'password');
        await visitor.browser.visit(linkOf(page, 'Forgot'));
      },
    ],
  ])('%s', async (_, walk) => {
    const before = await stage.instance.snapshot();
    await walk(stage.visitor());
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });

  test.each<[string, (visitor: Visitor, mailed: string) => Promise<unknown>]>([
    ['at the invitation', async (visitor, mailed) => visitor.open({ invitation: mailed })],
    [
      'at the password to be chosen',
      async (visitor, mailed) => {
        const page = await visitor.open({ invitation: mailed });
        await visitor.type(page, 'new@plain.example', 'signup').catch(() => page);
      },
    ],
  ])('%s', async (_, walk) => {
    const invitation = await stage.cast.invite('new@plain.example');
    const before = await stage.instance.snapshot();
    await walk(stage.visitor(), invitation.mailed);
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });
});

describe('round trips to the database', () => {
  /** Every page that is shown reads once what it is about; a password is counted by one statement, and taken back by another. */
  const BUDGET = { sso: 12, password: 13 };
  test.each<[string, (visitor: Visitor) => Promise<unknown>]>([
    [
      'a newcomer whom the organization lets in',
      async (visitor) => visitor.redeem(await visitor.throughSso('ivy', 'ivy@acme.example')),
    ],
    [
      'somebody who comes back',
      async (visitor) => visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example')),
    ],
    [
      'a member with a password',
      async (visitor) => visitor.redeem(await visitor.withPassword('olga@plain.example', PASSWORD)),
    ],
    [
      'a stranger who is refused',
      async (visitor) => {
        expect(answerOf(await visitor.throughSso('sam', 'sam@acme.example')).error).toBe('access_denied');
      },
    ],
  ])('%s: within the budget', async (name, play) => {
    if (name.startsWith('a newcomer')) await stage.cast.invite('ivy@acme.example');
    const counter = makeFaulty(stage.instance.server.pool);
    const statements: string[] = [];
    counter.armWhere((text) => {
      statements.push(text);
      return false;
    }, 'timeout');
    await play(stage.visitor());
    counter.disarm();
    expect(statements.length, statements.join('\n')).toBeGreaterThan(2);
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(
      name.includes('password') ? BUDGET.password : BUDGET.sso,
    );
  });
});
