import { hash as argon2Hash } from '@node-rs/argon2';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { describe, expect, test } from 'vitest';
import { createPasswordConnector, isCheckableHash, MAX_PASSWORD_BYTES } from '../../src/connectors/password.js';
import type { Recipe } from '../../src/domain/passwords/foreign-hash.js';
import { Fault } from '../../src/kernel/errors.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { describePasswordConnector } from '../conformance/connector-contract.js';

const connector = createPasswordConnector({ entropy: systemEntropy, refusalFloorMs: 0 });
const stored = (hash: string) => ({ connectionId: 'con_1', hash });

describePasswordConnector('own database', async () => ({
  connector,
  outdated: { hash: await bcryptHash('imported', 4), password: 'imported' },
}));

const elapsed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

describe('argon2id', () => {
  test('fits its own password and no other', async () => {
    const hash = await connector.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await connector.verify(stored(hash), 'correct horse')).toBe(true);
    expect(await connector.verify(stored(hash), 'correct horsf')).toBe(false);
    expect(await connector.verify(stored(hash), '')).toBe(false);
  });

  test('is salted: one password, two hashes', async () => {
    expect(await connector.hash('same')).not.toBe(await connector.hash('same'));
  });

  test('reads long passwords to the end', async () => {
    const long = 'x'.repeat(MAX_PASSWORD_BYTES);
    const hash = await connector.hash(long);
    expect(await connector.verify(stored(hash), long)).toBe(true);
    expect(await connector.verify(stored(hash), `${long.slice(0, -1)}y`)).toBe(false);
  });

  test('asks for a new hash when the parameters are weaker than today', async () => {
    expect(connector.needsRehash(await connector.hash('x'))).toBe(false);
    expect(connector.needsRehash(await argon2Hash('x', { memoryCost: 4096, timeCost: 2 }))).toBe(true);
    expect(connector.needsRehash(await argon2Hash('x', { memoryCost: 65_536, timeCost: 3 }))).toBe(false);
    expect(connector.needsRehash(await bcryptHash('x', 4))).toBe(true);
    expect(connector.needsRehash('nonsense')).toBe(true);
  });
});

describe('imported bcrypt', () => {
  test.each(['$2a$', '$2b$', '$2y$'])('%s fits', async (prefix) => {
    const hash = (await bcryptHash('imported', 4)).replace(/^\$2b\$/, prefix);
    expect(await connector.verify(stored(hash), 'imported')).toBe(true);
    expect(await connector.verify(stored(hash), 'importee')).toBe(false);
  });

  test('reads 72 bytes, as the system that made the hash did', async () => {
    const hash = await bcryptHash('x'.repeat(72), 4);
    expect(await connector.verify(stored(hash), `${'x'.repeat(72)}-and-more`)).toBe(true);
    expect(await connector.verify(stored(hash), 'x'.repeat(71))).toBe(false);
  });
});

describe('what is not a fit', () => {
  test.each([
    ['an unknown scheme', '$1$abc$def'],
    ['nothing', ''],
    ['a broken argon2id hash', '$argon2id$v=19$m=19456,t=2,p=1$abc'],
    ['a broken bcrypt hash', '$2b$10$short'],
    ['another password', '$argon2i$v=19$m=4096,t=3,p=1$c29tZXNhbHRzb21l$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A'],
  ])('%s is false, not a throw', async (_name, hash) => {
    expect(await connector.verify(stored(hash), 'password')).toBe(false);
  });

  test('a hash that would take hours is not begun: whoever wrote the import file may not keep this server busy', async () => {
    const bcrypt = (await bcryptHash('password', 4)).replace('$04$', '$31$');
    const passes = (await connector.hash('password')).replace('t=2', 't=4000000');
    const memory = (await connector.hash('password')).replace('m=19456', 'm=4194304');
    for (const hash of [bcrypt, passes, memory]) {
      expect(isCheckableHash(hash)).toBe(false);
      expect(await elapsed(() => connector.verify(stored(hash), 'password'))).toBeLessThan(20_000);
    }
  }, 10_000);

  test('bcrypt beyond cost 12 is no password, and the log says whose connection has one, without the hash', async () => {
    const lines: unknown[] = [];
    const told = createPasswordConnector({
      entropy: systemEntropy,
      refusalFloorMs: 0,
      log: (fields, message) => lines.push({ ...fields, message }),
    });
    const twelve = (await bcryptHash('password', 4)).replace('$04$', '$12$');
    const thirteen = twelve.replace('$12$', '$13$');
    expect([isCheckableHash(twelve), isCheckableHash(thirteen)]).toEqual([true, false]);
    expect(await told.verify(stored(thirteen), 'password')).toBe(false);
    expect(lines).toEqual([{ connection: 'con_1', message: expect.stringContaining('more work') }]);
    expect(JSON.stringify(lines)).not.toContain(thirteen.slice(8));
    await told.verify(stored('!'), 'password');
    expect(lines).toHaveLength(1);
  });

  test('more than 1,024 bytes, even when the hash would fit', async () => {
    const long = 'x'.repeat(MAX_PASSWORD_BYTES + 1);
    expect(await connector.verify(stored(await argon2Hash(long)), long)).toBe(false);
  });

  test('a password with a NUL byte does not throw', async () => {
    expect(await connector.verify(stored(await bcryptHash('abc', 4)), 'abc\0def')).toBe(false);
  });
});

