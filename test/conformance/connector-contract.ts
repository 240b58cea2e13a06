/**
 * What every redirect connector must do, whatever protocol it speaks (src/ports/connector.ts). A connector's own test file
 * gives a rig and gets these tests; what is special to a protocol is tested beside it.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/domain/tenant.js';
import { newSecret, systemEntropy } from '../../src/kernel/ids.js';
import type { CallbackInput, RedirectConnector, RedirectSecrets } from '../../src/ports/connector.js';

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

    test('an IdP that is gone is unreachable, soon and without a throw', async () => {
      const secrets = newSecrets();
      await rig.stopIdp();
      const changed = { ...rig.connection, revision: 'after-the-idp-went-away' };
      const askedAt = performance.now();
      const started = await rig.connector.start(changed, secrets, CALLBACK, {});
      // A connector that needs nothing from the IdP for the redirect may send the browser all the same.
      if (!started.ok) expect(started.reason).toBe('unreachable');
      expect(performance.now() - askedAt).toBeLessThan(6000);
    });
  });
}
