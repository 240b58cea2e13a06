/** The tenant's own words: kept as they come, with bounds, and never with a variable that the page cannot fill. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEXT_PLACES } from '../../src/domain/look/custom-text.js';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const PATH = '/prompts/login-id/custom-text/de';
/** Auth0's variables look like those of a template string. */
const variable = (name: string) => ['$', `{${name}}`].join('');

test('case=texts-come-back-as-they-were-sent, also those that no page shows', async () => {
  expect(await api.get(PATH)).toMatchObject({ status: 200, body: {} });
  const texts = {
    'login-id': { title: `Hallo bei ${variable('companyName')}`, signupActionLinkText: variable('footerLinkText') },
    'a-screen-of-tomorrow': { key: '<b>markup</b>' },
  };
  expect((await api.put(PATH, texts)).status).toBe(200);
  expect((await api.get(PATH)).body).toEqual(texts);
  expect((await api.get('/prompts/login-id/custom-text/en')).body).toEqual({});
  expect((await api.get('/prompts/login-password/custom-text/de')).body).toEqual({});
});

test('case=a-put-replaces-all-texts-of-the-prompt-in-that-language', async () => {
  await api.put(PATH, { 'login-id': { title: 'Eins' } });
  await api.put(PATH, { 'login-id': { description: 'Zwei' } });
  expect((await api.get(PATH)).body).toEqual({ 'login-id': { description: 'Zwei' } });
  await api.put(PATH, {});
  expect((await api.get(PATH)).body).toEqual({});
});

test.each([
  ['a variable without a value there', { 'login-id': { title: variable('inviterName') } }, /inviterName/],
  ['no text', { 'login-id': { title: 7 } }, /login-id\.title must be a string/],
  ['no screen', { title: 'Hallo' }, /screen title must be an object/],
  ['too long', { 'login-id': { title: 'x'.repeat(2_001) } }, /more than 2000 characters/],
  ['a control character', { 'login-id': { title: 'a\u001bb' } }, /control character/],
])('case=refused: %s', async (_what, body, message) => {
  const refused = await api.put(PATH, body);
  expect(refused.status).toBe(400);
  expect(refused.body.message).toMatch(message);
  expect((await api.get(PATH)).body).toEqual({});
});

test('case=other-prompts-and-languages-do-not-exist', async () => {
  expect((await api.put('/prompts/nothing/custom-text/de', {})).status).toBe(400);
  expect((await api.put('/prompts/login-id/custom-text/xx', {})).status).toBe(400);
});

test('case=each-key-has-one-place', () => {
  const keys = TEXT_PLACES.map(({ prompt, screen, key, page }) => `${prompt} ${screen} ${key} ${page}`);
  expect(new Set(keys).size).toBe(keys.length);
});
