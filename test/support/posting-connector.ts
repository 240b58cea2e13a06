/**
 * A connector of the other shape of answer: the identity provider posts a signed statement back, with the name of the login beside it, as SAML's
 * POST binding does. Small enough to be read, whole enough to keep the contract: a new protocol needs a folder like this file, and one
 * line where connectors are composed.
 */
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connection } from '../../src/domain/tenant.js';
import { newSecret, secretsEqual, systemEntropy } from '../../src/kernel/ids.js';
import type { CallbackInput, ConnectorFailure, RedirectConnector, Remembered } from '../../src/ports/connector.js';

interface Statement {
  readonly answers: string;
  readonly audience: string;
  readonly subject?: string;
  readonly email?: string;
}

interface Options {
  readonly signInUrl: string;
  readonly key: string;
}

const sign = (text: string, key: string) => createHmac('sha256', key).update(text).digest('base64url');

const fail = (reason: ConnectorFailure['reason'], check: string, detail: string): ConnectorFailure => ({
  ok: false,
  reason,
  check,
  detail,
});

function optionsOf({ options }: Connection): Options | undefined {
  const { sign_in_url: signInUrl, key } = options;
  return typeof signInUrl === 'string' && typeof key === 'string' ? { signInUrl, key } : undefined;
}

/** Returns the statement if the identity provider signed it; undefined otherwise. */
function readStatement(text: string | undefined, key: string): Statement | undefined {
  const [body = '', signature = ''] = (text ?? '').split('.', 2);
  if (!secretsEqual(sign(body, key), signature)) return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Statement;
}

const NO_OPTIONS = fail('invalid', 'connection.options', 'sign_in_url and key are needed');

/** Speaks to {@link startPostingIdp}. */
export function createPostingConnector(): RedirectConnector {
  return {
    shape: 'redirect',
    async start(connection, { transactionId, redirectUri }) {
      const options = optionsOf(connection);
      if (options === undefined) return NO_OPTIONS;
      const request = newSecret(systemEntropy);
      const url = new URL(options.signInUrl);
      url.search = new URLSearchParams({ request, RelayState: transactionId, answer_to: redirectUri }).toString();
      return { ok: true, url: url.href, remember: { request, relay: transactionId } };
    },
    findTransaction: (field) => field('RelayState'),
    async finish(connection, { request, relay }: Remembered, redirectUri, { method, parameters }) {
      if (method !== 'POST' || parameters.RelayState !== relay)
        return fail('invalid', 'callback.state', 'the answer is not to this login');
      const options = optionsOf(connection);
      if (options === undefined) return NO_OPTIONS;
      const statement = readStatement(parameters.statement, options.key);
      if (statement === undefined) return fail('invalid', 'statement.signature', 'not signed by the provider');
      if (statement.answers !== request || statement.audience !== redirectUri)
        return fail('invalid', 'statement.request', 'the statement answers another request');
      const { subject, email } = statement;
      if (subject === undefined) return fail('denied', 'idp.error', 'the provider signed nobody in');
      const { id } = connection;
      const claims = { sub: subject, email };
      const identity = { connectionId: id, issuer: options.signInUrl, subject, email, profile: {}, claims };
      return { ok: true, identity: { ...identity, emailVerified: false } };
    },
    async examine(connection) {
      const options = optionsOf(connection);
      if (options === undefined) return NO_OPTIONS;
      try {
        await fetch(options.signInUrl);
        return { ok: true, issuer: options.signInUrl, endpoints: { sign_in_url: options.signInUrl }, signingKeys: 1 };
      } catch {
        return fail('unreachable', 'discovery.network', 'the provider does not answer');
      }
    },
  };
}

export interface PostingIdp {
  readonly options: Connection['options'];
  /** Plays the browser: the fields of the form that the provider has it post. */
  signIn(url: string, login: string): Promise<CallbackInput>;
  stop(): Promise<void>;
}

/** A provider that knows `people` by their logins. */
export async function startPostingIdp(
  people: Readonly<Record<string, { readonly subject: string; readonly email: string }>>,
): Promise<PostingIdp> {
  const key = newSecret(systemEntropy);
  const server: Server = createServer((request, response) => {
    const asked = new URL(request.url ?? '', 'http://idp').searchParams;
    const statement: Statement = {
      answers: asked.get('request') ?? '',
      audience: asked.get('answer_to') ?? '',
      ...people[asked.get('login') ?? ''],
    };
    const body = Buffer.from(JSON.stringify(statement)).toString('base64url');
    const fields = { statement: `${body}.${sign(body, key)}`, RelayState: asked.get('RelayState') ?? '' };
    response.end(JSON.stringify(fields));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    options: { sign_in_url: `http://127.0.0.1:${port}/sign-in`, key },
    async signIn(url, login) {
      const response = await fetch(`${url}&${new URLSearchParams({ login })}`);
      return { method: 'POST', parameters: (await response.json()) as Record<string, string> };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
