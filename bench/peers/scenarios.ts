/** The logins of the peers for the load driver: the application's authorization request, the company's form, the code's redemption. */
import type { makeHttp } from '../load-driver.mjs';

/** Address of the application, which the driver never opens. Both peers demand https. */
export const CALLBACK = 'https://app.example/callback';

export interface Application {
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Returning people: how many there are, and what their names begin with. */
interface People {
  readonly users: number;
  readonly prefix: string;
}

/** State of one login in the driver. */
interface Context {
  readonly i: number;
  readonly u: number;
  readonly challenge: string;
  readonly verifier: string;
  readonly backend: ReturnType<typeof makeHttp>;
}

interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  json(): unknown;
}

interface Addresses {
  readonly authorize: string;
  readonly token: string;
}

/** The parts that both peers share. */
function oauth({ clientId, clientSecret }: Application, { authorize, token }: Addresses, people: People) {
  const authorization = ({ i, challenge }: Context) =>
    `${authorize}?${new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid email',
      state: `s${i}`,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })}`;
  const scenario = {
    users: people.users,
    callback: CALLBACK,
    start: (context: Context) => ({ url: authorization(context) }),
    forms: [
      {
        match: '*',
        fields: (form: { fields: object }, { u }: Context) =>
          'login' in form.fields ? { login: `${people.prefix}${u}` } : null,
      },
    ],
    async finish(url: URL, { backend, verifier }: Context) {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code: url.searchParams.get('code') ?? '',
        redirect_uri: CALLBACK,
        client_id: clientId,
        client_secret: clientSecret,
        code_verifier: verifier,
      });
      const answer = await backend(token, { method: 'POST', body });
      if (answer.status !== 200) throw new Error(`token ${answer.status} ${answer.text.slice(0, 150)}`);
      return answer.json();
    },
  };
  return { authorization, scenario };
}

/** Returns the login at oidc-provider, which sends everybody to the company. */
export function oidcProviderScenario(application: Application, people: People) {
  const { origin } = application;
  return oauth(application, { authorize: `${origin}/auth`, token: `${origin}/token` }, people).scenario;
}

/** Returns the login at better-auth, whose login page begins the company's sign-in by a script. */
export function betterAuthScenario(application: Application, people: People) {
  const base = `${application.origin}/api/auth`;
  const addresses = { authorize: `${base}/oauth2/authorize`, token: `${base}/oauth2/token` };
  const { authorization, scenario } = oauth(application, addresses, people);
  return {
    ...scenario,
    next({ url, headers, status, text, json }: Answer, context: Context) {
      if (url.pathname === '/login') {
        if (url.searchParams.has('error')) throw new Error(`login error ${url.search}`);
        if (url.searchParams.has('done')) return { url: authorization(context) };
        const body = { providerId: 'corp', callbackURL: '/login?done=1' };
        return { url: `${base}/sign-in/sso`, method: 'POST', headers: { origin: application.origin }, body };
      }
      if (!headers['content-type']?.includes('json')) return undefined;
      const { url: to } = json() as { url?: string };
      if (to === undefined) throw new Error(`${status} ${text.slice(0, 150)}`);
      return { url: new URL(to, url).href };
    },
  };
}
