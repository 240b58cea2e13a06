/** The dependencies of `/dbconnections` and of the page that opens an account. */
import type { LoginRoutesDeps } from '../login/deps.js';

export type DatabaseApiDeps = Pick<
  LoginRoutesDeps,
  'origin' | 'pipeline' | 'recovery' | 'ticketBox' | 'attempts' | 'outbox'
>;
