/**
 * Calls the My Organization API with the person's token. The organization is the one of the token, so no call names it.
 * Turns an error of the API into a {@link Problem}. Stores nothing.
 */
/** `domain`: the origin of the server, such as `https://login.example.com`. */
export type Settings = Readonly<{ domain: string; clientId: string }>;

/** Scopes that the page asks for. The server gives those that the person's roles permit. */
export const SCOPES = [
  'read:details update:details read:configuration',
  'read:domains create:domains update:domains delete:domains',
  'read:identity_providers create:identity_providers update:identity_providers delete:identity_providers',
  'update:identity_providers_detach create:identity_providers_domains delete:identity_providers_domains',
  'read:identity_providers_provisioning create:identity_providers_provisioning',
  'delete:identity_providers_provisioning read:identity_providers_scim_tokens',
  'create:identity_providers_scim_tokens delete:identity_providers_scim_tokens',
  'read:members delete:memberships read:member_roles create:member_roles delete:member_roles',
  'read:member_invitations create:member_invitations delete:member_invitations',
].flatMap((line) => line.split(' ').map((scope) => scope.replace(':', ':my_org:')));

type Colors = Readonly<{ primary: string; page_background: string }>;
export type Details = Readonly<{ display_name: string; branding?: { logo_url?: string | null; colors?: Colors } }>;
export type Domain = Readonly<{
  id: string;
  domain: string;
  status: 'pending' | 'verified' | 'failed';
  verification_host: string;
  /** Vestibule's addition: what was found instead of the record, and what to do. */
  check?: { message: string };
  verification_txt: string;
}>;
export type Provider = Readonly<{
  id: string;
  name: string | null;
  display_name?: string;
  strategy?: string;
  domains?: readonly string[];
  is_enabled?: boolean;
  /** Without it nobody is led there by an address: it is only tried. */
  show_as_button?: boolean;
  access_level?: 'none' | 'readonly' | 'limited' | 'full';
  /** Vestibule's addition: what was wrong at the last sign-in, and what to change. */
  check?: { message: string; checked_at: string };
  /** The values of its form, without the secret. */
  options?: Readonly<Record<string, unknown>>;
}>;
export type Role = Readonly<{ id: string; name: string }>;
export type Member = Readonly<{ user_id: string; email?: string; name?: string; roles?: readonly Role[] }>;
export type Invitation = Readonly<{
  id: string;
  invitee: { email: string };
  /** Ids of roles. */
  roles?: readonly string[];
  expires_at: string;
  invitation_url: string;
}>;
/** `token`: only in the answer to the creation. */
export type ScimToken = Readonly<{ token_id: string; created_at: string; token?: string }>;

/** A value that the API does not accept. `pointer`: the field, such as `/options/client_secret`. */
export type Fault = Readonly<{ pointer?: string; detail: string }>;

/** An error of the API: what happened, and each wrong field. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly lines: readonly string[],
    readonly faults: readonly Fault[] = [],
  ) {
    super([title, ...lines, ...faults.map(({ detail }) => detail)].join(' '));
  }
}

interface ErrorBody {
  title?: string;
  detail?: string;
  validation_errors?: Fault[];
}

async function toProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const { title = `The server answered ${response.status}`, detail, validation_errors: faults = [] } = body;
  // With sentences of its own, a title such as "Bad Request" says nothing more.
  const told = detail !== undefined || faults.length > 0 ? 'This did not work' : title;
  return new Problem(response.status, told, detail === undefined ? [] : [detail], faults);
}

export type Call = <T = void>(method: string, path: string, body?: unknown) => Promise<T>;

/** Returns the function that calls the API, which throws {@link Problem}. */
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
