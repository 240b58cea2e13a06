/** Whole logins through the company's sign-in, and machine tokens, without any Action. */
import { closedLoop, Jar, login, makeHttp } from './load-driver.mjs';
import { measure, type Target } from './measure.js';
import { CALLBACK, MACHINE } from './setup.js';

/** Creates a login of a newcomer, of one of `users`, or of a person who is refused. */
export function ssoScenario(
  { origin, tenant }: Pick<Target, 'origin' | 'tenant'>,
  name: string,
  organization: string,
  options: { users?: number; expectRefusal?: boolean; prefix: string; connection?: string; scope?: string },
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

const KINDS = [
  ['sso-new', 'openOrganization', { prefix: 'new' }],
  ['sso-returning', 'openOrganization', { prefix: 'back', users: 100 }],
  ['saml-new', 'openOrganization', { prefix: 'saml' }],
  ['saml-returning', 'openOrganization', { prefix: 'samlback', users: 100 }],
  ['sso-refused', 'closedOrganization', { prefix: 'stranger', expectRefusal: true }],
] as const;

/** The driver counts an error at the callback as a failed login. For strangers this error is the expected answer. */
const isRefusal = (error: unknown) =>
  /^callback error access_denied: user .* is not part of the/.test((error as Error | undefined)?.message ?? '');

function machineTokens({ origin }: Pick<Target, 'origin'>): LoginLoad {
  const http = makeHttp(new Jar(), undefined, true);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: MACHINE.id,
    client_secret: MACHINE.secret,
    audience: `${origin}/api/v2/`,
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

/** Measures every load, with one person at a time and with sixteen at once. */
export async function measureLogins(target: Target, quick: boolean): Promise<void> {
  let first = 1;
  for (const { name, weight, run } of loginLoads(target)) {
    await closedLoop(run, { n: quick ? 100 : 300, c: 8, first });
    first += 1_000;
    for (const concurrency of [1, 16]) {
      const all = weight * (quick ? 400 : 2_000);
      const count = concurrency === 1 && weight === 1 ? Math.ceil(all / 4) : all;
      await measure(target, { name, concurrency, count, first, run });
      first += count;
    }
  }
}
