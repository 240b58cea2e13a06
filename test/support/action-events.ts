/**
 * Real logins of all kinds with an Action at every trigger that reports its whole event and the names of its `api`. Each scene
 * waits until its triggers have reported.
 */
import { TRIGGERS, type TriggerId } from '../../src/domain/actions/action.js';
import { startActionListener } from './action-listener.js';
import { useActions } from './actions.js';
import { CALLBACK, PASSWORD } from './cast.js';
import { HttpBrowser, type Visit } from './http-browser.js';
import type { Json } from './instance.js';
import type { Stage } from './stage.js';

export interface Report {
  readonly scene: string;
  readonly trigger: TriggerId;
  readonly event: Json;
  /** `user.setAppMetadata`, … */
  readonly api: readonly string[];
}

/** The triggers that Auth0 has too. */
export const SHARED_TRIGGERS = (Object.keys(TRIGGERS) as TriggerId[]).filter((id) => id !== 'organization-admission');

/** The methods of an `api`, as `user.setAppMetadata`. */
export function methodsOf(api: object): readonly string[] {
  return Object.entries(api).flatMap(([part, methods]) => Object.keys(methods).map((name) => `${part}.${name}`));
}

function reporting(trigger: TriggerId, url: string): string {
  return `const methods = (part, path) => Object.keys(part).flatMap((name) =>
  typeof part[name] === 'function' ? [path + name] : methods(part[name], path + name + '.'));
exports.${TRIGGERS[trigger].handler} = async (event, api) => {
  const body = JSON.stringify({ trigger: '${trigger}', event, api: methods(api, '') });
  const answer = await fetch(${JSON.stringify(url)}, { method: 'POST', body });
  if (!answer.ok) throw new Error('the listener said no');
};`;
}

/** A browser with languages. */
class Speaking extends HttpBrowser {
  override request(...[address, options = {}]: Parameters<HttpBrowser['request']>): Promise<Response> {
    const headers = { 'accept-language': 'fr;q=0.4, de-AT, en;q=0.8', ...options.headers };
    return super.request(address, { ...options, headers });
  }
}

const wholeUser = {
  connection: 'Username-Password-Authentication',
  password: PASSWORD,
  email_verified: true,
  phone_number: '+43123456789',
  name: 'Full Name',
  given_name: 'Full',
  family_name: 'Name',
  nickname: 'full',
  picture: 'https://pictures.example/full.png',
  user_metadata: { color: 'blue', deep: { count: 1 } },
  app_metadata: { plan: 'gold' },
};

async function createMachine({ instance }: Stage): Promise<Record<string, string>> {
  const { api } = instance;
  const scopes = [{ value: 'read:things' }];
  await api('POST', '/resource-servers', {
    identifier: 'urn:things',
    name: 'Things',
    scopes,
    allow_offline_access: true,
  });
  const machine = await api('POST', '/clients', {
    name: 'Machine',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
    client_metadata: { team: 'ops' },
  });
  const { client_id, client_secret } = machine as Record<string, string>;
  await api('POST', '/client-grants', {
    client_id,
    audience: 'urn:things',
    scope: ['read:things'],
    organization_usage: 'allow',
    allow_any_organization: true,
  });
  return { grant_type: 'client_credentials', client_id: client_id ?? '', client_secret: client_secret ?? '' };
}

async function describeEverybody({ instance, cast }: Stage): Promise<void> {
  const { api } = instance;
  await api('PATCH', `/organizations/${cast.acme.id}`, { metadata: { tier: 'gold' } });
  await api('PATCH', `/connections/${cast.acme.connectionId}`, { metadata: { region: 'eu' } });
  const database = await api<{ options?: Json }>('GET', `/connections/${cast.databaseId}`);
  await api('PATCH', `/connections/${cast.databaseId}`, {
    metadata: { region: 'eu' },
    options: { ...database.options, requires_username: true },
  });
  const full = { ...wholeUser, email: 'full@acme.example', username: 'full' };
  const { user_id } = await api<{ user_id: string }>('POST', '/users', full);
  await api('POST', `/organizations/${cast.acme.id}/members`, { members: [user_id] });
}

