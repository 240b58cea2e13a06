/** `starts_with` of `GET /organizations`, our addition: how a person who types finds an organization. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
  for (const [name, display_name] of [
    ['acme', 'Acme Ltd'],
    ['acme-labs', 'Labs of Acme'],
    ['acorn', undefined],
    ['zeta', 'ÄCME'],
    ['percent', '100% Ltd'],
    ['thousand', '1000 Things'],
  ])
    await api.post('/organizations', { name, ...(display_name !== undefined && { display_name }) });
});
afterAll(() => api.close());

const find = async (text: string) =>
  (await api.get(`/organizations?starts_with=${encodeURIComponent(text)}`)).body.map(
    ({ name }: { name: string }) => name,
  );

test('case=by-the-name-that-is-shown, in its order, whatever the case', async () => {
  expect(await find('AC')).toEqual(['acme', 'acorn']);
  expect(await find('labs of')).toEqual(['acme-labs']);
  expect(await find('äc')).toEqual(['zeta']);
  expect(await find('cme')).toEqual([]);
});

test('case=signs-of-a-pattern-are-letters', async () => {
  expect(await find('100%')).toEqual(['percent']);
  expect(await find('_')).toEqual([]);
  expect(await find('\\')).toEqual([]);
});

test('case=page-by-page', async () => {
  const first = (await api.get('/organizations?starts_with=ac&take=1')).body;
  expect(first.organizations).toMatchObject([{ name: 'acme' }]);
  const second = (await api.get(`/organizations?starts_with=ac&take=1&from=${first.next}`)).body;
  expect(second.organizations).toMatchObject([{ name: 'acorn' }]);
  expect(second.next).toBeUndefined();
  expect((await api.get('/organizations?starts_with=ac&include_totals=true')).body.total).toBe(2);
});

test('case=another-order is a 400', async () => {
  expect((await api.get('/organizations?starts_with=ac&sort=name:1')).status).toBe(400);
  expect((await api.get('/organizations?starts_with=ac&sort=display_name:1')).status).toBe(200);
  expect((await api.get('/organizations?starts_with=')).status).toBe(400);
});
