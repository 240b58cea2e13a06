/** The settings of a role. */
import { type BodyOf, flag, optionalText, type RecordOf, text } from '../api/fields.js';

export const ROLE_FIELDS = {
  name: text('name'),
  description: optionalText('description'),
  /** Whether administrators of organizations may give the role (My Organization API). */
  assignableByOrganizations: flag('assignable_by_organizations', false, { addition: true }),
} as const;

export type RoleSettings = RecordOf<typeof ROLE_FIELDS>;

/** The settings of a role in requests. */
export type RoleBody = BodyOf<typeof ROLE_FIELDS>;
