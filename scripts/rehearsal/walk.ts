/**
 * Plays a person at the server that the guide installed, in a process of the machine's network. They become its owner,
 * set up a second factor, sign in, create an Action, ask for a new password, and try the sizes that a proxy has to let through. Reads its task
 * as JSON and prints the result as JSON.
 */
import { createHash, randomBytes } from 'node:crypto';
import { TOTP } from 'otpauth';
import { PASSWORD } from '../../test/support/cast.js';
import { HttpBrowser, type Visit } from '../../test/support/http-browser.js';
import { OWNER } from './owner.js';

/** An address that a header claims, and that the server must not believe. */
const CLAIMED = '203.0.113.9';
const CLAIM = 'https://rehearsal.example/action';
const ACTION = `exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('${CLAIM}', event.organization === undefined ? 'nowhere' : 'ran');
};`;

export interface Deed {
  readonly deed: 'own' | 'sign-in' | 'add-action' | 'forget' | 'sizes';
  readonly origin: string;
  /** Address of the server, if it is not its origin. */
  readonly address?: string;
  readonly link?: string;
}

/** The result of a sign-in. */
export interface SignedIn {
  readonly userId: string;
  /** The address in the log line of this login. */
  readonly ip: string;
  /** The text that the Action wrote, or null. */
  readonly action: string | null;
}

const wordsOf = ({ text }: Visit) =>
  text.replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');

function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

/** Sets up an authenticator app on the page that asks for one, and writes down the recovery code. */
async function setUpFactor(browser: HttpBrowser, page: Visit): Promise<Visit> {
  expect(page.url.pathname === '/u/second-factor', `no factor asked: ${page.url.href} ${wordsOf(page).slice(0, 300)}`);
  const app = await browser.visit(`${page.url.href}&method=otp`);
  const secret = /data-copy="([A-Z2-7]{32})"/.exec(app.text)?.[1] ?? '';
  return browser.submit(await browser.submit(app, { code: new TOTP({ secret }).generate() }), {});
}

/**
 * Becomes the owner, with a second factor, as a new server asks. Then switches that off for the operators, so that the
 * later sign-ins of the rehearsal need no code.
 */
async function own(browser: HttpBrowser, deed: Deed): Promise<{ path: string }> {
  const invitation = await browser.submit(await browser.visit(deed.link ?? ''), { username: OWNER });
  const asked = await browser.submit(await browser.submit(invitation, { action: 'default' }), { password: PASSWORD });
  const end = await setUpFactor(browser, asked);
  expect(end.url.searchParams.has('code'), `no owner: ${end.status} ${end.url.href} ${wordsOf(end).slice(0, 300)}`);
  const begun = await begin(browser, deed);
  const { accessToken } = await exchange(deed, begun, begun.page);
  const { organizationId } = await readFacts(deed.address ?? deed.origin);
  await call(deed, accessToken, 'PATCH', `/organizations/${organizationId}`, { mfa: 'none' });
  return { path: end.url.pathname };
}

/**
 * Returns the JSON that the console's page contains for its program: the client and the organization of the operators.
 */
async function readFacts(base: string): Promise<Record<'organizationId' | 'clientId' | 'audience', string>> {
  const page = await (await fetch(`${base}/console`)).text();
  const found = /\{"organizationId":[^<]*\}/.exec(page)?.[0];
  if (found === undefined) throw new Error(`the console's page has no facts: ${page.slice(0, 300)}`);
  return JSON.parse(found) as Record<'organizationId' | 'clientId' | 'audience', string>;
}

const claimsOf = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

async function begin(browser: HttpBrowser, { origin, address = origin }: Deed) {
  const facts = await readFacts(address);
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: facts.clientId,
    response_type: 'code',
    redirect_uri: `${origin}/console`,
    scope: 'openid profile email use:roles',
    audience: facts.audience,
    organization: facts.organizationId,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const page = await browser.visit(`${origin}/authorize?${query}`);
  return { page, clientId: facts.clientId, verifier };
}

async function redeem(browser: HttpBrowser, deed: Deed): Promise<{ idToken: unknown; accessToken: string }> {
  const begun = await begin(browser, deed);
  const password = await browser.submit(begun.page, { username: OWNER, action: 'password' });
  return exchange(deed, begun, await browser.submit(password, { password: PASSWORD }));
}

