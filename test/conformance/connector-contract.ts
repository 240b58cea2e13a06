/**
 * The contract of every connector (src/ports/connector.ts): every redirect connector, whatever protocol it speaks, and every password
 * connector, however it hashes. A connector's own test file gives a rig and gets these tests; what is special to one is tested beside it.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/domain/tenant.js';
import { randomAlphanumeric, systemEntropy } from '../../src/kernel/ids.js';
import type { CallbackInput, PasswordConnector, RedirectConnector, Remembered } from '../../src/ports/connector.js';
import fc from '../support/random.js';

export interface ConnectorRig {
  readonly connector: RedirectConnector;
  /** A working connection to an IdP that knows `person`. */
  readonly connection: Connection;
  readonly person: { readonly login: string; readonly subject: string; readonly email: string };
  /** Plays the browser: signs in at the IdP as `login` and returns what it is sent back with. */
  signIn(url: string, login: string): Promise<CallbackInput>;
  /** The IdP goes away permanently; the last test calls it. */
  stopIdp(): Promise<void>;
  /** Releases all the rest, at the end. */
  stop(): Promise<void>;
}

const CALLBACK = 'http://localhost:3000/login/callback';

/** A login that the browser has left from. */
interface Left {
  readonly transactionId: string;
  readonly url: string;
  readonly remember: Remembered;
}

/** The texts that were remembered of a login and that this text has in it. */
const shownIn = (text: string, remember: Remembered): string[] =>
  Object.values(remember).filter((value): value is string => typeof value === 'string' && text.includes(value));

