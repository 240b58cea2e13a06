/**
 * Operators of a whole server, over HTTP: invited by an ordinary invitation, signed in at the console's client, and calling the Management API
 * with their own token.
 */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { OperatorRole, Operators } from '../../src/domain/operator-role.js';
import { PASSWORD, readMailedTicket } from './cast.js';
import { HttpBrowser, type Visit } from './http-browser.js';
import type { Instance, Json } from './instance.js';
import { type CallAs, callWith } from './machines.js';

/** Scopes that the console asks for. */
const CONSOLE_SCOPE = 'openid profile email offline_access use:roles';

/** Somebody with a token of the Management API. */
export interface SignedIn {
  readonly userId: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly idToken: string;
  readonly expiresIn: number;
  readonly call: CallAs;
  /** Cookies of the server in their browser, by name: with these another browser is in the same session. */
  readonly cookies: ReadonlyMap<string, string>;
}

export interface SignInOptions {
  readonly clientId?: string;
  readonly organization?: string;
  readonly scope?: string;
  readonly redirectUri?: string;
  readonly audience?: string;
}

export interface OperatorRig {
  readonly rows: Operators;
  /** Invites as the machine client of the environment, and accepts with a password. */
  join(email: string, role?: OperatorRole): Promise<SignedIn>;
  signIn(email: string, options?: SignInOptions): Promise<SignedIn>;
  /** Another access token for a refresh token: the status, and the token where there is one. */
  refresh(person: SignedIn): Promise<{ readonly status: number; readonly token: string }>;
}

/** The rows of the server's operators, as its database has them. */
export async function findOperators({ database }: Instance): Promise<Operators> {
  const { rows } = await database.pool.query('select * from operators');
  const [row] = rows as Record<string, string>[];
  const text = (name: string) => String(row?.[name]);
  return {
    organizationId: text('organization_id'),
    connectionId: text('connection_id'),
    clientId: text('client_id'),
    roleIds: { owner: text('owner_role_id'), support: text('support_role_id'), viewer: text('viewer_role_id') },
  };
}

async function askToken(origin: string, parameters: Record<string, string>) {
  const response = await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams(parameters) });
  return { status: response.status, body: (await response.json()) as Json };
}

async function redeem(
  instance: Instance,
  browser: HttpBrowser,
  answer: Visit,
  parameters: Record<string, string>,
): Promise<SignedIn> {
  const code = answer.url.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${answer.status} ${answer.url.href}`);
  const { status, body } = await askToken(instance.origin, { grant_type: 'authorization_code', code, ...parameters });
  if (status !== 200) throw new Error(`token: ${status} ${JSON.stringify(body)}`);
  const token = String(body.access_token);
  return {
    userId: String(decodeJwt(token).sub),
    token,
    refreshToken: String(body.refresh_token),
    idToken: String(body.id_token),
    expiresIn: Number(body.expires_in),
    call: callWith(instance, token),
    cookies: browser.cookies(new URL(instance.origin).host),
  };
}

/** Ways to get operators on a running server. */
export async function createOperatorRig(instance: Instance): Promise<OperatorRig> {
  const rows = await findOperators(instance);
  const { origin } = instance;
  const begin = (
    options: SignInOptions,
    go: (browser: HttpBrowser, page: Visit) => Promise<Visit>,
    extra: Record<string, string> = {},
  ) => {
    const { clientId = rows.clientId, organization = rows.organizationId, scope = CONSOLE_SCOPE } = options;
    const redirectUri = options.redirectUri ?? `${origin}/console`;
    const browser = new HttpBrowser(redirectUri);
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope,
      audience: options.audience ?? `${origin}/api/v2/`,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(organization !== '' && { organization }),
      ...extra,
    });
    return browser
      .visit(`${origin}/authorize?${query}`)
      .then((page) => go(browser, page))
      .then((answer) =>
        redeem(instance, browser, answer, { client_id: clientId, redirect_uri: redirectUri, code_verifier: verifier }),
      );
  };
  return {
    rows,
    async join(email, role = 'owner') {
      const invitation = await instance.api<Json>('POST', `/organizations/${rows.organizationId}/invitations`, {
        inviter: { name: 'Olga Owner' },
        invitee: { email },
        client_id: rows.clientId,
        roles: [rows.roleIds[role]],
      });
      const mailed = await readMailedTicket(instance, String(invitation.ticket_id));
      const accept = async (browser: HttpBrowser, page: Visit) =>
        browser.submit(await browser.submit(page, { action: 'default' }), { password: PASSWORD });
      return begin({}, accept, { invitation: mailed });
    },
    signIn: (email, options = {}) =>
      begin(options, async (browser, page) =>
        browser.submit(await browser.submit(page, { username: email, action: 'password' }), { password: PASSWORD }),
      ),
    async refresh({ refreshToken }) {
      const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: rows.clientId };
      const { status, body } = await askToken(origin, parameters);
      return { status, token: String(body.access_token) };
    },
  };
}