/** Plays all scenes and gives what was reported in them. */
export async function playScenes(stage: Stage): Promise<readonly Report[]> {
  const { instance } = stage;
  const reports: Report[] = [];
  const listener = await startActionListener();
  await describeEverybody(stage);
  const machine = await createMachine(stage);
  const removals: (() => Promise<void>)[] = [];
  for (const trigger of SHARED_TRIGGERS) {
    const code = reporting(trigger, listener.url);
    removals.push(await useActions(instance, trigger, { name: `report ${trigger}`, code }));
  }

  async function scene(name: string, triggers: readonly TriggerId[], play: () => Promise<unknown>): Promise<void> {
    listener.heard.length = 0;
    await play();
    const heard = (await listener.wait(triggers.length)) as unknown as Omit<Report, 'scene'>[];
    const told = heard.map(({ trigger }) => trigger).sort();
    if (told.join() !== [...triggers].sort().join())
      throw new Error(`${name}: asked were ${told.join(', ') || 'none'}, not ${triggers.join(', ')}`);
    reports.push(...heard.map((report) => ({ ...report, scene: name })));
  }

  const newVisitor = () => stage.visitor(new Speaking(CALLBACK));
  const token = async (parameters: Record<string, string>, language?: string) => {
    const response = await fetch(`${instance.origin}/oauth/token`, {
      method: 'POST',
      headers: language === undefined ? {} : { 'accept-language': language },
      body: new URLSearchParams(parameters),
    });
    if (!response.ok) throw new Error(`token: ${response.status} ${await response.text()}`);
  };

  try {
    await playLogins(stage, scene, newVisitor);
    await playTokens(stage, scene, newVisitor, token, machine);
    await playAccounts(stage, scene, newVisitor);
  } finally {
    for (const remove of removals) await remove();
    await listener.stop();
  }
  return reports;
}

type Scene = (name: string, triggers: readonly TriggerId[], play: () => Promise<unknown>) => Promise<void>;
type NewVisitor = () => ReturnType<Stage['visitor']>;

async function playLogins(stage: Stage, scene: Scene, newVisitor: NewVisitor): Promise<void> {
  const { cast } = stage;
  const routed: readonly TriggerId[] = ['login-post-identifier', 'post-login'];
  const person = { email_verified: true, name: 'Nele New', given_name: 'Nele', family_name: 'New', nickname: 'nele' };
  const picture = 'https://pictures.example/nele.png';
  cast.people.nele = { ...person, sub: 'idp-nele', email: 'nele@acme.example', picture };
  await stage.enablement({ assign_membership_on_login: true });
  const nele = newVisitor();
  await scene('a newcomer by SSO', routed, () => nele.throughSso('nele', 'nele@acme.example'));
  await stage.enablement({ assign_membership_on_login: false });
  await scene('the same, in the session', ['post-login'], () => nele.open());
  await scene('the same, after a second factor in the session', ['post-login'], async () => {
    const { pool } = stage.instance.database;
    await pool.query(`insert into factors (user_id, id, kind, created_at, confirmed_at)
      select user_id, 'totp|1', 'otp', now(), now() from users where email = 'nele@acme.example'`);
    await pool.query(`update sessions set methods = '[{"name":"mfa","type":"otp","timestamp":"2026-12-01T10:00:00Z"}]'
      where user_id = (select user_id from users where email = 'nele@acme.example')`);
    await nele.open();
  });
  await scene('the same, signing in again with all parameters', routed, () =>
    nele.throughSso('nele', 'nele@acme.example', {
      prompt: 'login',
      login_hint: 'nele@acme.example',
      audience: 'urn:things',
      response_mode: 'query',
      acr_values: 'urn:one urn:two',
      ui_locales: 'de-AT en',
      correlation_id: 'corr-1',
      color: 'blue',
    }),
  );

  await scene('a member with a password', routed, () => newVisitor().withPassword('full@acme.example'));
  cast.people.full = { sub: 'idp-full', email: 'full@acme.example', email_verified: true, name: 'Full at the IdP' };
  await scene('the same, linked by SSO', routed, () => newVisitor().throughSso('full', 'full@acme.example'));
  await scene('the same, linked already', routed, () => newVisitor().throughSso('full', 'full@acme.example'));
  await scene('without an organization', routed, () =>
    newVisitor().withPassword('full@acme.example', PASSWORD, { organization: '' }),
  );

  const ivy = await cast.invite('ivy@acme.example');
  await scene('an invitation', ['post-login'], async () => {
    const visitor = newVisitor();
    await visitor.signInAtIdp(await visitor.accept(ivy), 'ivy');
  });
}

