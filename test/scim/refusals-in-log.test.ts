/**
 * Refusals of the SCIM endpoint that repeat: the log has a code for each, the doctor reports them with the remedy, and
 * a caller without a token of the connection leaves no line.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REPORTED_SCIM_CODES, SCIM_REFUSALS } from '../../src/facts/scim-refusals.js';
import { environmentOf, runDoctor } from '../support/doctor.js';
import { createManualClock } from '../support/manual-clock.js';
import { useStage } from '../support/stage.js';
import { type Company, personOf, startCompany } from './support.js';

const clock = createManualClock();
const stage = useStage({ clock });
let company: Company;

const refusals = async () => (await stage.logs()).filter(({ type }) => type === 'fscim');
const directories = async () => (await runDoctor(environmentOf(stage.instance))).of('directories');

beforeAll(async () => {
  company = await startCompany(stage.instance, stage.cast.acme.connectionId);
});

beforeEach(() => stage.instance.database.pool.query("delete from logs where type = 'fscim'"));

test('each code has words, and those that are reported fit into one search of the log', async () => {
  for (const { short, when, do: advice } of Object.values(SCIM_REFUSALS)) {
    expect(short.split(' ').length).toBeLessThanOrEqual(4);
    expect([when, advice].every((text) => text.endsWith('.'))).toBe(true);
  }
  await company.patch('nobody', { op: 'replace', path: 'active', value: false });
  const search = `(${REPORTED_SCIM_CODES.map((code) => `code:${code}`).join(' OR ')}) AND date:[2026-01-01T00:00:00.000Z TO *]`;
  const found = await stage.instance.api('GET', `/logs?search=${encodeURIComponent(search)}`);
  expect((found as unknown as { type: string }[]).map(({ type }) => type)).toContain('fscim');
});

describe('the code in the log', () => {
  test.each<readonly [code: string, method: string, path: string, body: unknown]>([
    ['scim.not_found', 'PATCH', '/Users/nobody', { Operations: [{ op: 'add', path: 'title', value: 'x' }] }],
    ['scim.invalid_syntax', 'POST', '/Users', '{'],
    ['scim.invalid_value', 'POST', '/Users', { userName: '' }],
    ['scim.invalid_filter', 'GET', '/Users?filter=userName%20sw%20%22x%22', undefined],
    ['scim.forbidden', 'GET', '/Groups', undefined],
    ['scim.forbidden', 'POST', '/Groups', { displayName: 'x' }],
    ['scim.too_large', 'POST', '/Users', JSON.stringify({ userName: 'x'.repeat(200_000) })],
    ['scim.other', 'PUT', '/Users', {}],
  ])('%s: %s %s', async (code, method, path, body) => {
    await company.call(method, path, body);
    const lines = await refusals();
    expect(lines.map(({ details }) => details.code)).toEqual([code]);
    expect(lines[0]?.details.response).toMatchObject({ detail: lines[0]?.details.detail });
  });

  test('none for what a directory asks in passing', async () => {
    await company.call('GET', '/Users/nobody');
    await company.call('GET', '/Groups/nobody');
    expect((await refusals()).filter(({ details }) => details.code !== 'scim.forbidden')).toEqual([]);
  });
});

test('a refusal that repeats is reported with the remedy; one that does not is not', async () => {
  await company.create(personOf('rita', { roles: 7, title: 5 }));
  await company.patch('nobody', { op: 'replace', path: 'active', value: false });
  expect(await directories()).toEqual([
    { area: 'directories', state: 'ok', found: 'No directory was refused again in the last 7 days.' },
  ]);
  await company.create(personOf('rosa', { title: 5 }));
  const found = await directories();
  expect(found.map(({ state, found: text }) => [state, text])).toEqual([
    [
      'warn',
      expect.stringMatching(
        /^The directory of acme-oidc was refused 2 times in 7 days, last at .*: title takes a text\.$/,
      ),
    ],
  ]);
  expect(found[0]?.change).toContain('correct its mapping in the directory');
});

test('the same refusal of two tokens, or of two connections, is not one that repeats', async () => {
  const path = `/connections/${company.connectionId}/scim-configuration/tokens`;
  const second = await stage.instance.api('POST', path, {});
  const place = await stage.cast.createPlace('elsewhere', {});
  const other = await startCompany(stage.instance, place.connectionId);
  const wrong = personOf('tom', { title: 5 });
  await company.create(wrong);
  await company.call('POST', '/Users', wrong, String(second.token));
  await other.create(wrong);
  expect((await directories()).map(({ state }) => state)).toEqual(['ok']);
  await stage.instance.api('DELETE', `${path}/${second.token_id}`);
});

test('numbers do not make two refusals of one: a group with three strangers, then with two', async () => {
  const scopes = ['post:groups', 'get:groups'];
  const token = await stage.instance.api('POST', `/connections/${company.connectionId}/scim-configuration/tokens`, {
    scopes,
  });
  const strangers = (count: number) => Array.from({ length: count }, (_, index) => ({ value: `oidc|x|${index}` }));
  for (const count of [3, 2])
    await company.call('POST', '/Groups', { displayName: `G${count}`, members: strangers(count) }, String(token.token));
  expect((await directories()).map(({ found }) => found.replace(/last at [^ ]+Z/, ''))).toEqual([
    'The directory of acme-oidc was refused 2 times in 7 days, : 2 of the members are no users of this connection; create them first.',
  ]);
  await stage.instance.api(
    'DELETE',
    `/connections/${company.connectionId}/scim-configuration/tokens/${token.token_id}`,
  );
});

test('a token that has expired is reported, since its directory reaches nothing any more', async () => {
  const path = `/connections/${company.connectionId}/scim-configuration/tokens`;
  const issued = await stage.instance.api('POST', path, { token_lifetime: 900 });
  clock.advanceMs(900_000);
  const token = String(issued.token);
  for (const call of ['/Users?filter=userName%20eq%20%22x%22', '/ServiceProviderConfig'])
    expect((await company.call('GET', call, undefined, token)).status).toBe(401);
  expect((await refusals()).map(({ details }) => details.code)).toEqual(['scim.token_expired', 'scim.token_expired']);
  expect((await directories())[0]?.change).toContain('Issue a new token');
});

test('a stranger leaves no line: with a wrong secret, or with the token of another connection', async () => {
  const place = await stage.cast.createPlace('stranger', {});
  const other = await startCompany(stage.instance, place.connectionId);
  const guessed = company.token.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const token of [guessed, other.token, 'tok_x'])
    for (const method of ['GET', 'POST'])
      await company.call(method, '/Users', method === 'POST' ? {} : undefined, token);
  expect(await refusals()).toEqual([]);
});

test('refusals of more than seven days ago are over', async () => {
  for (const name of ['una', 'ute']) await company.create(personOf(name, { title: 5 }));
  expect((await directories()).map(({ state }) => state)).toEqual(['warn']);
  await stage.instance.database.pool.query("update logs set date = date - interval '8 days' where type = 'fscim'");
  expect((await directories()).map(({ state }) => state)).toEqual(['ok']);
});
