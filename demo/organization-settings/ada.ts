/**
 * Ada with a browser without a screen: she signs in to *Organization settings* as auth0-react does (code with PKCE), and
 * sends the requests that the page sends. Keeps the API's answers to show them. Decides nothing.
 */
import { createHash, randomBytes } from 'node:crypto';
import { SCOPES } from '../../examples/organization-settings/src/api.js';
import { type Shown, Walker } from '../actions/walker.js';
import type { Addresses } from '../addresses.js';
import type { Tenant } from '../operator.js';
import { PASSWORD, type Person } from '../people.js';
import { SETTINGS_PATH } from './serve.js';
import type { SeenAnswer } from './state.js';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly addresses: Addresses;
  readonly tenant: Tenant;
}

const newText = (): string => randomBytes(32).toString('base64url');

interface Claims {
  readonly sub?: string;
  readonly scope?: string;
}

function readClaims(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;
}

/** Says an error as the page does: its title, and what is behind it. */
function sayAnswer({ status, body }: Answer): string {
  const found = (body.check as { readonly message?: string } | undefined)?.message;
  if (status < 300)
    return [typeof body.status === 'string' ? `Done: ${body.status}.` : 'Done.', found].filter(Boolean).join(' ');
  const {
    title,
    detail,
    validation_errors: fields,
  } = body as {
    readonly title?: string;
    readonly detail?: string;
    readonly validation_errors?: readonly { readonly detail: string; readonly pointer?: string }[];
  };
  return [`${title}:`, detail, ...(fields ?? []).map((one) => `${one.pointer} ${one.detail}`)]
    .filter(Boolean)
    .join(' ');
}

/** A person at the page. */
export class Visitor {
  private readonly walker = new Walker();
  private token = '';

  constructor(
    private readonly place: Place,
    private readonly person: Person,
    private readonly answers: SeenAnswer[],
  ) {}

  /** Permissions of the token. */
  get scopes(): readonly string[] {
    const { scope = '' } = this.token === '' ? {} : readClaims(this.token);
    return scope.split(' ').filter((one) => one.includes(':my_org:'));
  }

  /** Follows the sign-in, which may lead to the company or ask for the password here. */
  private async follow(start: Shown): Promise<Shown> {
    const { acmeIdp, application } = this.place.addresses;
    let page = start;
    for (let seen = 0; seen < 5 && page.url.origin !== application; seen += 1) {
      if (page.url.origin === acmeIdp) page = await this.walker.signInAtIdp(page, this.person.key);
      else if (page.text.includes('name="password"'))
        page = await this.walker.press(page, 'action', 'default', { password: PASSWORD });
      else page = await this.walker.press(page, 'action', 'default', { username: this.person.email });
    }
    return page;
  }

  /** Signs in to the page. `more` are parameters of the sign-in. Returns the user id; undefined if refused. */
  async signIn(more: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
    const { addresses, tenant } = this.place;
    const verifier = newText();
    const client = { client_id: tenant.settingsClientId, redirect_uri: `${addresses.application}${SETTINGS_PATH}` };
    const query = new URLSearchParams({
      ...client,
      ...{ response_type: 'code', state: newText(), organization: tenant.acmeId },
      ...{ scope: `openid profile email ${SCOPES.join(' ')}`, audience: `${addresses.vestibule}/my-org/` },
      ...{ code_challenge_method: 'S256', code_challenge: createHash('sha256').update(verifier).digest('base64url') },
      ...more,
    });
    const end = await this.follow(await this.walker.visit(`${addresses.vestibule}/authorize?${query}`));
    const code = end.url.searchParams.get('code');
    if (code === null) return undefined;
    const response = await fetch(`${addresses.vestibule}/oauth/token`, {
      method: 'POST',
      headers: { origin: addresses.application },
      body: new URLSearchParams({ ...client, grant_type: 'authorization_code', code, code_verifier: verifier }),
    });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`no token for ${this.person.name}: ${response.status}`);
    this.token = token;
    return readClaims(token).sub;
  }

  /** Sends a request of the page. `did` follows the name on the stage. */
  async call(did: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const { vestibule, application } = this.place.addresses;
    const response = await fetch(`${vestibule}/my-org${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        origin: application,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: Answer = { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    const says = sayAnswer(answer);
    this.answers.push({ name: this.person.name, did, request: `${method} ${path}`, says });
    return answer;
  }
}
