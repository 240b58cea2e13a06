import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StartError } from '../../src/kernel/errors.js';
import { type Entropy, systemEntropy } from '../../src/kernel/ids.js';
import { getSecretKey } from '../../src/storage/secrets/secret-key.js';

let root: string;
let dataDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vestibule-key-'));
  dataDir = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('case=made once, private, and the same ever after', () => {
  const key = getSecretKey(dataDir, systemEntropy);
  expect(key).toHaveLength(32);
  expect(getSecretKey(dataDir, systemEntropy)).toEqual(key);
  expect(readdirSync(dataDir)).toEqual(['secret.key']);
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(Buffer.from(readFileSync(join(dataDir, 'secret.key'), 'utf8'), 'base64')).toEqual(key);
});

test('case=of two first starts the second uses the key of the first', () => {
  let winner: Buffer | undefined;
  const late: Entropy = {
    bytes(length) {
      // The other start finishes after this one has seen no key, and before it writes one.
      winner ??= getSecretKey(dataDir, systemEntropy);
      return systemEntropy.bytes(length);
    },
  };
  expect(getSecretKey(dataDir, late)).toEqual(winner);
  expect(readdirSync(dataDir)).toEqual(['secret.key']);
});

test.each([
  ['empty', ''],
  ['cut', `${Buffer.alloc(20, 1).toString('base64')}\n`],
  ['too long', `${Buffer.alloc(33, 1).toString('base64')}\n`],
  ['not base64', `${'!'.repeat(44)}\n`],
])('case=a damaged key (%s) is an error and stays as it is', (_what, content) => {
  getSecretKey(dataDir, systemEntropy);
  writeFileSync(join(dataDir, 'secret.key'), content);
  expect(() => getSecretKey(dataDir, systemEntropy)).toThrow(StartError);
  expect(() => getSecretKey(dataDir, systemEntropy)).toThrow(/damaged.*Restore it/);
  expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toBe(content);
});

test('case=a database whose key is gone gets no new one', () => {
  getSecretKey(dataDir, systemEntropy);
  rmSync(join(dataDir, 'secret.key'));
  mkdirSync(join(dataDir, 'postgres'));
  expect(() => getSecretKey(dataDir, systemEntropy)).toThrow(/missing, but .* holds a database/);
  expect(readdirSync(dataDir)).toEqual(['postgres']);
});

// Attack: another account of the machine reads the key.
test('case=a key that others can read is refused', () => {
  getSecretKey(dataDir, systemEntropy);
  chmodSync(join(dataDir, 'secret.key'), 0o644);
  expect(() => getSecretKey(dataDir, systemEntropy)).toThrow(/can be read by other accounts.*chmod 600/);
});