/** Runs the contract; `start` is called once, before the first test. */
export function describeRedirectConnector(name: string, start: () => Promise<ConnectorRig>): void {
  describe(`${name}: the contract of a redirect connector`, () => {
    let rig: ConnectorRig;
    beforeAll(async () => {
      rig = await start();
    });
    afterAll(() => rig.stop());

    const leave = async (connection = rig.connection, options = {}): Promise<Left> => {
      const transactionId = randomAlphanumeric(systemEntropy, 16);
      const started = await rig.connector.start(connection, { transactionId, redirectUri: CALLBACK }, options);
      if (!started.ok) throw new Error(`${started.check}: ${started.detail}`);
      // As through the browser's cookie.
      const remember = JSON.parse(JSON.stringify(started.remember)) as Remembered;
      return { transactionId, url: started.url, remember };
    };
    /** Signs in; returns what the browser comes back with. */
    const signIn = ({ url }: Left, login = rig.person.login) => rig.signIn(url, login);
    const finish = ({ remember }: Pick<Left, 'remember'>, input: CallbackInput, connection = rig.connection) =>
      rig.connector.finish(connection, remember, CALLBACK, input);
    const findTransaction = ({ parameters }: CallbackInput) =>
      rig.connector.findTransaction((name) => parameters[name]);

    test('start gives an absolute address that is bound to this login and keeps something to itself', async () => {
      const { url, remember } = await leave(rig.connection, { loginHint: rig.person.email });
      expect(new URL(url).protocol).toMatch(/^https?:$/);
      expect(Object.keys(remember).length, 'something to check the answer against').toBeGreaterThan(0);
      const again = await leave();
      expect(shownIn(url, again.remember), 'nothing of one login is good for another').toEqual([]);
    });

    test('an answer names the login that it belongs to', async () => {
      const left = await leave();
      expect(findTransaction(await signIn(left))).toBe(left.transactionId);
      expect(findTransaction({ method: 'GET', parameters: {} })).toBeUndefined();
    });

    test('whoever signs in at the IdP is proved: connection, issuer, subject, address', async () => {
      const left = await leave();
      const answer = await finish(left, await signIn(left));
      expect(answer).toMatchObject({
        ok: true,
        identity: { connectionId: rig.connection.id, subject: rig.person.subject, email: rig.person.email },
      });
      expect(answer.ok && answer.identity.issuer).not.toBe('');
    });

    test('the same person has the same subject at every login', async () => {
      const answers = [];
      for (const left of [await leave(), await leave()]) answers.push(await finish(left, await signIn(left)));
      const subjects = answers.map((answer) => answer.ok && `${answer.identity.issuer} ${answer.identity.subject}`);
      expect(subjects[0]).toBe(subjects[1]);
      expect(subjects[0]).not.toBe(false);
    });

    test('an answer to another login is refused before anything else', async () => {
      const input = await signIn(await leave());
      expect(await finish(await leave(), input)).toMatchObject({
        ok: false,
        reason: 'invalid',
        check: 'callback.state',
      });
    });

    test('an answer to another login does not fit when only its state is made to fit', async () => {
      const [theirs, mine] = [await leave(), await leave()];
      const input = await signIn(theirs);
      const sent = (left: Left) => new URL(left.url).searchParams;
      const fits = (value: string) => [...sent(theirs)].find(([, one]) => one === value)?.[0];
      const parameters = Object.fromEntries(
        Object.entries(input.parameters).map(([field, value]) => [field, sent(mine).get(fits(value) ?? '') ?? value]),
      );
      expect(findTransaction({ ...input, parameters }), 'it says that it is mine').toBe(mine.transactionId);
      expect(await finish(mine, { ...input, parameters })).toMatchObject({ ok: false, reason: 'invalid' });
    });

    test('somebody the IdP does not let in is denied', async () => {
      const left = await leave();
      const answer = await finish(left, await signIn(left, 'nobody-of-that-name'));
      expect(answer).toMatchObject({ ok: false, reason: 'denied', check: 'idp.error' });
    });

    test('nothing that a browser may bring makes it throw, or proves anything', async () => {
      const left = await leave();
      const shown = shownIn(left.url, left.remember);
      const parameters = fc.dictionary(
        fc.oneof(
          fc.constantFrom('state', 'code', 'iss', 'error', 'id_token', 'SAMLResponse', 'RelayState'),
          fc.string(),
        ),
        fc.oneof(fc.constantFrom(left.transactionId, ...shown), fc.string({ maxLength: 2000 }), fc.constant('a.b.c')),
      );
      const input = fc.record({ method: fc.constantFrom<'GET' | 'POST'>('GET', 'POST'), parameters });
      await fc.assert(
        fc.asyncProperty(input, async (callback) => {
          const answer = await finish(left, callback);
          expect(() => findTransaction(callback)).not.toThrow();
          expect(answer.ok).toBe(false);
          if (!answer.ok) expect(answer.check).toMatch(/^[a-z_]+\.[a-z_]+$/);
        }),
        { numRuns: 60 },
      );
    });

    test('no failure tells a secret', async () => {
      const left = await leave();
      const input = await signIn(left);
      const used = await finish(left, input);
      expect(used.ok).toBe(true);
      // A front channel token cannot be used up here: the commit records the transaction and refuses the second use.
      const answers = [await finish(await leave(), input), await finish(left, input)];
      const told = JSON.stringify(answers.filter((answer) => !answer.ok));
      const secretOption = rig.connection.options.client_secret;
      const hidden = [...Object.values(left.remember), secretOption, input.parameters.code, input.parameters.id_token];
      for (const secret of hidden) if (typeof secret === 'string') expect(told).not.toContain(secret);
    });

    test('a connection without usable options is a failure that says so', async () => {
      const broken = { ...rig.connection, revision: 'broken', options: {} };
      const failure = { ok: false, reason: 'invalid', check: 'connection.options' };
      const way = { transactionId: randomAlphanumeric(systemEntropy, 16), redirectUri: CALLBACK };
      expect(await rig.connector.start(broken, way, {})).toMatchObject(failure);
      const left = await leave();
      expect(await finish(left, await signIn(left), broken)).toMatchObject(failure);
    });

    test('whoever writes the connection is told that it can sign in, without anything secret', async () => {
      const found = await rig.connector.examine(rig.connection);
      expect(found).toMatchObject({ ok: true });
      expect(found.ok && [found.issuer !== '', found.signingKeys > 0]).toEqual([true, true]);
      const secret = rig.connection.options.client_secret;
      if (typeof secret === 'string') expect(JSON.stringify(found)).not.toContain(secret);
      const nothing = await rig.connector.examine({ ...rig.connection, options: {} });
      expect(nothing).toMatchObject({ ok: false, check: 'connection.options' });
    });

    test('an IdP that is gone is unreachable, soon and without a throw', async () => {
      const way = { transactionId: randomAlphanumeric(systemEntropy, 16), redirectUri: CALLBACK };
      await rig.stopIdp();
      const changed = { ...rig.connection, revision: 'after-the-idp-went-away' };
      const askedAt = performance.now();
      const started = await rig.connector.start(changed, way, {});
      // A connector that needs nothing from the IdP for the redirect may send the browser all the same.
      if (!started.ok) expect(started.reason).toBe('unreachable');
      expect(await rig.connector.examine(changed)).toMatchObject({ ok: false, reason: 'unreachable' });
      expect(performance.now() - askedAt).toBeLessThan(6000);
    });
  });
}

