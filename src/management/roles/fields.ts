/** The settings of a role. */
import { type BodyOf, optionalText, type RecordOf, text } from '../api/fields.js';

export const ROLE_FIELDS = { name: text('name'), description: optionalText('description') } as const;

export type RoleSettings = RecordOf<typeof ROLE_FIELDS>;

/** The settings of a role in requests. */
export type RoleBody = BodyOf<typeof ROLE_FIELDS>;
