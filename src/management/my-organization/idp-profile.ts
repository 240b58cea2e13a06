/**
 * The rules by which members of an organization make and change identity providers: those of the application's connection
 * profile, or of this server when it names none. Reads nothing.
 */
import { findScimSubject } from '../../facts/strategies.js';
import { badBody } from '../api/errors.js';

/** `optional`: members choose. `none` and `required`: always false, always true. */
export type Choice = 'none' | 'optional' | 'required';

export interface IdpProfile {
  readonly showAsButton: Choice;
  readonly assignMembershipOnLogin: Choice;
  /** Beginning of the names of new connections. */
  prefixFor(organizationId: string): string;
  /** Features of identity providers of a strategy, as `/config/identity-providers` names them. */
  featuresOf(strategy: string): readonly string[];
}

/**
 * This server's own rules. Names begin with the organization's id, so no organization sees by a name that is taken what
 * another one has.
 */
export const USUAL_PROFILE: IdpProfile = {
  showAsButton: 'optional',
  assignMembershipOnLogin: 'optional',
  prefixFor: (organizationId) => `${organizationId.replace('_', '-')}-`,
  featuresOf: (strategy) => (findScimSubject(strategy) === undefined ? [] : ['provisioning']),
};

/**
 * Returns the value of a setting: that of the request where members choose, otherwise the profile's. `usual`: the value
 * when the request has none. Throws 400 for a value that members may not set.
 */
export function settle(name: string, choice: Choice, given: boolean | undefined, usual: boolean): boolean {
  if (choice === 'optional') return given ?? usual;
  const fixed = choice === 'required';
  if (given !== undefined && given !== fixed) throw badBody(`${name}: it is always ${fixed} here.`);
  return fixed;
}
