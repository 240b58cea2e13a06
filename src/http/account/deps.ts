/** The dependencies of the page where people see and change their account. compose/server.ts builds them once. */
import type { OwnDeps } from '../../management/my-account/changes.js';
import type { LoginRoutesDeps } from '../login/deps.js';

export interface AccountDeps extends LoginRoutesDeps {
  /** Parts of the changes that the My Account API makes in the same way. */
  readonly own: OwnDeps;
}
