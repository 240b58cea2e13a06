/**
 * Attack: `starts_with` that is a pattern, a piece of SQL, or a text that the database cannot hold. It would list what was not asked for, go
 * through a whole table, or be answered with 500. Every list that takes it is walked; what is found is what a plain comparison finds.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from '../management/harness.js';

const LONGEST = `Long${'g'.repeat(60)}`;
const NAMES = ['%', '%d', '_x', '\\x', '\\%', "o'x", "' or true --", '\u202Eevil', '🙂 Ltd', 'Ärzte', 'plain', LONGEST];
/** Of these no address may consist. */
const LOCAL_PARTS = ['%', '%d', '_x', "o'x", 'plain', 'long'];

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  for (const [index, name] of NAMES.entries()) {
    const rest = { name: `named-${index}`, display_name: name };
    expect((await api.post('/clients', { name })).status, name).toBe(201);
    expect((await api.post('/connections', { ...rest, strategy: 'auth0' })).status, name).toBe(201);
    expect((await api.post('/organizations', rest)).status, name).toBe(201);
  }
  for (const part of LOCAL_PARTS) {
    const invitation = {
      inviter: { name: 'Dana' },
      invitee: { email: `${part}@acme.example` },
      client_id: cast.client,
    };
    const path = `/organizations/${cast.organization}/invitations`;
    expect((await api.post(path, invitation)).status, part).toBe(201);
  }
});
afterAll(() => api.close());

type Item = { name?: string; display_name?: string; invitee?: { email: string } };
const shown = (one: Item): string => one.invitee?.email ?? one.display_name ?? one.name ?? '';
const lists = () => [
  '/clients',
  '/connections',
  '/organizations',
  '/invitations',
  `/organizations/${cast.organization}/invitations`,
];
const names = async (path: string): Promise<string[]> => {
  const { status, body } = await api.get(path);
  expect(status, path).toBe(200);
  return (body as Item[]).map(shown).sort();
};

const TEXTS = [
  ...NAMES,
  ...NAMES.map((name) => name.toUpperCase()),
  ...[
    '%%',
    '_',
    '__',
    '\\',
    '\\\\',
    '%_%',
    '.*',
    '^',
    '[a-z]',
    '*',
    "'",
    '"',
    "';",
    '$1',
    '\u202E',
    '\u200B',
    '🙂',
    ' ',
  ],
  ...['p%', 'pl_in', 'PLAIN', 'ä', 'z'.repeat(255), '%'.repeat(255), '\\'.repeat(255)],
];

describe.each([0, 1, 2, 3, 4])('list %i', (index) => {
  test('finds what begins so, whatever the case, and nothing else', async () => {
    const path = lists()[index] ?? '';
    const all = await names(`${path}?per_page=100`);
    expect(all.length).toBeGreaterThan(LOCAL_PARTS.length - 1);
    for (const text of TEXTS) {
      const begins = all.filter((name) => name.toLowerCase().startsWith(text.toLowerCase()));
      expect(await names(`${path}?starts_with=${encodeURIComponent(text)}`), `${path} ${text}`).toEqual(begins);
    }
  });

  test('refuses a text that the database cannot hold, one that is too long, and two at once', async () => {
    const path = lists()[index] ?? '';
    for (const query of ['=%00', '=a%00', `=${'a'.repeat(256)}`, '=a&starts_with=b', '='])
      expect((await api.get(`${path}?starts_with${query}`)).status, `${path} ${query}`).toBe(400);
    for (const query of ['=%FF', '=%ED%A0%80', '=%', '=%25', '[]=p', '[like]=p'])
      expect((await api.get(`${path}?starts_with${query}`)).status, `${path} ${query}`).toBeLessThan(500);
  });
});
