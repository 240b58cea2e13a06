/** Kinds of applications, and their use of organizations, in words. Pure. */
import type { AppType, Client, OfferedType, RequireBehavior, Usage } from './answers';

export const KINDS: readonly { readonly id: OfferedType; readonly name: string; readonly meaning: string }[] = [
  {
    id: 'regular_web',
    name: 'Web application',
    meaning: 'Runs on a server and can keep a secret: Express, Next.js, Django, Rails.',
  },
  {
    id: 'spa',
    name: 'Single-page application',
    meaning: 'Runs only in the browser and has no secret: React, Vue, Angular.',
  },
  { id: 'native', name: 'App on a device', meaning: 'Is installed on a phone or computer, and has no secret.' },
  {
    id: 'non_interactive',
    name: 'Machine',
    meaning: 'A job or service that calls APIs with its own token. Nobody signs in.',
  },
];

export const sayKind = (type: AppType | undefined): string =>
  KINDS.find(({ id }) => id === type)?.name ?? 'Type not chosen';

export const USAGES: readonly { readonly id: Usage; readonly name: string; readonly meaning: string }[] = [
  {
    id: 'require',
    name: 'Always',
    meaning: 'Everybody signs in to an organization. Recommended for applications used by companies.',
  },
  {
    id: 'allow',
    name: 'On request',
    meaning: 'People sign in to an organization if the request names one, otherwise without.',
  },
  {
    id: 'deny',
    name: 'Never',
    meaning: 'People sign in without an organization. Requests that name one are refused.',
  },
];

/** The choices of when an application gets a message about the end of a session. */
export const NOTICES: readonly { readonly id: 'custom' | 'all'; readonly name: string; readonly meaning: string }[] = [
  {
    id: 'all',
    name: 'Whenever a session ends',
    meaning: 'After a sign-out, a block, a removal from the organization, a new password, an expiry. Recommended.',
  },
  {
    id: 'custom',
    name: 'After a sign-out',
    meaning: 'Here or at the identity provider, and for the further reasons that were chosen with the API.',
  },
];

export const BEHAVIORS: readonly { readonly id: RequireBehavior; readonly name: string; readonly meaning: string }[] = [
  {
    id: 'no_prompt',
    name: 'The application names it',
    meaning: 'Requests without an organization are refused.',
  },
  {
    id: 'pre_login_prompt',
    name: 'Ask before sign-in',
    meaning: 'If the request names no organization, the person enters its short name.',
  },
  {
    id: 'post_login_prompt',
    name: 'Ask after sign-in',
    meaning: 'The person signs in, then chooses one of their organizations.',
  },
];

/** The choices of where a refused person first reads the refusal. */
export const REFUSALS: readonly {
  readonly id: 'redirect' | 'page';
  readonly name: string;
  readonly meaning: string;
}[] = [
  {
    id: 'page',
    name: 'Read why here, then go back',
    meaning:
      'They see the reason, what to do and the reference number. A button takes them to the application, which gets the same error. Recommended: most frameworks show no reason.',
  },
  {
    id: 'redirect',
    name: 'Go back to the application at once',
    meaning: 'As on Auth0. Choose this if the application shows the reason and the reference number itself.',
  },
];

/** The grant type by which an application gets tokens for itself. */
export const OWN_TOKENS = 'client_credentials';

/** True for applications that cannot keep a secret. */
export const isPublic = (client: Pick<Client, 'app_type'>) => client.app_type === 'spa' || client.app_type === 'native';

/**
 * False for applications that nobody signs in to; settings for people are then hidden. Without a kind, the grant types
 * decide.
 */
export function signsPeopleIn({ app_type: kind, grant_types: ways = [] }: Pick<Client, 'app_type' | 'grant_types'>) {
  return (kind !== undefined && kind !== 'non_interactive') || ways.some((way) => way !== OWN_TOKENS);
}

export const GRANT_TYPES: readonly { readonly id: string; readonly name: string }[] = [
  { id: 'authorization_code', name: 'People sign in (authorization_code)' },
  { id: 'refresh_token', name: 'Keep people signed in with refresh tokens (refresh_token)' },
  { id: 'http://auth0.com/oauth/grant-type/mfa-otp', name: 'Ask for codes of authenticator apps itself (mfa-otp)' },
  {
    id: 'http://auth0.com/oauth/grant-type/mfa-recovery-code',
    name: 'Ask for recovery codes itself (mfa-recovery-code)',
  },
  { id: OWN_TOKENS, name: 'Get tokens for the application itself (client_credentials)' },
];

/** Formats a number of seconds for people: "10 hours", "30 days". */
export function saySeconds(seconds: number): string {
  if (Number.isNaN(seconds)) return '… seconds';
  const [name, size] = (
    [
      ['day', 86_400],
      ['hour', 3_600],
      ['minute', 60],
    ] as const
  ).find(([, length]) => seconds >= length && seconds % length === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** Converts one of these tables' rows to a choice of a form. */
export const toChoice = ({
  id,
  name,
  meaning,
}: {
  readonly id: string;
  readonly name: string;
  readonly meaning?: string;
}) => ({
  value: id,
  label: name,
  ...(meaning !== undefined && { description: meaning }),
});
