/** A set-up is passed by the settings that signed somebody in, and by no others. */
import { expect, test } from 'vitest';
import { type Candidate, digestOf, isPassed } from '../../src/domain/self-service.js';

const candidate: Candidate = {
  strategy: 'oidc',
  options: { client_id: 'c', client_secret: 's', nested: { a: 1, b: 2 } },
  base: 'b',
};

test('exactly these settings, in whichever order they are written', () => {
  const options = { nested: { b: 2, a: 1 }, client_secret: 's', client_id: 'c' };
  const turned = { base: 'b', strategy: 'oidc', options };
  expect(isPassed({ candidate: turned, passed: digestOf(candidate) })).toBe(true);
});

test.each<[string, Candidate | undefined]>([
  ['another secret', { ...candidate, options: { ...candidate.options, client_secret: 't' } }],
  ['another strategy', { ...candidate, strategy: 'samlp' }],
  ['typed for another state of the connection', { ...candidate, base: 'c' }],
  ['no settings', undefined],
])('%s: not passed', (_title, other) => {
  expect(isPassed({ candidate: other, passed: digestOf(candidate) })).toBe(false);
  expect(isPassed({ candidate: other, passed: undefined })).toBe(false);
});
