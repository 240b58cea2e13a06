/**
 * Whole logins through the company's sign-in, and machine tokens, without any Action. Measured on a tenant of ordinary
 * size, first on a server that has just started, then on a warm one.
 */
import { fillLargeTenant } from '../test/support/large-tenant.js';
import { closedLoop, Jar, login, makeHttp } from './load-driver.mjs';
import { measureInTurns, measureOnce, note, type Target } from './measure.js';
import { API, CALLBACK } from './setup.js';

/** Creates a login of a newcomer, of one of `users`, or of a person who is refused. */
export function ssoScenario(
  { origin, tenant }: Pick<Target, 'origin' | 'tenant'>,
  name: string,
  organization: string,
  options: {
    users?: number;
    expectRefusal?: boolean;
    prefix: string;
    connection?: string;
    audience?: string;
    scope?: string;
  },
) {
  return {
    name,
    ...(options.users !== undefined && { users: options.users }),
    callback: CALLBACK,
    start: (ctx: { i: number; challenge: string }) => ({
      url: `${origin}/authorize?${new URLSearchParams({
        client_id: tenant.clientId,
        response_type: 'code',
        redirect_uri: CALLBACK,
        scope: options.scope ?? 'openid profile email',
        state: `s${ctx.i}`,
        nonce: `n${ctx.i}`,
        code_challenge: ctx.challenge,
        code_challenge_method: 'S256',
        organization,
        connection: options.connection ?? tenant.connection,
        ...(options.audience !== undefined && { audience: options.audience }),
      })}`,
    }),
    forms: [
      {
        match: '*',
        fields: (form: { fields: object }, ctx: { u: number }) => {
          if ('login' in form.fields) return { login: `${options.prefix}${ctx.u}` };
          // This is the page by which the browser posts the answer of a SAML provider.
          return 'SAMLResponse' in form.fields ? {} : null;
        },
      },
    ],
    async finish(url: URL, ctx: { backend: ReturnType<typeof makeHttp>; verifier: string }) {
      const code = url.searchParams.get('code');
      if (options.expectRefusal) throw new Error(`not refused: ${url.search.slice(0, 100)}`);
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code: code ?? '',
        redirect_uri: CALLBACK,
        client_id: tenant.clientId,
        client_secret: tenant.clientSecret,
        code_verifier: ctx.verifier,
      });
      const response = await ctx.backend(`${origin}/oauth/token`, { method: 'POST', body });
      if (response.status !== 200)
        throw new Error(`token ${response.status} ${response.text.slice(0, 100)} ${url.search.slice(0, 200)}`);
      return response.json();
    },
  };
}

/** One kind of login, or of request for a token. */
export interface LoginLoad {
  readonly name: string;
  /** Share of this kind in a run that mixes several kinds. */
  readonly weight: 1 | 2;
  /** Runs one login for the person with this number. */
  readonly run: (index: number) => Promise<{ ok: boolean; error?: unknown }>;
}

/** People who come back. The warm-up signs each of them in several times. */
const RETURNING = 1_000;
const KINDS = [
  ['sso-new', 'openOrganization', { prefix: 'new' }],
  ['sso-returning', 'openOrganization', { prefix: 'back', users: RETURNING }],
  ['sso-returning-audience', 'openOrganization', { prefix: 'back', users: RETURNING, audience: API }],
  ['saml-new', 'openOrganization', { prefix: 'saml' }],
  ['saml-returning', 'openOrganization', { prefix: 'samlback', users: 100 }],
  ['sso-refused', 'closedOrganization', { prefix: 'stranger', expectRefusal: true }],
] as const;

/** The driver counts an error at the callback as a failed login. For strangers this error is the expected answer. */
const isRefusal = (error: unknown) =>
  /^callback error access_denied: user .* is not part of the/.test((error as Error | undefined)?.message ?? '');

function machineTokens({ origin, tenant: { machine } }: Pick<Target, 'origin' | 'tenant'>): LoginLoad {
  const http = makeHttp(new Jar(), undefined, true);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: machine.clientId,
    client_secret: machine.clientSecret,
    audience: API,
  });
  return {
    name: 'client-credentials',
    weight: 2,
    async run() {
      const response = await http(`${origin}/oauth/token`, { method: 'POST', body });
      return { ok: response.status === 200, error: response.status };
    },
  };
}

/**
 * Returns the loads: newcomers and returning people, by OpenID Connect and by SAML; strangers; and tokens for machines.
 */
export function loginLoads(target: Pick<Target, 'origin' | 'tenant'>): readonly LoginLoad[] {
  const logins = KINDS.map(([name, organization, options]): LoginLoad => {
    const connection = name.startsWith('saml') && { connection: target.tenant.samlConnection };
    const scenario = ssoScenario(target, name, target.tenant[organization], { ...options, ...connection });
    return {
      name,
      weight: 1,
      async run(index) {
        const done = await login(scenario, index);
        return 'expectRefusal' in options && isRefusal(done.error) ? { ...done, ok: true } : done;
      },
    };
  });
  return [...logins, machineTokens(target)];
}

const SIZE = { people: 5_000, companies: 1_000 };
/** Returning logins before anything warm is measured: after a thousand the server is not yet at its speed. */
const WARM = { full: 3_000, quick: 600 };
/** Logins of a block, for each load of weight 1. */
const BLOCK = { full: { 1: 150, 16: 600 }, quick: { 1: 50, 16: 200 } };

/** Fills the tenant with people and organizations that do not sign in, and lets the database count them. */
async function fillTenant({ pool }: Target): Promise<void> {
  await fillLargeTenant(pool, SIZE);
  await pool.query('analyze');
  note(`${SIZE.people} people and ${SIZE.companies} organizations`);
}

/**
 * Measures every load, with one person at a time and with sixteen at once. `restart` starts the server again, so that
 * the first rows are those of a server that nobody has used.
 */
export async function measureLogins(target: Target, restart: () => Promise<Target>, quick: boolean): Promise<void> {
  const size = quick ? 'quick' : 'full';
  await fillTenant(target);
  const fresh = await restart();
  const loads = loginLoads(fresh);
  const returning = loads.find(({ name }) => name === 'sso-returning')?.run;
  if (returning === undefined) throw new Error('no load of returning people');
  // The first login of a person creates them, so they are signed in before the server starts again.
  await closedLoop(returning, { n: RETURNING, c: 8, first: 0 });
  const cold = await restart();
  for (const [first, count] of [
    [0, 100],
    [100, 900],
  ] as const)
    await measureOnce(cold, {
      name: `after a start, ${first} to ${first + count}`,
      concurrency: 1,
      count,
      first,
      run: returning,
    });
  await closedLoop(returning, { n: WARM[size], c: 16, first: 0 });
  let first = 1;
  for (const { run } of loads) await closedLoop(run, { n: quick ? 100 : 300, c: 16, first });
  const plans = ([1, 16] as const).flatMap((concurrency) =>
    loads.map(({ name, weight, run }) => {
      first += 10_000;
      return { name, concurrency, count: weight * BLOCK[size][concurrency], first, run };
    }),
  );
  await measureInTurns(cold, plans);
}