async function playTokens(
  { cast }: Stage,
  scene: Scene,
  newVisitor: NewVisitor,
  token: (parameters: Record<string, string>, language?: string) => Promise<void>,
  machine: Record<string, string>,
): Promise<void> {
  const client = { client_id: cast.client.id, client_secret: cast.client.secret };
  const tokens: string[] = [];
  await scene('with a refresh token', ['login-post-identifier', 'post-login', 'post-login'], async () => {
    const visitor = newVisitor();
    const { refreshToken } = await visitor.redeem(
      await visitor.throughSso('full', 'full@acme.example', { audience: 'urn:things' }),
    );
    tokens.push(refreshToken);
    await token({ ...client, grant_type: 'refresh_token', refresh_token: refreshToken }, 'de');
  });
  await scene('a refresh without an organization', ['login-post-identifier', 'post-login', 'post-login'], async () => {
    const visitor = newVisitor();
    const { refreshToken } = await visitor.redeem(
      await visitor.withPassword('full@acme.example', PASSWORD, { organization: '' }),
    );
    await token({ ...client, grant_type: 'refresh_token', refresh_token: refreshToken });
  });
  const asked = { ...machine, audience: 'urn:things' };
  await scene('client credentials', ['credentials-exchange'], () =>
    token({ ...asked, scope: 'read:things', correlation_id: 'corr-4' }, 'de'),
  );
  await scene('client credentials for an organization', ['credentials-exchange'], () =>
    token({ ...asked, organization: cast.acme.id }),
  );
}

async function playAccounts({ instance, cast }: Stage, scene: Scene, newVisitor: NewVisitor): Promise<void> {
  const signUp = ['pre-user-registration', 'post-login', 'post-user-registration'] as const;
  const signUpWith = async (visitor: ReturnType<NewVisitor>, page: Visit) =>
    visitor.browser.submit(page, { password: PASSWORD, name: 'Nora New' });
  const nora = await cast.invite('nora@plain.example', { connectionId: cast.databaseId });
  await scene('a sign-up', signUp, async () => {
    const visitor = newVisitor();
    const page = await visitor.accept(nora, {
      login_hint: 'nora@plain.example',
      prompt: 'login',
      response_mode: 'query',
      correlation_id: 'corr-2',
    });
    await signUpWith(visitor, page);
  });
  await scene('an account that an administrator opens', ['post-user-registration'], () =>
    instance.api('POST', '/users', { ...wholeUser, email: 'opened@plain.example', username: 'opened' }),
  );
  await scene('a new password by an administrator', ['post-change-password'], async () => {
    const [user] = await instance.api<{ user_id: string }[]>('GET', '/users-by-email?email=opened@plain.example');
    const path = `/users/${encodeURIComponent(user?.user_id ?? '')}`;
    await instance.api('PATCH', path, { password: 'Another-horse-8-battery' });
  });
  await scene('a new password by the link of a mail', ['login-post-identifier', 'post-change-password'], async () => {
    const visitor = newVisitor();
    const email = 'full@acme.example';
    const page = await visitor.type(await visitor.open(), email, 'password');
    const forgot = await visitor.browser.visit(page.url.href.replace('/u/login/password', '/u/forgot-password'));
    await visitor.browser.submit(forgot, { username: email });
    const found = (await instance.mail()).find(({ mail }) => mail.to === email && mail.template === 'password_reset');
    const reset = await visitor.browser.visit(String(found?.mail.model.url));
    await visitor.browser.submit(reset, { password: 'Another-horse-9-battery' });
  });
  await scene('a login with the new password', ['login-post-identifier', 'post-login'], () =>
    newVisitor().withPassword('full@acme.example', 'Another-horse-9-battery'),
  );
  await scene('only an address', ['login-post-identifier'], async () => {
    const visitor = newVisitor();
    const parameters = {
      login_hint: 'x@plain.example',
      prompt: 'login',
      response_mode: 'query',
      correlation_id: 'corr-3',
    };
    await visitor.type(await visitor.open({ ...parameters, audience: 'urn:things' }), 'x@plain.example');
  });
}
