/**
 * Attack: somebody who may read, and no more, looks for credentials that others typed in: in the log, and in the
 * settings that a viewer sees. A marker is planted in every text that can be written, under names that no list of
 * secrets has.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWN_REQUESTS } from '../../src/management/additions.js';
import type { ManagementDeps } from '../../src/management/api/deps.js';
import { keyOf } from '../../src/management/api/operation.js';
import { MASK, toShownAddress, toShownBody } from '../../src/management/api/shown-values.js';
import { listAuth0Operations } from '../../src/management/api/validation.js';
import { OPERATOR_POWERS } from '../../src/management/operators/role-scopes.js';
import { createOperations } from '../../src/management/resources.js';
import { type Cast, createCast, type Management, startManagement } from '../management/harness.js';
import { bodyWith, listTextsOf, type Planted, plant } from '../support/planted.js';

const VIEWER = OPERATOR_POWERS.viewer.map((scope) => scope.replace(':', '.')).join('+');
const OPERATIONS = createOperations({} as ManagementDeps);
const WRITES = [...listAuth0Operations().map(keyOf), ...Object.keys(OWN_REQUESTS)].filter(
  (key) => !key.startsWith('get '),
);

/** Names of properties that hold a credential, or anything at all. */
const CREDENTIAL =
  /secret(?!_names|s\[\]\.name)|passw(?!ordless|ord_options)|pass$|token(?!_endpoint|_encryption|_lifetime|_quota)|api_?key|sasKey$|private|masterkey|credentials?\.(?!smtp_host)|header|authorization(?!_details|_policy|_endpoint)|connectionString|accessKey|writeKey|pem$/i;
const FREE_FORM = /(^|\.)(app_secret|clientSecret|api_key|anything)$/;
/**
 * Ids and names of public keys beside the word "credentials", and quotas, policies and scopes beside the word
 * "token".
 */
const PUBLIC =
  /credentials\[\]\.(id|kid|name|expires_at)$|^refresh_token\.policies|^token_vault|^secrets\[\]\.name$|bindings\[\]\.secrets\[\]\.name$/;

describe('a log line', () => {
  const all = WRITES.flatMap((key) => listTextsOf(key).map((path) => [key, path] as const));
  const shows = (key: string, path: string, value: string) =>
    JSON.stringify(toShownBody(key, bodyWith(path, value))).includes('planted');

  test('case=no-credential-of-any-operation', () => {
    expect(all.length).toBeGreaterThan(800);
    const shown = all.filter(([key, path]) => shows(key, path, 'planted'));
    const leaks = shown.filter(([, path]) => FREE_FORM.test(path) || (CREDENTIAL.test(path) && !PUBLIC.test(path)));
    expect(leaks).toEqual([]);
    // The honest case: what is known to be harmless is readable.
    expect(new Set(shown.map(([, path]) => path)).size).toBeGreaterThan(90);
  });

  test('case=no-path-and-no-query-of-an-address', () => {
    const address = 'https://user:planted@hooks.example/planted?key=planted#planted';
    const isAddress = /ur[il]s?(\[\])?$|endpoint$|callbacks\[\]|web_origins|Endpoint$|metadataUrl|picture/i;
    const leaks = all.filter(([key, path]) => isAddress.test(path) && shows(key, path, address));
    expect(leaks).toEqual([]);
    expect(toShownAddress(address)).toBe(`https://hooks.example/${MASK}`);
    expect(toShownAddress('https://app.example')).toBe('https://app.example');
    expect(toShownAddress('planted')).toBe(MASK);
  });

  test('case=a-name-that-nobody-knows-is-kept-and-its-value-masked', () => {
    const body = {
      name: 'acme',
      options: { domain_aliases: ['acme.example'], pkce: 'auto', app_secret: 's', deep: { pin: 4711 } },
    };
    expect(toShownBody('patch /connections/{id}', body)).toEqual({
      name: 'acme',
      options: { domain_aliases: ['acme.example'], pkce: 'auto', app_secret: MASK, deep: { pin: MASK } },
    });
  });

  test('case=a-key-beside-its-certificate', () => {
    const options = { signingCert: '-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----' };
    expect(toShownBody('patch /connections/{id}', { options })).toEqual({ options: { signingCert: MASK } });
  });
});

