/**
 * Calls the My Organization API with the person's token. The organization is the one of the token, so no call names it.
 * Turns an error of the API into a {@link Problem}. Stores nothing.
 */
export interface Settings {
  /** Origin of the server, such as `https://login.example.com`. */
  readonly domain: string;
  readonly clientId: string;
}

/** Scopes that the page asks for. The server gives those that the person's roles permit. */
export const SCOPES = [
  ...['read:my_org:details', 'update:my_org:details', 'read:my_org:configuration'],
  ...['read', 'create', 'update', 'delete'].flatMap((verb) => [
    `${verb}:my_org:domains`,
    `${verb}:my_org:identity_providers`,
  ]),
  ...['update:my_org:identity_providers_detach', 'create:my_org:identity_providers_domains'],
  ...['delete:my_org:identity_providers_domains', 'read:my_org:identity_providers_provisioning'],
  ...['create:my_org:identity_providers_provisioning', 'delete:my_org:identity_providers_provisioning'],
  ...['read', 'create', 'delete'].flatMap((verb) => [
    `${verb}:my_org:identity_providers_scim_tokens`,
    `${verb}:my_org:member_roles`,
    `${verb}:my_org:member_invitations`,
  ]),
  ...['read:my_org:members', 'delete:my_org:memberships'],
];

export interface Details {
  readonly name: string;
  readonly display_name: string;
  readonly branding?: {
    readonly logo_url?: string | null;
    readonly colors?: { readonly primary: string; readonly page_background: string };
  };
}
export interface Domain {
  readonly id: string;
  readonly domain: string;
  readonly status: 'pending' | 'verified' | 'failed';
  readonly verification_host: string;
  readonly verification_txt: string;
}
export interface Provider {
  readonly id: string;
  readonly name: string | null;
  readonly display_name?: string;
  readonly strategy?: string;
  readonly domains?: readonly string[];
  readonly is_enabled?: boolean;
  readonly show_as_button?: boolean;
  readonly access_level?: 'none' | 'readonly' | 'limited' | 'full';
}
export interface Role {
  readonly id: string;
  readonly name: string;
}
export interface Member {
  readonly user_id: string;
  readonly email?: string;
  readonly name?: string;
  readonly roles?: readonly Role[];
}
export interface Invitation {
  readonly id: string;
  readonly invitee: { readonly email: string };
  readonly expires_at: string;
  readonly invitation_url: string;
}
export interface ScimToken {
  readonly token_id: string;
  readonly created_at: string;
  /** Only in the answer to the creation. */
  readonly token?: string;
}

/** An error of the API: what happened, and for each wrong field a sentence. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly lines: readonly string[],
  ) {
    super([title, ...lines].join(' '));
  }
}

interface ErrorBody {
  readonly title?: string;
  readonly detail?: string;
  readonly validation_errors?: readonly { readonly detail: string; readonly pointer?: string }[];
}

async function toProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const fields = (body.validation_errors ?? []).map(({ pointer, detail }) => `${pointer ?? ''} ${detail}`.trim());
  const lines = [...(body.detail === undefined ? [] : [body.detail]), ...fields];
  return new Problem(response.status, body.title ?? `The server answered ${response.status}`, lines);
}

export type Call = <T = void>(method: string, path: string, body?: unknown) => Promise<T>;

/** Returns the function that calls the API. Throws {@link Problem}. */
export function createCall({ domain }: Settings, getToken: () => Promise<string>): Call {
  return async (method, path, body) => {
    const response = await fetch(`${domain}/my-org${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await getToken()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await toProblem(response);
    return response.status === 204 ? undefined : await response.json();
  };
}

/** Reads a whole list, page by page. `key` is its name in the answer. */
export async function readAll<T>(call: Call, path: string, key: string): Promise<readonly T[]> {
  const items: T[] = [];
  let from = '';
  do {
    const query = new URLSearchParams({ take: '100', ...(from && { from }) });
    const page = await call<Record<string, unknown>>('GET', `${path}?${query}`);
    items.push(...((page[key] ?? []) as T[]));
    from = String(page.next ?? '');
  } while (from !== '');
  return items;
}
