/** Whole logins through the company's sign-in, and machine tokens, without any Action. */
import { closedLoop, Jar, login, makeHttp } from './load-driver.mjs';
import { measure, type Target } from './measure.js';
import { CALLBACK, MACHINE } from './setup.js';

/** A login of somebody new, of one of `users`, or of somebody who is refused. */
export function ssoScenario(
  { origin, tenant }: Target,
  name: string,
  organization: string,
  options: { users?: number; expectRefusal?: boolean; prefix: string; connection?: string },
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
        scope: 'openid profile email',
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
          // The page with which a SAML provider has the browser post its answer.
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

/** Newcomers and people who come back, by OpenID Connect and by SAML, and strangers; then tokens for machines. */
export async function measureLogins(target: Target, quick: boolean): Promise<void> {
  const { origin, tenant } = target;
  const count = quick ? 400 : 2_000;
  let first = 1;
  for (const [name, organization, options] of [
    ['sso-new', tenant.openOrganization, { prefix: 'new' }],
    ['sso-returning', tenant.openOrganization, { prefix: 'back', users: 100 }],
    ['saml-new', tenant.openOrganization, { prefix: 'saml', connection: tenant.samlConnection }],
    ['saml-returning', tenant.openOrganization, { prefix: 'samlback', users: 100, connection: tenant.samlConnection }],
    ['sso-refused', tenant.closedOrganization, { prefix: 'stranger', expectRefusal: true }],
  ] as const) {
    const scenario = ssoScenario(target, name, organization, options);
    // The driver takes an error at the callback for a failed login: for strangers it is the answer that is measured.
    const run = async (index: number) => {
      const done = await login(scenario, index);
      const refused =
        'expectRefusal' in options &&
        /^callback error access_denied: user .* is not part of the/.test(
          (done.error as Error | undefined)?.message ?? '',
        );
      return refused ? { ...done, ok: true } : done;
    };
    await closedLoop(run, { n: quick ? 100 : 300, c: 8, first });
    first += 1_000;
    for (const concurrency of [1, 16]) {
      const n = concurrency === 1 ? Math.ceil(count / 4) : count;
      await measure(target, { name, concurrency, count: n, first, run });
      first += n;
    }
  }
  const http = makeHttp(new Jar(), undefined, true);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: MACHINE.id,
    client_secret: MACHINE.secret,
    audience: `${origin}/api/v2/`,
  });
  const run = async () => {
    const response = await http(`${origin}/oauth/token`, { method: 'POST', body });
    return { ok: response.status === 200, error: response.status };
  };
  await closedLoop(run, { n: 500, c: 8 });
  for (const concurrency of [1, 16])
    await measure(target, { name: 'client-credentials', concurrency, count: count * 2, first: 0, run });
}
