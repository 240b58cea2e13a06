/** The API's answers about applications and APIs that these pages show. Types only. */
import type { Row } from '../../api/answers.js';

export type Client = Row<'/clients'>;
export type AppType = NonNullable<Client['app_type']>;
/** The kinds of applications that the console offers. The API has more, from Auth0. */
export type OfferedType = 'regular_web' | 'spa' | 'native' | 'non_interactive';
export type Usage = NonNullable<Client['organization_usage']>;
export type RequireBehavior = NonNullable<Client['organization_require_behavior']>;
export type Credential = Row<'/clients/{client_id}/credentials'>;
export type Connection = Row<'/connections'>;
export type Grant = Row<'/client-grants'>;
export type Api = Row<'/resource-servers'>;
