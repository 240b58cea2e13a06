/**
 * The cast of the stories, set up through the Management API alone: Acme with its proved domain and its IdP, the application, and
 * the people. Each test builds its own.
 */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { HttpBrowser, type Visit } from './http-browser.js';
import type { Instance, Json } from './instance.js';
import { createPlayers, type PlayedCompany, type PlayedStrategy } from './providers.js';
import type { Person, ScriptedIdp } from './scripted-idp.js';

export const CALLBACK = 'http://127.0.0.1:9/callback';
export const PASSWORD = 'Correct-horse-7-battery';

export const PEOPLE: Readonly<Record<string, Person>> = {
  ivy: { sub: 'idp-ivy', email: 'ivy@acme.example', email_verified: true, name: 'Ivy Invited' },
  dana: { sub: 'idp-dana', email: 'dana@acme.example', email_verified: true, name: 'Dana Member' },
  uma: { sub: 'idp-uma', email: 'uma@acme.example', email_verified: true, name: 'Uma Unverified' },
  sam: { sub: 'idp-sam', email: 'sam@acme.example', email_verified: true, name: 'Sam Stranger' },
};

export interface Place extends PlayedCompany {
  readonly id: string;
  readonly name: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly strategy: PlayedStrategy;
  /** Where the IdP's sign-in page is. */
  readonly signInOrigin: string;
  /** The id of the account that this person opens. */
  userIdOf(sub: string): string;
}

export interface Cast {
  readonly instance: Instance;
  readonly idp: ScriptedIdp;
  readonly acme: Place;
  /** People at Acme's IdP, by login; a test may change them at any time. */
  readonly people: Record<string, Person>;
  readonly client: { readonly id: string; readonly secret: string };
  readonly databaseId: string;
  readonly roleId: string;
  /** Another IdP of the cast's strategy, with which no connection has to do. */
  play(place: string): Promise<PlayedCompany>;
  createUser(email: string, options?: { verified?: boolean; connectionId?: string }): Promise<string>;
  createMember(email: string, options?: { verified?: boolean; organizationId?: string }): Promise<string>;
  invite(
    email: string,
    options?: { connectionId?: string | undefined; organizationId?: string; roles?: string[] },
  ): Promise<Invitation>;
  createPlace(
    name: string,
    people: Readonly<Record<string, Person>>,
    options?: { domain?: string; enabled?: Json },
  ): Promise<Place>;
  stop(): Promise<void>;
}

export interface Invitation {
  readonly id: string;
  /** As the Management API shows it. */
  readonly ticket: string;
  /** As it is in the mail to the invited person. */
  readonly mailed: string;
  readonly url: string;
}

/** The ticket of the link in the invitation's mail. */
export async function readMailedTicket(instance: Pick<Instance, 'mail'>, ticket: string): Promise<string> {
  for (const { mail } of await instance.mail()) {
    if (mail.template !== 'invitation') continue;
    const mailed = new URL(String(mail.model.url)).searchParams.get('invitation') ?? '';
    if (mailed.startsWith(ticket)) return mailed;
  }
  throw new Error(`no mail carries the ticket ${ticket}`);
}