describe('time tells nothing', () => {
  test('no account, a useless hash and an overlong password cost the same work as a wrong password', async () => {
    const right = stored(await connector.hash('right'));
    const questions = [
      () => connector.verify(right, 'wrong'),
      () => connector.verify(undefined, 'wrong'),
      () => connector.verify(stored('nonsense'), 'wrong'),
      () => connector.verify(right, 'x'.repeat(2000)),
    ];
    // In turns and by the fastest of many, so that a busy machine slows all of them alike.
    const fastest = questions.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < 12; round += 1) {
      for (const [index, ask] of questions.entries()) {
        fastest[index] = Math.min(fastest[index] ?? 0, await elapsed(ask));
      }
    }
    const [wrong = 0, ...others] = fastest;
    for (const other of others) {
      // A missing comparison takes microseconds, a hash some ten milliseconds.
      expect(other).toBeGreaterThan(wrong / 4);
      expect(other).toBeLessThan(wrong * 8);
    }
  });

  // bcrypt of 4 and 6 in the place of 10 and 12; the work counts in units of argon2id's KiB and passes, and of bcrypt's rounds.
  test('an imported hash, one of our own, none, and one that cannot be read: a no takes the same work', async () => {
    const imported = [await bcryptHash('x', 4), await bcryptHash('x', 6)];
    const strong = await argon2Hash('x', { memoryCost: 19_456, timeCost: 5 });
    const own = await connector.hash('x');
    const latin = { encoding: 'latin1', before: '', after: '' } as const;
    const scryptOf = { kind: 'scrypt', encoding: 'utf8', blockSize: 8, salt: '', keyBytes: 32 } as const;
    const pbkdf2Of = { kind: 'pbkdf2', encoding: 'utf8', salt: '', keyBytes: 32 } as const;
    const wrap = (recipe: Recipe) => connector.wrap({ recipe, digest: 'AAAA' });
    const md5 = await wrap({ kind: 'digest', digest: 'md5', ...latin });
    const scrypt = await wrap({ ...scryptOf, cost: 64, parallelization: 3 });
    const littleScrypt = await wrap({ ...scryptOf, cost: 16, parallelization: 1 });
    const sha256 = await wrap({ ...pbkdf2Of, digest: 'sha256', iterations: 700 });
    const littleSha256 = await wrap({ ...pbkdf2Of, digest: 'sha256', iterations: 100, keyBytes: 64 });
    const sha1 = await wrap({ ...pbkdf2Of, digest: 'sha1', iterations: 300 });
    const salted = await wrap({ kind: 'bcrypt', cost: 5, salt: Buffer.alloc(16).toString('base64'), ...latin });
    const all = [...imported, strong, md5, scrypt, littleScrypt, sha256, littleSha256, sha1, salted];
    const kinds = all.map((hash) => /^\$wrapped\$[^$]+\$/.exec(hash)?.[0] ?? hash.replace(/[^$]+$/, ''));
    const none = { argon2id: 0, rounds: 0, scrypt: 0, sha256: 0, sha1: 0 };
    const work = { ...none };
    const counting = createPasswordConnector({
      entropy: systemEntropy,
      refusalFloorMs: 0,
      storedHashes: async () => kinds,
      burn: {
        argon2id: async ({ memoryCost, timeCost }) => {
          expect(memoryCost).toBeLessThanOrEqual(19_456);
          work.argon2id += memoryCost * timeCost;
        },
        bcrypt: async (cost) => {
          work.rounds += 2 ** cost;
        },
        scrypt: async (cost) => {
          work.scrypt += cost * 8;
        },
        pbkdf2: async (digest, rounds) => {
          work[digest as 'sha256'] += rounds;
        },
      },
    });
    const doneBy = async (hash: string | undefined, password: string, done: Partial<typeof none>) => {
      Object.assign(work, none);
      expect(await counting.verify(hash === undefined ? undefined : stored(hash), password)).toBe(false);
      const names = Object.keys(none) as (keyof typeof none)[];
      return Object.fromEntries(names.map((name) => [name, work[name] + (done[name] ?? 0)]));
    };
    const [four = '', six = ''] = imported;
    const ownWork = 19_456 * 2;
    const answers = [
      await doneBy(undefined, 'y', { argon2id: ownWork }),
      await doneBy('!', 'y', { argon2id: ownWork }),
      await doneBy(own, 'y', { argon2id: ownWork }),
      await doneBy(strong, 'y', { argon2id: 19_456 * 5 }),
      await doneBy(four, 'y', { rounds: 2 ** 4 }),
      await doneBy(six, 'y', { rounds: 2 ** 6 }),
      await doneBy(six, 'y'.repeat(MAX_PASSWORD_BYTES + 1), { argon2id: ownWork }),
      await doneBy(six, 'y\0', { rounds: 2 ** 6 }),
      await doneBy(md5, 'y', { argon2id: ownWork }),
      await doneBy(scrypt, 'y', { argon2id: ownWork, scrypt: 64 * 8 * 3 }),
      await doneBy(littleScrypt, 'y', { argon2id: ownWork, scrypt: 16 * 8 }),
      await doneBy(sha256, 'y', { argon2id: ownWork, sha256: 700 }),
      await doneBy(littleSha256, 'y', { argon2id: ownWork, sha256: 200 }),
      await doneBy(sha1, 'y', { argon2id: ownWork, sha1: 600 }),
      await doneBy(salted, 'y', { argon2id: ownWork, rounds: 2 ** 5 }),
      // No password in the other system's encoding: nothing was done with it.
      await doneBy(md5, '密', {}),
      // Looks right and is not: nothing was done with it.
      await doneBy('$argon2id$v=19$m=19456,t=2,p=1$abc', 'y', {}),
    ];
    const same = { argon2id: 19_456 * 5, rounds: 2 ** 6, scrypt: 64 * 8 * 3, sha256: 700, sha1: 600 };
    expect(answers).toEqual(answers.map(() => same));
  });

  test('where nothing was imported a no costs no more than a password of our own', async () => {
    const burnt: unknown[] = [];
    const burn = {
      argon2id: async (work: object) => burnt.push(work),
      bcrypt: async (cost: number) => burnt.push(cost),
      scrypt: async (cost: number) => burnt.push(cost),
      pbkdf2: async (_digest: string, rounds: number) => burnt.push(rounds),
    };
    const plain = createPasswordConnector({ entropy: systemEntropy, refusalFloorMs: 0, burn });
    await plain.verify(stored(await plain.hash('x')), 'y');
    await plain.verify(undefined, 'y');
    expect(burnt).toEqual([]);
  });

  test('a no is never sooner than the floor, under which what else differs is hidden', async () => {
    const floored = createPasswordConnector({ entropy: systemEntropy, refusalFloorMs: 150 });
    const fast = stored(await bcryptHash('x', 4));
    expect(await elapsed(() => floored.verify(fast, 'y'))).toBeGreaterThan(145);
    expect(await elapsed(() => floored.verify(undefined, 'y'))).toBeGreaterThan(145);
  });
});

test('memory is bounded: what does not fit into the queue is told to come again', async () => {
  const small = createPasswordConnector({ entropy: systemEntropy, maxAtOnce: 1, maxWaiting: 2, refusalFloorMs: 0 });
  await small.verify(undefined, 'warm');
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => small.hash('x')));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(3);
  for (const { reason } of refused) {
    expect(reason).toBeInstanceOf(Fault);
    expect((reason as Fault).retryable).toBe(true);
  }
  expect(await small.hash('x')).toMatch(/^\$argon2id\$/);
});
