import { expect, it } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox, sealToken } from '../../src/kernel/seal.js';
import { createOpaqueTokens } from '../../src/tokens/opaque.js';

const box = createSecretBox(Buffer.alloc(32, 7), 'tokens', systemEntropy);
const tokens = createOpaqueTokens(box, systemEntropy);

it('a code leads to its owner and to the stored hash, and fits into a URL', () => {
  const { code, codeHash } = tokens.newCode('oidc|acme|sub with | and ü');
  expect(code).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(tokens.open('code', code)).toEqual({ userId: 'oidc|acme|sub with | and ü', hash: codeHash });
  expect(tokens.newCode('u').code).not.toBe(tokens.newCode('u').code);
});

it('attack: a refresh token as a code, and a code as a refresh token', () => {
  expect(tokens.open('code', tokens.newRefreshToken('u').value)).toBeUndefined();
  expect(tokens.open('refresh', tokens.newCode('u').code)).toBeUndefined();
});

it('attack: changed, cut, foreign and made-up strings open nothing', () => {
  const { code } = tokens.newCode('u');
  const foreign = createOpaqueTokens(createSecretBox(Buffer.alloc(32, 8), 'tokens', systemEntropy), systemEntropy);
  const flipped = `${code.slice(0, 20)}${code[20] === 'A' ? 'B' : 'A'}${code.slice(21)}`;
  const incomplete = sealToken(box, { u: 'u' }, 'code');
  for (const value of [
    '',
    'garbage',
    '\0',
    flipped,
    code.slice(0, -4),
    foreign.newCode('u').code,
    incomplete,
    'a'.repeat(9000),
  ])
    expect(tokens.open('code', value)).toBeUndefined();
});
