/** Auth0's ceilings at the double: members of a call, records of a list, connections of an organization. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useStage } from '../support/stage.js';

describe('ceilings of the double', () => {
  const stage = useStage({ profile: 'auth0' });
  const ids: string[] = [];
  beforeAll(async () => {
    for (let index = 0; index < 11; index += 1) ids.push(await stage.cast.createUser(`member-${index}@acme.example`));
  });
  const members = () => `/organizations/${stage.cast.acme.id}/members`;

  test.each(['POST', 'DELETE'])('case=%s takes ten members, not eleven', async (method) => {
    const { api } = stage.instance;
    expect(await api(method, members(), { members: ids }, 400)).toMatchObject({
      errorCode: 'invalid_body',
      message: "Payload validation error: 'Array is too long (11), maximum 10' on property members.",
    });
    await api(method, members(), { members: ids.slice(0, 10) }, 204);
  });

  test.each([
    [
      '/users',
      'You can only page through the first 1000 records. See https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation',
    ],
    [
      '/organizations',
      'Requesting page 10 exceeds the allowed maximum of 1000 records. To fetch results beyond 1000, use the checkpoint pagination method.',
    ],
  ])('case=%s ends at the 1000th record', async (path, message) => {
    const { api } = stage.instance;
    expect(await api('GET', `${path}?page=9&per_page=100`)).toEqual([]);
    expect(await api('GET', `${path}?page=10&per_page=100`, undefined, 400)).toMatchObject({
      errorCode: 'invalid_paging',
      message,
    });
  });

  test('case=members and invitations end there, too; with take members go on', async () => {
    const { api } = stage.instance;
    const invitations = `/organizations/${stage.cast.acme.id}/invitations`;
    for (const path of [members(), invitations]) {
      expect(await api('GET', `${path}?page=20&per_page=50`, undefined, 400)).toMatchObject({
        errorCode: 'invalid_paging',
        message: expect.stringContaining('Requesting page 20 exceeds'),
      });
    }
    expect(await api('GET', `${members()}?take=100`)).toHaveProperty('members');
  });

  test('case=an organization has ten connections', async () => {
    const { api } = stage.instance;
    const connections: string[] = [];
    for (let index = 0; index < 9; index += 1) {
      const connection = await api('POST', '/connections', { name: `database-${index}`, strategy: 'auth0' });
      connections.push(connection.id as string);
    }
    const enable = (id: string | undefined, status: number) =>
      api('POST', `/organizations/${stage.cast.acme.id}/enabled_connections`, { connection_id: id }, status);
    for (const id of connections.slice(0, 8)) await enable(id, 201);
    await enable(connections[8], 400);
  });
});

describe.each([
  ['full_page', [2, 1], [1, 1, 1, 0], 'a full last page'],
  ['always', [2, 1, 0], [1, 1, 1, 0], 'every last page'],
  ['never', [2, 1], [1, 1, 1], 'no last page'],
] as const)('cursor_at_end %s', (setting, byTwo, byOne, which) => {
  const stage = useStage({ profile: 'auth0', facts: { cursor_at_end: setting } });

  /** The lengths of the pages, as a client reads them that goes on while there is a cursor. */
  async function lengths(path: string, key: string): Promise<number[]> {
    const found: number[] = [];
    for (let from: string | undefined = ''; from !== undefined; ) {
      const page: Record<string, unknown> = await stage.instance.api('GET', `${path}${from}`);
      found.push((page[key] as unknown[]).length);
      from = page.next === undefined ? undefined : `&from=${page.next}`;
    }
    return found;
  }

  test(`case=${which} carries next`, async () => {
    const members = `/organizations/${stage.cast.acme.id}/members`;
    for (const name of ['one', 'two', 'three']) await stage.cast.createMember(`${name}@acme.example`);
    // As the recordings have it, whatever organizations do.
    expect(await lengths(`${members}?take=2`, 'members')).toEqual([2, 1, 0]);
    await stage.instance.api('POST', '/organizations', { name: 'two' });
    await stage.instance.api('POST', '/organizations', { name: 'three' });
    expect(await lengths('/organizations?take=2', 'organizations')).toEqual(byTwo);
    expect(await lengths('/organizations?take=1', 'organizations')).toEqual(byOne);
  });
});
