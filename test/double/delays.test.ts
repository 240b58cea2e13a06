/** Auth0's delays at the double: removals take effect later, lists are older than what was written. No test waits for a fixed time. */
import { describe, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { startInstance } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';

/** Longer than any test. */
const NEVER = 600_000;

/** Asks until the answer is `wanted`; the test's own limit ends it. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the removal of a member', () => {
  const stage = useStage({ profile: 'auth0', facts: { member_removal_ms: NEVER } });
  const members = () => `/organizations/${stage.cast.acme.id}/members`;

  test('case=is answered at once; login and lists see the member until it takes effect', async () => {
    const { api } = stage.instance;
    const member = await stage.cast.createMember('dana@elsewhere.example');
    await api('DELETE', members(), { members: [member] }, 204);
    expect(await api('GET', members())).toMatchObject([{ user_id: member }]);
    expect(answerOf(await stage.visitor().withPassword('dana@elsewhere.example')).code).toBeDefined();
  });
});

describe('the removal of a member, short', () => {
  const stage = useStage({ profile: 'auth0', facts: { member_removal_ms: 4_000, speed: 4 } });
  const members = () => `/organizations/${stage.cast.acme.id}/members`;
  const list = () => stage.instance.api<{ user_id: string }[]>('GET', members());

  test('case=takes effect in the end, and the member is a stranger', async () => {
    const member = await stage.cast.createMember('uma@elsewhere.example');
    await stage.instance.api('DELETE', members(), { members: [member] }, 204);
    await until(list, (found) => found.length === 0);
    expect(answerOf(await stage.visitor().withPassword('uma@elsewhere.example')).error).toBe('access_denied');
  });

  test('case=a member who is added meanwhile stays', async () => {
    const again = await stage.cast.createMember('again@elsewhere.example');
    const other = await stage.cast.createMember('other@elsewhere.example');
    await stage.instance.api('DELETE', members(), { members: [again] }, 204);
    await stage.instance.api('POST', members(), { members: [again] }, 204);
    // Asked for later, so that the first one would be gone by then.
    await stage.instance.api('DELETE', members(), { members: [other] }, 204);
    const left = await until(list, (found) => found.every(({ user_id }) => user_id !== other));
    expect(left.map(({ user_id }) => user_id)).toContain(again);
  });
});

describe('the removal of a member who is added meanwhile, the other setting', () => {
  const facts = { member_removal_ms: 300, added_while_removed: 'is_removed' } as const;
  const stage = useStage({ profile: 'auth0', facts });

  test('case=takes effect all the same', async () => {
    const { api } = stage.instance;
    const members = `/organizations/${stage.cast.acme.id}/members`;
    const member = await stage.cast.createMember('dana@elsewhere.example');
    await api('DELETE', members, { members: [member] }, 204);
    await api('POST', members, { members: [member] }, 204);
    await until(
      () => api<unknown[]>('GET', members),
      (found) => found.length === 0,
    );
  });
});

test('case=removals that wait are done when the double stops', async () => {
  const database = await createTestDatabase();
  try {
    const first = await startInstance({ database, profile: 'auth0', facts: { member_removal_ms: NEVER } });
    await first.api('POST', '/connections', { name: 'people', strategy: 'auth0' });
    const body = { connection: 'people', email: 'dana@acme.example', password: 'Correct-horse-7-battery' };
    const member = (await first.api('POST', '/users', body)).user_id as string;
    const organization = await first.api('POST', '/organizations', { name: 'acme' });
    const members = `/organizations/${organization.id}/members`;
    await first.api('POST', members, { members: [member] }, 204);
    await first.api('DELETE', members, { members: [member] }, 204);
    await first.server.close();
    const second = await startInstance({ database, profile: 'auth0' });
    expect(await second.api('GET', members)).toEqual([]);
    await second.server.close();
  } finally {
    await database.drop();
  }
});

test('case=removals that waited when the double was killed are done at the next start, but for members who came back', async () => {
  const database = await createTestDatabase();
  // Left alone, as a killed one leaves the database: the second starts while it still waits.
  const killed = await startInstance({ database, profile: 'auth0', facts: { member_removal_ms: NEVER } });
  const { api } = killed;
  try {
    await api('POST', '/connections', { name: 'people', strategy: 'auth0' });
    const create = async (name: string) => {
      const body = { connection: 'people', email: `${name}@acme.example`, password: 'Correct-horse-7-battery' };
      return (await api('POST', '/users', body)).user_id as string;
    };
    const [gone, again, later] = [await create('gone'), await create('again'), await create('later')];
    const organization = await api('POST', '/organizations', { name: 'acme' });
    const members = `/organizations/${organization.id}/members`;
    await api('POST', members, { members: [gone, again, later] }, 204);
    await api('DELETE', members, { members: [gone, again, later] }, 204);
    await api('POST', members, { members: [again] }, 204);
    // As if this removal had been done, and a login had brought a new membership since.
    await database.pool.query(`update members set created_at = now() + interval '1 minute' where user_id = $1`, [
      later,
    ]);
    const second = await startInstance({ database, profile: 'auth0' });
    const left = await second.api<{ user_id: string }[]>('GET', members);
    expect(left.map(({ user_id }) => user_id).sort()).toEqual([again, later].sort());
    await second.server.close();
  } finally {
    await killed.server.close();
    await database.drop();
  }
});

describe('lists that are behind', () => {
  const stage = useStage({ profile: 'auth0', facts: { read_lag_ms: NEVER } });

  test('case=members, search and log are old; users-by-email, a user and their organizations are not', async () => {
    const { api } = stage.instance;
    const member = await stage.cast.createMember('dana@elsewhere.example');
    expect(await api('GET', `/organizations/${stage.cast.acme.id}/members`)).toEqual([]);
    expect(await api('GET', '/users?q=email:"dana@elsewhere.example"')).toEqual([]);
    expect(await stage.logs()).toEqual([]);
    const path = `/users/${encodeURIComponent(member)}`;
    expect(await api('GET', '/users-by-email?email=dana@elsewhere.example')).toMatchObject([{ user_id: member }]);
    expect(await api('GET', path)).toMatchObject({ user_id: member });
    expect(await api('GET', `${path}/organizations`)).toMatchObject([{ id: stage.cast.acme.id }]);
    expect(answerOf(await stage.visitor().withPassword('dana@elsewhere.example')).code).toBeDefined();
  });
});

describe('lists that catch up', () => {
  const stage = useStage({ profile: 'auth0', facts: { read_lag_ms: 200 } });

  test('case=the member, the user and the log line show in the end', async () => {
    const { api } = stage.instance;
    const member = await stage.cast.createMember('dana@elsewhere.example');
    const members = `/organizations/${stage.cast.acme.id}/members`;
    await until(
      () => api<unknown[]>('GET', members),
      (found) => found.length === 1,
    );
    const search = '/users?q=email:"dana@elsewhere.example"';
    expect(
      await until(
        () => api<unknown[]>('GET', search),
        (found) => found.length === 1,
      ),
    ).toMatchObject([{ user_id: member }]);
    await until(
      () => stage.logs(),
      (lines) => lines.some((line) => line.type === 'sapi'),
    );
  });
});
