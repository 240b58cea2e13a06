/**
 * Calls the Management API as the operator, through the unmodified `auth0` SDK. The SDK speaks https only, and the demo
 * has no certificate. So the SDK's `fetch` option sends requests by http on loopback. Calls additions that the SDK does
 * not know directly. Never touches the database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ManagementClient } from 'auth0';
import { PASSWORD, type Person } from './people.js';

export interface OperatorClient {
  readonly id: string;
  readonly secret: string;
}

/** A line of the login log, as the Management API returns it. */
export interface LogLine {
  readonly log_id: string;
  readonly type: string;
  readonly description?: string;
  readonly user_id?: string;
  readonly details?: {
    readonly code?: string;
    readonly reference?: string;
    readonly trace?: readonly TraceLine[];
    /** The executions of the tenant's Actions. */
    readonly actions?: readonly { readonly results: readonly { readonly console: readonly string[] }[] }[];
  };
}

export interface TraceLine {
  readonly stage: string;
  readonly rule: string;
  readonly answer: 'pass' | 'ask' | 'refuse';
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Seconds before its expiry at which a token is renewed. */
const RENEW_SECONDS = 60;

/** Returns a function that gives a Management API token, and fetches one when needed. */
function createTokens(origin: string, client: OperatorClient): () => Promise<string> {
  let current: { token: string; until: number } | undefined;
  return async () => {
    if (current && current.until > Date.now()) return current.token;
    const response = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
        audience: `${origin}/api/v2/`,
      }),
    });
    if (!response.ok) throw new Error(`no token for the Management API: ${response.status} ${await response.text()}`);
    const { access_token, expires_in } = (await response.json()) as { access_token: string; expires_in: number };
    current = { token: access_token, until: Date.now() + (expires_in - RENEW_SECONDS) * 1000 };
    return access_token;
  };
}

/** Maximum number of repetitions after 429. The limit of a busy tenant is available again after some seconds. */
const LIMIT_TRIES = 30;
const LIMIT_WAIT_MS = 1000;

/** Calls `fetch`, and waits if the tenant has rate limits (429). The Auth0 double has them, this server does not. */
async function fetchPatiently(url: string, init?: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, init);
    if (response.status !== 429 || attempt >= LIMIT_TRIES) return response;
    await sleep(LIMIT_WAIT_MS);
  }
}

/** Creates the SDK's client for a server that speaks http. */
export function createSdk(origin: string, token: () => Promise<string>): ManagementClient {
  const { host } = new URL(origin);
  return new ManagementClient({
    domain: host,
    token,
    telemetry: false,
    fetch: (input, init) => fetchPatiently(String(input).replace(`https://${host}/`, `${origin}/`), init),
  });
}

export class Operator {
  readonly sdk: ManagementClient;
  private readonly token: () => Promise<string>;

  constructor(
    readonly origin: string,
    readonly client: OperatorClient,
  ) {
    this.token = createTokens(origin, client);
    this.sdk = createSdk(origin, this.token);
  }

