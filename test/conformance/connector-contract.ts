/**
 * What every connector must do (src/ports/connector.ts): every redirect connector, whatever protocol it speaks, and every password
 * connector, however it hashes. A connector's own test file gives a rig and gets these tests; what is special to one is tested beside it.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/domain/tenant.js';
import { newSecret, systemEntropy } from '../../src/kernel/ids.js';
import type {
  CallbackInput,
  PasswordConnector,
  RedirectConnector,
  RedirectSecrets,
} from '../../src/ports/connector.js';

export interface ConnectorRig {
  readonly connector: RedirectConnector;
  /** A working connection to an IdP that knows `person`. */
  readonly connection: Connection;
  readonly person: { readonly login: string; readonly subject: string; readonly email: string };
  /** Plays the browser: signs in at the IdP as `login` and returns what it is sent back with. */
  signIn(url: string, login: string): Promise<CallbackInput>;
  /** The IdP goes away for good; the last test calls it. */
  stopIdp(): Promise<void>;
  /** Whatever else is to be released, at the end. */
  stop(): Promise<void>;
}

const CALLBACK = 'http://localhost:3000/login/callback';

function newSecrets(): RedirectSecrets {
  return {
    state: newSecret(systemEntropy),
    nonce: newSecret(systemEntropy),
    codeVerifier: newSecret(systemEntropy),
  };
}

/** Runs the contract; `start` is called once, before the first test. */
export function describeRedirectConnector(name: string, start: () => Promise<ConnectorRig>): void {
  describe(`${name}: the contract of a redirect connector`, () => {
    let rig: ConnectorRig;
    beforeAll(async () => {
      rig = await start();
    });
    afterAll(() => rig.stop());

    /** Start and sign-in for `secrets`; what the browser comes back with. */
    const visit = async (secrets: RedirectSecrets, login = rig.person.login): Promise<CallbackInput> => {
      const started = await rig.connector.start(rig.connection, secrets, CALLBACK, {});
      if (!started.ok) throw new Error(`${started.check}: ${started.detail}`);
      return rig.signIn(started.url, login);
    };
    const finish = (secrets: RedirectSecrets, input: CallbackInput, connection = rig.connection) =>
      rig.connector.finish(connection, secrets, CALLBACK, input);

    test('start gives an absolute address that is bound to this login and shows none of its private halves', async () => {
      const secrets = newSecrets();
      const started = await rig.connector.start(rig.connection, secrets, CALLBACK, { loginHint: rig.person.email });
      if (!started.ok) throw new Error(started.detail);
      expect(new URL(started.url).protocol).toMatch(/^https?:$/);
      expect(started.url).toContain(secrets.state);
      expect(started.url).not.toContain(secrets.codeVerifier);
    });

    test('whoever signs in at the IdP is proved: connection, issuer, subject, address', async () => {
      const secrets = newSecrets();
      const answer = await finish(secrets, await visit(secrets));
      expect(answer).toMatchObject({
        ok: true,
        identity: { connectionId: rig.connection.id, subject: rig.person.subject, email: rig.person.email },
      });
      expect(answer.ok && answer.identity.issuer).not.toBe('');
    });

    test('the same person has the same subject at every login', async () => {
      const answers = [];
      for (const secrets of [newSecrets(), newSecrets()]) answers.push(await finish(secrets, await visit(secrets)));
      const subjects = answers.map((answer) => answer.ok && `${answer.identity.issuer} ${answer.identity.subject}`);
      expect(subjects[0]).toBe(subjects[1]);
      expect(subjects[0]).not.toBe(false);
    });

    test('an answer to another login is refused before anything else', async () => {
      const input = await visit(newSecrets());
      expect(await finish(newSecrets(), input)).toMatchObject({
        ok: false,
        reason: 'invalid',
        check: 'callback.state',
      });
    });

    test('an answer to another login does not fit when only its state is made to fit', async () => {
      const theirs = newSecrets();
      const mine = newSecrets();
      const input = await visit(theirs);
      const parameters = Object.fromEntries(
        Object.entries(input.parameters).map(([field, value]) => [field, value === theirs.state ? mine.state : value]),
      );
      expect(await finish(mine, { ...input, parameters })).toMatchObject({ ok: false, reason: 'invalid' });
    });

    test('somebody the IdP does not let in is denied', async () => {
      const secrets = newSecrets();
      const answer = await finish(secrets, await visit(secrets, 'nobody-of-that-name'));
      expect(answer).toMatchObject({ ok: false, reason: 'denied', check: 'idp.error' });
    });

    test('nothing that a browser may bring makes it throw, or proves anything', async () => {
      const secrets = newSecrets();
      const parameters = fc.dictionary(
        fc.oneof(
          fc.constantFrom('state', 'code', 'iss', 'error', 'id_token', 'SAMLResponse', 'RelayState'),
          fc.string(),
        ),
        fc.oneof(fc.constant(secrets.state), fc.string({ maxLength: 2000 }), fc.constant('a.b.c')),
      );
      const input = fc.record({ method: fc.constantFrom<'GET' | 'POST'>('GET', 'POST'), parameters });
      await fc.assert(
        fc.asyncProperty(input, async (callback) => {
          const answer = await finish(secrets, callback);
          expect(answer.ok).toBe(false);
          if (!answer.ok) expect(answer.check).toMatch(/^[a-z_]+\.[a-z_]+$/);
        }),
        { numRuns: 60 },
      );
    });

    test('no failure tells a secret', async () => {
      const secrets = newSecrets();
      const input = await visit(secrets);
      const used = await finish(secrets, input);
      expect(used.ok).toBe(true);
      // A front channel token cannot be used up here: the commit records the transaction and refuses the second use.
      const answers = [await finish(newSecrets(), input), await finish(secrets, input)];
      const told = JSON.stringify(answers.filter((answer) => !answer.ok));
      const secretOption = rig.connection.options.client_secret;
      const hidden = [
        secrets.nonce,
        secrets.codeVerifier,
        secretOption,
        input.parameters.code,
        input.parameters.id_token,
      ];
      for (const secret of hidden) if (typeof secret === 'string') expect(told).not.toContain(secret);
    });

    test('a connection without usable options is a failure that says so', async () => {
      const broken = { ...rig.connection, revision: 'broken', options: {} };
      const failure = { ok: false, reason: 'invalid', check: 'connection.options' };
      const secrets = newSecrets();
      expect(await rig.connector.start(broken, secrets, CALLBACK, {})).toMatchObject(failure);
      const parameters = { state: secrets.state, RelayState: secrets.state };
      expect(await finish(secrets, { method: 'POST', parameters }, broken)).toMatchObject(failure);
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
      const secrets = newSecrets();
      await rig.stopIdp();
      const changed = { ...rig.connection, revision: 'after-the-idp-went-away' };
      const askedAt = performance.now();
      const started = await rig.connector.start(changed, secrets, CALLBACK, {});
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
        // What stands in the place of a hash for whoever has to choose a new one.
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