/** Starts the IdP and sets Acme up on a running instance. */
export async function createCast(
  instance: Instance,
  options: {
    enabled?: Json;
    clientFields?: Json;
    people?: Readonly<Record<string, Person>>;
    /** The clock of the identity providers. */
    clock?: { now(): Date };
    /** The strategy of the companies' connections; `oidc` if not given. */
    strategy?: PlayedStrategy;
  } = {},
): Promise<Cast> {
  const { api } = instance;
  const players = createPlayers(options.clock);
  const database = await api('POST', '/connections', { name: 'Username-Password-Authentication', strategy: 'auth0' });
  const client = await api('POST', '/clients', {
    name: 'Notebook',
    app_type: 'regular_web',
    callbacks: [CALLBACK],
    allowed_logout_urls: ['http://127.0.0.1:9/bye'],
    initiate_login_uri: 'https://127.0.0.1:9/login',
    organization_usage: 'require',
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
    ...options.clientFields,
  });
  const clientId = client.client_id as string;
  await api('PATCH', `/connections/${database.id}/clients`, [{ client_id: clientId, status: true }]);
  const role = await api('POST', '/roles', { name: 'editor', description: 'May edit' });

  const createPlace: Cast['createPlace'] = async (name, people, settings = {}) => {
    const { strategy = 'oidc' } = options;
    const played = await players.play(strategy, { place: name, domain: settings.domain, people });
    const connectionName = `${name}-${strategy}`;
    const connection = await api('POST', '/connections', {
      name: connectionName,
      strategy,
      display_name: `${name} sign-in`,
      options: {
        ...played.options,
        domain_aliases: settings.domain === undefined ? [] : [settings.domain],
      },
    });
    const organization = await api('POST', '/organizations', {
      name,
      display_name: name[0]?.toUpperCase() + name.slice(1),
      enabled_connections: [
        { connection_id: database.id, assign_membership_on_login: false },
        { connection_id: connection.id, assign_membership_on_login: false, ...settings.enabled },
      ],
    });
    if (settings.domain !== undefined) {
      await api('POST', `/organizations/${organization.id}/discovery-domains`, {
        domain: settings.domain,
        status: 'verified',
      });
    }
    return {
      id: organization.id as string,
      name,
      connectionId: connection.id as string,
      connectionName,
      strategy,
      ...played,
      signInOrigin: new URL(played.idp.issuer).origin,
      userIdOf: (sub) => `${strategy}|${connectionName}|${played.subjectOf(sub)}`,
    };
  };
  const people: Record<string, Person> = { ...PEOPLE, ...options.people };
  const acme = await createPlace('acme', people, {
    domain: 'acme.example',
    ...(options.enabled && { enabled: options.enabled }),
  });

  const createUser: Cast['createUser'] = async (email, { verified = true } = {}) => {
    const user = await api('POST', '/users', {
      connection: 'Username-Password-Authentication',
      email,
      password: PASSWORD,
      email_verified: verified,
    });
    return user.user_id as string;
  };
  return {
    instance,
    idp: acme.idp,
    acme,
    people,
    client: { id: clientId, secret: client.client_secret as string },
    databaseId: database.id as string,
    roleId: role.id as string,
    createPlace,
    play: (place) => players.play(options.strategy ?? 'oidc', { place, domain: `${place}.example`, people: {} }),
    createUser,
    async createMember(email, { verified = true, organizationId = acme.id } = {}) {
      const userId = await createUser(email, { verified });
      await api('POST', `/organizations/${organizationId}/members`, { members: [userId] });
      return userId;
    },
    async invite(email, { organizationId = acme.id, roles = [role.id as string], ...rest } = {}) {
      const connectionId = 'connectionId' in rest ? rest.connectionId : acme.connectionId;
      const invitation = await api('POST', `/organizations/${organizationId}/invitations`, {
        inviter: { name: 'Dana Member' },
        invitee: { email },
        client_id: clientId,
        ...(connectionId !== undefined && { connection_id: connectionId }),
        ...(roles.length > 0 && { roles }),
      });
      return {
        id: invitation.id as string,
        ticket: invitation.ticket_id as string,
        mailed: await readMailedTicket(instance, invitation.ticket_id as string),
        url: invitation.invitation_url as string,
      };
    },
    async stop() {
      await players.stop();
    },
  };
}

/** All that somebody at a browser needs to know of a tenant. */
export interface Entrance {
  readonly instance: Pick<Instance, 'origin'> & Partial<Pick<Instance, 'address'>>;
  readonly client: Cast['client'];
  readonly acme: Pick<Place, 'id'>;
}

/** A person at a browser, on the way into the application. */
export class Visitor<Known extends Entrance = Cast> {
  readonly browser: HttpBrowser;
  private verifier = '';
  constructor(
    readonly cast: Known,
    browser?: HttpBrowser,
  ) {
    this.browser = browser ?? new HttpBrowser(CALLBACK, cast.instance);
  }