describe('a viewer', () => {
  let api: Management;
  let cast: Cast;
  let ids: Readonly<Record<string, string>>;
  const planted: Planted[] = [];
  const add = async (key: string, path: string, start?: object, without?: RegExp) => {
    const found = await plant(api, { key, path, ...(start && { start }), ...(without && { without }) });
    planted.push(...found.map(({ path: at, marker }) => ({ path: `${key} ${at}`, marker })));
  };

  beforeAll(async () => {
    api = await startManagement();
    cast = await createCast(api);
    const stream = { name: 'one', type: 'http', sink: { httpEndpoint: 'https://hooks.example/x' } };
    const server = await api.post('/emails/provider', {
      name: 'smtp',
      credentials: { smtp_host: 'mail.example', smtp_port: 587, smtp_user: 'u', smtp_pass: 'p' },
    });
    expect(server.status).toBe(201);
    const made = {
      stream: (await api.post('/log-streams', stream)).body.id,
      api: (await api.post('/resource-servers', { identifier: 'urn:orders' })).body.id,
      profile: (await api.post('/self-service-profiles', { name: 'p' })).body.id,
    };
    ids = { ...made, ...{ client_id: cast.client, organization: cast.organization } };
    await add('patch /clients/{id}', `/clients/${cast.client}`);
    await add(
      'patch /connections/{id}',
      `/connections/${cast.oidcConnection}`,
      { options: { type: 'back_channel', client_id: 'c', issuer: 'https://idp.example' } },
      /^(authentication|realms)/,
    );
    await add('patch /log-streams/{id}', `/log-streams/${made.stream}`, { sink: stream.sink });
    await add('patch /emails/provider', '/emails/provider', {
      credentials: { smtp_host: 'mail.example', smtp_port: 587, smtp_user: 'u', smtp_pass: 'p' },
    });
    await api.patch('/emails/provider', {
      credentials: { smtp_host: 'mail.example', smtp_user: 'mark0planted', smtp_pass: 'mark0planted' },
      settings: { headers: { 'X-Api-Key': 'mark0planted' } },
    });
    planted.push({ path: 'patch /emails/provider settings.headers.X-Api-Key', marker: 'mark0planted' });
    await add('patch /resource-servers/{id}', `/resource-servers/${made.api}`);
    await add('patch /self-service-profiles/{id}', `/self-service-profiles/${made.profile}`);
    await add('patch /tenants/settings', '/tenants/settings');
    await add('patch /organizations/{id}', `/organizations/${cast.organization}`);
    await add('patch /users/{id}', `/users/${encodeURIComponent(cast.dana)}`, undefined, /^client_id$/);
  }, 300_000);
  afterAll(() => api.close());

  /** The id that fits a path with one parameter, or none. */
  const idFor = (path: string): string | undefined =>
    ({
      '/clients/': ids.client_id,
      '/connections/': cast.oidcConnection,
      '/log-streams/': ids.stream,
      '/resource-servers/': ids.api,
      '/self-service-profiles/': ids.profile,
      '/organizations/': cast.organization,
      '/users/': cast.dana,
      '/roles/': cast.role,
    })[path.replace(/\{.*$/, '')];

  /** All that a caller reads: every list, every single thing. */
  async function readAll(token: string): Promise<string> {
    const answers: string[] = [];
    for (const { method, path } of OPERATIONS) {
      const names = path.match(/\{\w+\}/g) ?? [];
      const id = idFor(path);
      if (method !== 'get' || names.length > 1 || (names.length === 1 && id === undefined)) continue;
      const answer = await api.get(path.replace(/\{\w+\}/, encodeURIComponent(id ?? '')), token);
      if (answer.status < 300) answers.push(JSON.stringify(answer.body));
    }
    const { body } = await api.get('/emails/provider?fields=name,enabled,credentials,settings', token);
    for (let page = 0; page < 20; page += 1)
      answers.push(JSON.stringify((await api.get(`/logs?per_page=100&page=${page}`, token)).body));
    expect(answers.length).toBeGreaterThan(60);
    return [...answers, JSON.stringify(body)].join('\n');
  }

  /**
   * Metadata is the tenant's own data about a thing, shown with it as on Auth0; pages of the tenant's are shown to
   * everybody.
   */
  const IS_NONE =
    /(metadata|\.html$|\.domain|\.client_id|\.scope|\.issuer|\.type|\.tenant_?[dI]|\.cloud|\.allowed_tenants|\.non_persistent)/;
  const HOLDS =
    /(clients\S* (addons|jwt_|mobile|oidc_)|connections\S* options|log-streams\S* sink|emails\S* (cred|settings)|settings (sec|uni))/;
  const HARMLESS =
    /smtp_host|httpContentType|mobile\.(android\.app_package|ios\.)|blocked_fields|universal_login\.colors/;
  const mustNotBeSeen = ({ path }: Planted) => {
    if (FREE_FORM.test(path)) return !/metadata/.test(path);
    return (
      (HOLDS.test(path) || (CREDENTIAL.test(path) && !/credentials\[\]\.id$/.test(path))) &&
      !IS_NONE.test(path) &&
      !HARMLESS.test(path)
    );
  };

  test('case=markers-were-planted', () => {
    expect(planted.length).toBeGreaterThan(120);
    expect(planted.filter(mustNotBeSeen).length).toBeGreaterThan(40);
  });

  test('attack=a-credential-under-any-name-in-anything-that-a-viewer-reads', async () => {
    const seen = await readAll(VIEWER);
    const leaks = planted.filter((one) => mustNotBeSeen(one) && seen.includes(one.marker));
    expect(leaks).toEqual([]);
    expect(seen).toContain(MASK);
    // Settings that are none are readable.
    expect(planted.filter(({ marker }) => seen.includes(marker)).length).toBeGreaterThan(40);
  });

  test('attack=the-log-as-an-owner-reads-it', async () => {
    const lines: string[] = [];
    for (let page = 0; page < 20; page += 1)
      lines.push(JSON.stringify((await api.get(`/logs?per_page=100&page=${page}`)).body));
    const leaks = planted.filter((one) => mustNotBeSeen(one) && lines.join('\n').includes(one.marker));
    expect(leaks).toEqual([]);
  });

  test('case=somebody-who-may-write-them-sees-them-whole', async () => {
    const scopes = 'read.connections+read.connections_options+update.connections_options';
    const { options } = (await api.get(`/connections/${cast.oidcConnection}`, scopes)).body;
    expect(JSON.stringify(options)).not.toContain(MASK);
    expect(options.app_secret).toMatch(/planted/);
    const headers = 'emails/provider?fields=settings,credentials';
    const owner = (await api.get(`/${headers}`)).body;
    expect(owner.settings.headers).toEqual({ 'X-Api-Key': 'mark0planted' });
    const viewer = (await api.get(`/${headers}`, VIEWER)).body;
    expect(viewer.settings.headers).toEqual({ 'X-Api-Key': MASK });
    expect(viewer.credentials).toMatchObject({ smtp_host: 'mail.example', smtp_port: 587, smtp_user: MASK });
  });
});