  /** Calls an operation for which the SDK has no method. Throws for any status but a 2xx. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetchPatiently(`${this.origin}/api/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.token()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Sends a form, for operations that accept files. Throws for any status but a 2xx. */
  async send<T>(path: string, body: FormData): Promise<T> {
    const headers = { authorization: `Bearer ${await this.token()}` };
    const response = await fetch(`${this.origin}/api/v2${path}`, { method: 'POST', headers, body });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** Returns the lines of the login log after `logId`, oldest first. */
  async loginsAfter(logId: string | undefined): Promise<readonly LogLine[]> {
    const lines = await this.call<LogLine[]>('GET', '/logs?per_page=50&sort=date:-1');
    const end = lines.findIndex((line) => line.log_id === logId);
    const fresh = end < 0 ? lines : lines.slice(0, end);
    return fresh.filter((line) => line.details?.trace !== undefined).reverse();
  }

  async newestLogId(): Promise<string | undefined> {
    return (await this.call<LogLine[]>('GET', '/logs?per_page=1&sort=date:-1'))[0]?.log_id;
  }
}

/** Ids of the objects that the seed created. */
export interface Tenant {
  readonly acmeId: string;
  readonly evilId: string;
  readonly globexId: string;
  readonly globexConnectionId: string;
  readonly acmeConnectionId: string;
  readonly evilConnectionId: string;
  readonly databaseId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Client of the page *Organization settings*. */
  readonly settingsClientId: string;
  readonly roles: { readonly editor: string; readonly approver: string; readonly admin: string };
}

export const DATABASE = 'Username-Password-Authentication';

/** Deletes the accounts with this address, and the mails to it. */
export async function removePerson(operator: Operator, tenant: Tenant, person: Person): Promise<void> {
  const { sdk } = operator;
  for (const user of await sdk.users.listUsersByEmail({ email: person.email })) {
    if (user.user_id !== undefined) await sdk.users.delete(user.user_id);
  }
  for (const organizationId of [tenant.acmeId, tenant.evilId]) {
    const invitations = await sdk.organizations.invitations.list(organizationId, { per_page: 100 });
    for (const invitation of invitations.data) {
      if (invitation.invitee?.email === person.email && invitation.id !== undefined)
        await sdk.organizations.invitations.delete(organizationId, invitation.id);
    }
  }
}

/** Creates a password account that looks as if it had existed for long. Returns the user id. */
export async function createAccount(operator: Operator, person: Person, verified: boolean): Promise<string> {
  const user = await operator.sdk.users.create({
    connection: DATABASE,
    email: person.email,
    name: person.name,
    password: PASSWORD,
    email_verified: verified,
    verify_email: false,
  });
  if (user.user_id === undefined) throw new Error('the server created a user without an id');
  return user.user_id;
}

/** Restores a member of Acme with a password to the state of the first start. Returns the user id. */
export async function restoreMember(
  operator: Operator,
  tenant: Tenant,
  person: Person,
  options: { verified?: boolean } = {},
): Promise<string> {
  await removePerson(operator, tenant, person);
  const userId = await createAccount(operator, person, options.verified ?? true);
  const { members } = operator.sdk.organizations;
  await members.create(tenant.acmeId, { members: [userId] });
  await members.roles.assign(tenant.acmeId, userId, { roles: [tenant.roles.editor] });
  return userId;
}

export interface Invitation {
  readonly id: string;
  readonly url: string;
}

/** Invites a person to Acme through its company's sign-in. The mail goes to the mailbox. */
export function invite(
  operator: Operator,
  tenant: Tenant,
  person: Person,
  roles: readonly string[],
): Promise<Invitation> {
  const { acmeId: organizationId, acmeConnectionId: connectionId } = tenant;
  return inviteTo(operator, tenant, { organizationId, connectionId, inviter: 'Ada Admin', person, roles });
}

/** Invites a person to any organization through one of its connections. */
export async function inviteTo(
  operator: Operator,
  tenant: Tenant,
  to: {
    readonly organizationId: string;
    readonly connectionId: string;
    readonly inviter: string;
    readonly person: Person;
    readonly roles: readonly string[];
  },
): Promise<Invitation> {
  const made = await operator.sdk.organizations.invitations.create(to.organizationId, {
    inviter: { name: to.inviter },
    invitee: { email: to.person.email },
    client_id: tenant.clientId,
    connection_id: to.connectionId,
    ...(to.roles.length > 0 && { roles: [...to.roles] }),
  });
  if (made.id === undefined || made.invitation_url === undefined) throw new Error('an invitation without a link');
  return { id: made.id, url: made.invitation_url };
}

/** Sets whether people of Acme's domain may still use a password. */
export async function setRollout(operator: Operator, tenant: Tenant, to: 'optional' | 'required'): Promise<void> {
  const path = `/organizations/${tenant.acmeId}/enabled_connections/${tenant.acmeConnectionId}`;
  await operator.call('PATCH', path, { sso_rollout: to });
}

/** Lets a member use the password although single sign-on is required. */
export async function setBreakGlass(operator: Operator, tenant: Tenant, userId: string): Promise<void> {
  const path = `/organizations/${tenant.acmeId}/members/${encodeURIComponent(userId)}`;
  await operator.call('PATCH', path, { break_glass: true });
}