  /** The address that the application sends the browser to. */
  authorizeUrl(parameters: Record<string, string> = {}): string {
    this.verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: this.cast.client.id,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid profile email offline_access',
      state: 'app-state',
      nonce: 'app-nonce',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      organization: this.cast.acme.id,
      ...parameters,
    });
    for (const [name, value] of [...query]) if (value === '') query.delete(name);
    return `${this.cast.instance.origin}/authorize?${query}`;
  }

  /** Opens the application. */
  open(parameters: Record<string, string> = {}): Promise<Visit> {
    return this.browser.visit(this.authorizeUrl(parameters));
  }

  /** Types an address on the identifier page. */
  type(page: Visit, username: string, action = 'default'): Promise<Visit> {
    return this.browser.submit(page, { username, action });
  }

  /** At the IdP's form, and through the page that posts its answer, if it has one. */
  async signInAtIdp(page: Visit, login: string): Promise<Visit> {
    const answer = await this.browser.submit(page, { login });
    return this.postsAnswer(answer) ? this.browser.submit(answer) : answer;
  }

  /** The same up to the request that brings the answer back, which is sent as it is: no redirect after it is followed. */
  async returnFromIdp(page: Visit, login: string): Promise<Response> {
    const [form] = page.forms;
    if (!form) throw new Error(`no sign-in page but ${page.url.href}`);
    if ('kept' in form.fields) {
      const posting = (await this.browser.submit(page, { login })).forms[0];
      if (!posting) throw new Error('the IdP posts nothing');
      const headers = { origin: new URL(posting.action).origin };
      return this.browser.request(posting.action, {
        method: 'POST',
        body: new URLSearchParams(posting.fields),
        headers,
      });
    }
    const sent = await this.browser.request(form.action, { method: 'POST', body: new URLSearchParams({ login }) });
    return this.browser.request(sent.headers.get('location') ?? '');
  }

  private postsAnswer({ forms: [form] }: Visit): boolean {
    return form !== undefined && 'SAMLResponse' in form.fields;
  }

  /** From the application through home realm discovery and the IdP to wherever that leads. */
  async throughSso(login: string, email: string, parameters: Record<string, string> = {}): Promise<Visit> {
    const page = await this.open(parameters);
    return this.signInAtIdp(await this.type(page, email), login);
  }

  /** From the link in the mail through the accept page. An invitation that is over by now leads back to the application at once. */
  async accept(invitation: Invitation, parameters: Record<string, string> = {}): Promise<Visit> {
    const page = await this.open({ invitation: invitation.mailed, ...parameters });
    if (page.status === 0) return page;
    return this.browser.submit(page, { action: 'default' });
  }

  async withPassword(email: string, password = PASSWORD, parameters: Record<string, string> = {}): Promise<Visit> {
    const page = await this.open(parameters);
    return this.browser.submit(await this.type(page, email, 'password'), { password });
  }

  /** Redeems the code and returns the tokens with the ID token's claims. Throws with what came back instead of a code. */
  async redeem(
    answer: Visit,
    { redirectUri = CALLBACK }: { redirectUri?: string } = {},
  ): Promise<{ claims: Json; idToken: string; refreshToken: string; accessToken: string }> {
    const code = answer.url.searchParams.get('code');
    if (code === null)
      throw new Error(
        `no code: ${answer.status} ${answer.url.href} ${answer.text
          .replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<[^>]+>/g, ' ')
          .replace(/\s+/g, ' ')
          .slice(0, 500)}`,
      );
    const { client, instance } = this.cast;
    const response = await fetch(`${instance.address ?? instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: client.id,
        client_secret: client.secret,
        code_verifier: this.verifier,
      }),
    });
    const body = (await response.json()) as Json;
    if (!response.ok) throw new Error(`token: ${response.status} ${JSON.stringify(body)}`);
    return {
      claims: decodeJwt(body.id_token as string),
      idToken: body.id_token as string,
      refreshToken: body.refresh_token as string,
      accessToken: body.access_token as string,
    };
  }
}