/** Exchanges the code that the browser ended with. */
async function exchange(
  deed: Deed,
  { clientId, verifier }: Pick<Awaited<ReturnType<typeof begin>>, 'clientId' | 'verifier'>,
  end: Visit,
): Promise<{ idToken: unknown; accessToken: string }> {
  const code = end.url.searchParams.get('code');
  expect(code !== null, `no code: ${end.status} ${end.url.href} ${wordsOf(end).slice(0, 300)}`);
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: code ?? '',
    client_id: clientId,
    redirect_uri: `${deed.origin}/console`,
    code_verifier: verifier,
  });
  const answer = await fetch(`${deed.address ?? deed.origin}/oauth/token`, { method: 'POST', body });
  const tokens = (await answer.json()) as Record<string, unknown>;
  expect(answer.status === 200, `token: ${answer.status} ${JSON.stringify(tokens)}`);
  return { idToken: tokens.id_token, accessToken: String(tokens.access_token) };
}

/** Calls the Management API as the owner. */
async function call(deed: Deed, token: string, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${deed.address ?? deed.origin}/api/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function signIn(browser: HttpBrowser, deed: Deed): Promise<SignedIn> {
  const { idToken, accessToken } = await redeem(browser, deed);
  const claims = claimsOf(idToken);
  const lines = (await call(deed, accessToken, 'GET', '/logs?per_page=20')) as { type: string; ip: string }[];
  const action = claims[CLAIM];
  return {
    userId: String(claims.sub),
    ip: lines.find(({ type }) => type === 's')?.ip ?? '',
    action: typeof action === 'string' ? action : null,
  };
}

async function addAction(browser: HttpBrowser, deed: Deed): Promise<object> {
  const { accessToken } = await redeem(browser, deed);
  const trigger = { id: 'post-login', version: 'v3' };
  const action = { name: 'rehearsal', code: ACTION, supported_triggers: [trigger] };
  const { id } = (await call(deed, accessToken, 'POST', '/actions/actions', action)) as { id: string };
  await call(deed, accessToken, 'POST', `/actions/actions/${id}/deploy`);
  const bindings = [{ ref: { type: 'action_id', value: id }, display_name: 'rehearsal' }];
  await call(deed, accessToken, 'PATCH', '/actions/triggers/post-login/bindings', { bindings });
  return { id };
}

async function forget(browser: HttpBrowser, deed: Deed): Promise<object> {
  const { page } = await begin(browser, deed);
  const password = await browser.submit(page, { username: OWNER, action: 'password' });
  const asked = await browser.visit(password.url.href.replace('/u/login/password', '/u/forgot-password'));
  const end = await browser.submit(asked, { username: OWNER });
  return { status: end.status, words: wordsOf(end).slice(0, 200) };
}

/**
 * Returns the statuses of requests of the largest size that the server accepts. A proxy with a smaller limit answers
 * them itself.
 */
async function trySizes({ origin }: Deed): Promise<object> {
  const cookie = Array.from({ length: 6 }, (_none, at) => `large${at}=${'c'.repeat(3_300)}`).join('; ');
  const headers = { accept: 'application/json' };
  const large = await fetch(`${origin}/?state=${'s'.repeat(25_000)}`, { headers: { ...headers, cookie } });
  const body = JSON.stringify({ displayName: 'x'.repeat(1_400_000) });
  const url = `${origin}/scim/v2/connections/con_0000000000000000/Groups`;
  const group = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/scim+json' }, body });
  const seen = async (answer: Response) => ({
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    words: (await answer.text()).slice(0, 200),
    protects: answer.headers.get('strict-transport-security') ?? '',
  });
  return { headers: await seen(large), body: await seen(group) };
}

const deed = JSON.parse(process.argv[2] ?? '') as Deed;
const node = { origin: deed.origin, ...(deed.address !== undefined && { address: deed.address }) };
const browser = new HttpBrowser(`${deed.origin}/console?`, node);
if (deed.address === undefined) browser.forwardedFor = CLAIMED;
const DEEDS: Readonly<Record<Deed['deed'], () => Promise<object>>> = {
  own: () => own(browser, deed),
  'sign-in': () => signIn(browser, deed),
  'add-action': () => addAction(browser, deed),
  forget: () => forget(browser, deed),
  sizes: () => trySizes(deed),
};
process.stdout.write(`${JSON.stringify(await DEEDS[deed.deed]())}\n`);
