/**
 * Hashes by other hands, as files of an import have them: one row for each algorithm and each part of its form. Where a row has no source
 * beside it, Python's hashlib, OpenSSL 3.0 (legacy provider) or libxcrypt made it: never this project's code.
 */

export interface ForeignRow {
  readonly name: string;
  readonly password: string;
  readonly custom: Readonly<Record<string, unknown>>;
}

const row = (name: string, password: string, custom: Record<string, unknown>): ForeignRow => ({
  name,
  password,
  custom,
});

/** Auth0, "Bulk User Import Schema and Examples": "Custom password hash examples". */
const AUTH0 = [
  row('md4', 'shh', { algorithm: 'md4', hash: { value: 'AbuUujgF0pPPkJPSFRTpmA==', encoding: 'base64' } }),
  row('sha256', 'shh', {
    algorithm: 'sha256',
    hash: { value: 'd24e794fce503c3ddb1cd1ba1dd5d9b250cf9917336a0316fefd87fecf79200f', encoding: 'hex' },
    salt: { value: 'abc123', position: 'prefix' },
  }),
  row('bcrypt', 'shh', {
    algorithm: 'bcrypt',
    hash: { value: '$2b$10$C9hB01.YxRSTcn/ZOOo4j.TW7xCKKFKBSF.C7E0xiUwumqIDqWUXG' },
  }),
  row('argon2', 'shh', {
    algorithm: 'argon2',
    hash: {
      value: '$argon2id$v=19$m=65536,t=2,p=1$J6Q/82PCyaNpYKRELJyTZg$m04qUAB8rexWDR4+/0f+SFB+4XMFxt7YAvAq2UycYos',
    },
  }),
  row('pbkdf2', 'shh', {
    algorithm: 'pbkdf2',
    hash: {
      value:
        '$pbkdf2-sha512$i=100000,l=64$KNyFsA2rWoE$I2CQGI9H0JxdDf3kERRI97kPCGxh0KWBIV3MxyaS191gDGfzVBGyS4BibhgqWQ0/ails8mHuU9ckASxHOOq58w',
    },
  }),
  row('ldap', 'shh', {
    algorithm: 'ldap',
    hash: {
      value: '{SSHA384}/cgEjdoZh85DhurDeOQEMO1rMlAur93SVPbYe5XSD4lF7nNuvrBju5hUeg9A6agRemgSXGl5YuE=',
      encoding: 'utf8',
    },
  }),
  row('hmac', 'test', {
    algorithm: 'hmac',
    hash: {
      value: 'cg7f42jH39/2EaAU4wNd4s2lKIk=',
      encoding: 'base64',
      digest: 'sha1',
      key: { value: '736868', encoding: 'hex' },
    },
  }),
  row('scrypt', 'password', {
    algorithm: 'scrypt',
    hash: { value: '097f6197e1b41538f723e32aa7a68e8d76227d8e432ce5faa4882a913032db29', encoding: 'hex' },
    salt: { value: 'abc123', encoding: 'utf8' },
    keylen: 32,
    cost: 4096,
  }),
];

const SIGNER_KEY = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';

const OTHERS = [
  row('md5', 'correct horse', {
    algorithm: 'md5',
    hash: { value: 'EDF3863F78323B0EF4B0A008412EAB5E', encoding: 'hex' },
    salt: { value: 'pepper', position: 'suffix' },
  }),
  row('sha1 of UTF-16', 'Grüße-7', {
    algorithm: 'sha1',
    hash: { value: 'yzul3UaZ2OaxMPwrtZ7uyEYcyR8', encoding: 'base64' },
    password: { encoding: 'ucs2' },
  }),
  row('sha256 of Latin-1', 'Grüße-7', {
    algorithm: 'sha256',
    hash: { value: '66d29a2e48bab5588217c26b77bb4b000cb29b2c4d2f47d9d12f0b287a840a36', encoding: 'hex' },
    password: { encoding: 'latin1' },
  }),
  row('sha512', 'correct horse', {
    algorithm: 'sha512',
    hash: {
      value:
        '40524c34c6529a42bd5b653ddaea0bc107729558db595d42a5169edbc26109434616576ae895b9408af0a792ea333324b8523006453cb1e5afe832265e4ef119',
      encoding: 'hex',
    },
    salt: { value: 'AP8Q', encoding: 'base64', position: 'suffix' },
  }),
  row('bcrypt, salt before', 'correct horse', {
    algorithm: 'bcrypt',
    hash: { value: '$2b$04$abcdefghijklmnopqrstuuBa.A4.9ruxiNADy0KpwXwVK96pj1kOS' },
    salt: { value: 'prefix' },
  }),
  row('bcrypt, salt after', 'correct horse', {
    algorithm: 'bcrypt',
    hash: { value: '$2y$04$abcdefghijklmnopqrstuuinNVe892RWkMJz7ZLycMgkvaC3skW3y' },
    salt: { value: '737566666978', encoding: 'hex', position: 'suffix' },
  }),
  row('hmac of md4', 'correct horse', {
    algorithm: 'hmac',
    hash: { value: '888cdd14b4af829dff4abc72fef4dd23', encoding: 'hex', digest: 'md4', key: { value: 'shh' } },
  }),
  row('hmac of ripemd160', 'correct horse', {
    algorithm: 'hmac',
    hash: {
      value: 'ff5467e205aa328e47224243c0b1a7e4599dcde4',
      encoding: 'hex',
      digest: 'ripemd160',
      key: { value: 'shh' },
    },
  }),
  row('ldap {SSHA}', 'correct horse', {
    algorithm: 'ldap',
    hash: { value: '{SSHA}LhKrkM9Fy+zlstjdD7Kv2s6QvhBzYWx0' },
  }),
  row('ldap {SMD5}', 'correct horse', {
    algorithm: 'ldap',
    hash: { value: '{smd5}D4rOOyuX/Dgg3vClp5z5OnNhbHQ=' },
  }),
  row('ldap {SHA}', 'correct horse', { algorithm: 'ldap', hash: { value: '{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=' } }),
  row('pbkdf2, as Keycloak makes it', 'correct horse', {
    algorithm: 'pbkdf2',
    hash: {
      value:
        '$pbkdf2-sha512$i=210000,l=64$a2V5Y2xvYWstc2FsdC0xNg$wUryWDxCKNit637bIqTv0TFySRLv7mNGhWsdjd7MUJS9CknM8UUE1bjrMq9WfN2zddDh193IKuYt1tUsmcBVrg',
    },
  }),
  row('pbkdf2, two blocks', 'correct horse', {
    algorithm: 'pbkdf2',
    hash: {
      value:
        '$pbkdf2-RSA-SHA256$l=64,i=27500$a2V5Y2xvYWstc2FsdC0xNg$y+rRTfAB+EpmpwZKmK3J781OrwW9fXaJk0hLQuyBE/TMMaRwaDB+ZqQEh7p35+OJQcHdlFAsB0cKQdU7zxZWeg',
      encoding: 'utf8',
    },
  }),
  // https://github.com/firebase/scrypt, "Password Hashing".
  row('firebase_scrypt', 'user1password', {
    algorithm: 'firebase_scrypt',
    hash: {
      value: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
      key: { value: SIGNER_KEY },
    },
    salt: { value: '42xEC+ixf3L2lw==' },
    saltSeparator: { value: 'Bw==' },
    rounds: 8,
    memoryCost: 14,
  }),
];

export const FOREIGN_HASHES: readonly ForeignRow[] = [...AUTH0, ...OTHERS];