export interface PasswordConnectorRig {
  readonly connector: PasswordConnector;
  /** A hash that fits `password` and that the connector would not make any more: of another algorithm, or with less work. */
  readonly outdated: { readonly hash: string; readonly password: string };
}

/** Runs the contract; `start` is called once, before the first test. */
export function describePasswordConnector(name: string, start: () => Promise<PasswordConnectorRig>): void {
  describe(`${name}: the contract of a password connector`, () => {
    let connector: PasswordConnector;
    let rig: PasswordConnectorRig;
    beforeAll(async () => {
      rig = await start();
      connector = rig.connector;
    });
    const stored = (hash: string) => ({ connectionId: 'con_1', hash });

    test('a hash fits its own password and no other', async () => {
      const hash = await connector.hash('correct horse');
      expect(await connector.verify(stored(hash), 'correct horse')).toBe(true);
      for (const other of ['correct horsf', 'Correct horse', ' correct horse', 'correct horse ', 'correct', ''])
        expect(await connector.verify(stored(hash), other), other).toBe(false);
    });

    // Unicode as it was typed: two ways to write one letter are two passwords, and nothing is lost on the way.
    test.each(['', ' ', 'pässword', 'pa\u0308ssword', '密码🔑', 'a'.repeat(200)])(
      '%s is a password like any other',
      async (text) => {
        const hash = await connector.hash(text);
        expect(await connector.verify(stored(hash), text)).toBe(true);
        expect(await connector.verify(stored(hash), `${text}x`)).toBe(false);
      },
    );

    test('neither the password nor its like shows in a hash', async () => {
      const [first, second] = [await connector.hash('same words'), await connector.hash('same words')];
      expect(first).not.toBe(second);
      expect(first).not.toContain('same words');
    });

    test('its own hash is good for as long as it makes no better one; an outdated one fits, and is to be replaced', async () => {
      expect(connector.needsRehash(await connector.hash('x'))).toBe(false);
      expect(await connector.verify(stored(rig.outdated.hash), rig.outdated.password)).toBe(true);
      expect(await connector.verify(stored(rig.outdated.hash), `${rig.outdated.password}x`)).toBe(false);
      expect(connector.needsRehash(rig.outdated.hash)).toBe(true);
    });

    test('where there is no password, none fits', async () => {
      for (const password of ['', 'x', '!', 'undefined']) {
        expect(await connector.verify(undefined, password)).toBe(false);
        // Stored instead of a hash for people who have to choose a new password.
        expect(await connector.verify(stored('!'), password)).toBe(false);
      }
    });

    test('nothing that is stored or typed makes it throw, or fits', async () => {
      const hash = await connector.hash('right');
      const damaged = fc.oneof(
        fc.string(),
        fc.constantFrom('$', '$2b$', '$argon2id$', '$argon2id$v=19$m=19456,t=2,p=1$$', '{SSHA}x', 'right'),
        fc.nat({ max: hash.length - 1 }).map((end) => hash.slice(0, end)),
      );
      const typed = fc.oneof(fc.constant('right'), fc.string({ unit: 'binary' }));
      await fc.assert(
        fc.asyncProperty(damaged, typed, async (bad, password) => {
          expect(await connector.verify(stored(bad), password)).toBe(false);
          expect(() => connector.needsRehash(bad)).not.toThrow();
          if (password !== 'right') expect(await connector.verify(stored(hash), password)).toBe(false);
        }),
        { numRuns: 25 },
      );
    }, 30_000);

    test('a no for nobody takes the work of a no for somebody', async () => {
      const real = stored(await connector.hash('right'));
      const fastest = { somebody: Number.POSITIVE_INFINITY, nobody: Number.POSITIVE_INFINITY };
      for (let round = 0; round < 8; round += 1) {
        for (const [whose, credential] of [
          ['somebody', real],
          ['nobody', undefined],
        ] as const) {
          const askedAt = performance.now();
          await connector.verify(credential, 'wrong');
          fastest[whose] = Math.min(fastest[whose], performance.now() - askedAt);
        }
      }
      // A comparison that was left out takes microseconds.
      expect(fastest.nobody).toBeGreaterThan(fastest.somebody / 4);
    }, 30_000);
  });
}
