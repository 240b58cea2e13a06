/** Attack: line breaks and letters outside ASCII in what becomes a Location header. No header is smuggled in, nothing is a 500. */
import { expect, test } from 'vitest';
import { CALLBACK } from '../support/cast.js';
import { useStage } from '../support/stage.js';

const stage = useStage();

test.each([
  ['%0d%0aset-cookie:%20a=b', '%0D%0Aset-cookie:%20a=b'],
  ['%E2%98%83', '%E2%98%83'],
  ['%C3%A9', '%C3%A9'],
  ['%F0%9F%98%80', '%F0%9F%98%80'],
])('returnTo with %s', async (sent, arrives) => {
  const query = `client_id=${stage.cast.client.id}&returnTo=http://127.0.0.1:9/bye%3Fx=${sent}`;
  const answer = await fetch(`${stage.instance.origin}/v2/logout?${query}`, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toBe(`http://127.0.0.1:9/bye?x=${arrives}`);
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test.each([
  'http://127.0.0.1:9/bye%0d%0ax',
  'http://127.0.0.1:9/byes',
  'http://127.0.0.1:9/bye/../x',
  'http://127.0.0.1:9/bye@evil.example',
  'http://evil.example%3Fhttp://127.0.0.1:9/bye',
  '//127.0.0.1:9/bye',
  'HTTP://127.0.0.1:9/bye',
])('returnTo=%s leads nowhere', async (sent) => {
  const answer = await fetch(`${stage.instance.origin}/v2/logout?client_id=${stage.cast.client.id}&returnTo=${sent}`, {
    redirect: 'manual',
  });
  expect(answer.status).toBe(400);
});

test.each(['\u2603', 'a b', '"><script>', '%', '&iss=evil', '#iss=evil'])(
  'state %s comes back as it was',
  async (state) => {
    const visitor = stage.visitor();
    const answer = await visitor.open({ prompt: 'none', state });
    expect(answer.url.href.startsWith(CALLBACK)).toBe(true);
    expect(answer.url.searchParams.getAll('state')).toEqual([state]);
    expect(answer.url.searchParams.getAll('iss')).toEqual([`${stage.instance.origin}/`]);
  },
);
