// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in passwords that other systems hashed: what is stored, the cost of a check, and which password matches. */
import { type Mutant, mutantsOf } from './mutant.js';

const HASHES = 'test/connectors/foreign-hashes.test.ts';
const PASSWORDS = 'test/connectors/password.test.ts';
const STORED = 'test/storage/stored-hashes.test.ts';

export const FOREIGN_HASH_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/connectors/password.ts',
    [
      'the digest of another system is stored as it came',
      'outer: await hash(digest)',
      'outer: `$argon2id$${digest}`',
      HASHES,
    ],
    ['a changed recipe is computed', 'return parseWrapped(hash) !== undefined;', 'return true;', HASHES],
    ['a password that was never computed counts as work', 'fits === undefined ? NO_WORK : work', 'work', PASSWORDS],
  ),
  ...mutantsOf(
    'src/connectors/password-work.ts',
    [
      'an import may ask for hours of PBKDF2',
      'isCount(rounds) && rounds <= MAX_PBKDF2_ROUNDS',
      'isCount(rounds)',
      HASHES,
    ],
    ['an import may ask for gigabytes of scrypt', 'isBounded = scrypt <= MAX_SCRYPT && ', 'isBounded = ', HASHES],
    [
      'wide blocks of scrypt take more memory than work',
      ' && blockSize * (cost + parallelization + 2) <= MAX_SCRYPT_BLOCKS',
      '',
      HASHES,
    ],
    ['a long key counts as one block', 'Math.ceil(recipe.keyBytes / DIGEST_BYTES[recipe.digest])', '1', HASHES],
    [
      'a no without scrypt tells that there is no account',
      'scrypt: missingScrypt(wanted.scrypt - done.scrypt)',
      'scrypt: []',
      PASSWORDS,
    ],
    ['a no without PBKDF2 tells that there is no account', 'rounds(digest) > 0 ?', 'rounds(digest) < 0 ?', PASSWORDS],
  ),
  ...mutantsOf('src/connectors/foreign-digest.ts', [
    'characters that the other system lacks become any byte',
    'bytes.toString(encoding) === password ? bytes : undefined',
    'bytes',
    HASHES,
  ]),
  ...mutantsOf('src/storage/secrets/stored-hashes.ts', [
    'the costs of wrapped hashes are not found',
    '|\\\\$wrapped\\\\$[^$]+\\\\$)',
    ')',
    STORED,
  ]),
  ...mutantsOf('src/management/users/user-import-hash.ts', [
    'behind a long salt every password fits',
    '  checkLeft(around.before);\n',
    '',
    HASHES,
  ]),
  ...mutantsOf(
    'src/management/users/user-import-recipes.ts',
    ['a key of a few bytes fits many passwords', 'bytes < MIN_KEY_BYTES', 'bytes < 1', HASHES],
    ['a hash cut short is taken', 'if (digest.length === bytes)', 'if (digest.length <= bytes)', HASHES],
  ),
  ...mutantsOf('src/management/users/user-import-hash.ts', [
    'a field that changes nothing is taken',
    'if (extra === undefined) return;',
    'return;',
    HASHES,
  ]),
];
