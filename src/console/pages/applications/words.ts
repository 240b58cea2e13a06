/** Kinds of applications, and their use of organizations, in words. Pure. */
import type { AppType, Client, OfferedType, RequireBehavior, Usage } from './answers';

export const KINDS: readonly { readonly id: OfferedType; readonly name: string; readonly meaning: string }[] = [
  {
    id: 'regular_web',
    name: 'Web application',
    meaning: 'Runs on a server and can keep a secret: express, Next.js, Django, Rails.',
  },
  {
    id: 'spa',
    name: 'Single-page application',
    meaning: 'Runs in the browser alone and has no secret: React, Vue, Angular.',
  },
  { id: 'native', name: 'App on a device', meaning: 'Is installed on a telephone or computer, and has no secret.' },
  {
    id: 'non_interactive',
    name: 'Machine',
    meaning: 'Nobody signs in: a job or a service that calls APIs with a token of its own.',
  },
];

export const sayKind = (type: AppType | undefined): string =>
  KINDS.find(({ id }) => id === type)?.name ?? 'Kind not chosen';

export const USAGES: readonly { readonly id: Usage; readonly name: string; readonly meaning: string }[] = [
  {
    id: 'require',
    name: 'Always',
    meaning: 'Everybody signs in to an organization. Right for an application that companies use.',
  },
  {
    id: 'allow',
    name: 'Where asked for',
    meaning: 'With an organization where the request names one, otherwise without.',
  },
  {
    id: 'deny',
    name: 'Never',
    meaning: 'People sign in for themselves; a request that names an organization is refused.',
  },
];

export const BEHAVIORS: readonly { readonly id: RequireBehavior; readonly name: string; readonly meaning: string }[] = [
  {
    id: 'no_prompt',
    name: 'The application names it',
    meaning: 'In each request; one without an organization is refused.',
  },
  {
    id: 'pre_login_prompt',
    name: 'Ask first',
    meaning: 'The person types the short name of the organization, unless the request names it.',
  },
  {
    id: 'post_login_prompt',
    name: 'Ask afterwards',
    meaning: 'The person signs in, and chooses among the organizations they belong to.',
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
  { id: 'refresh_token', name: 'Stay signed in by refresh tokens (refresh_token)' },
  { id: OWN_TOKENS, name: 'The application has tokens of its own (client_credentials)' },
];
