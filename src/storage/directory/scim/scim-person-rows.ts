/** The rows of a person that SCIM reads and writes. Leaves columns alone that SCIM has no use for. */
import type { ColumnsOf } from '../../../management/api/fields.js';
import type { PROFILE_FIELDS } from '../../../management/users/fields.js';
import type { ScimPerson } from '../../../ports/directory/scim.js';
import { toProfile, toProfileColumns } from '../people/users.js';
import { orUndefined } from '../rows.js';

/** An identity at the connection, its account, and the id that SCIM shows. */
export type PersonRow = ColumnsOf<typeof PROFILE_FIELDS> & {
  readonly shown_id: string;
  readonly id: string;
  readonly connection_id: string;
  readonly status: 'bound' | 'expected';
  readonly subject: string | null;
  readonly is_primary: boolean;
  readonly profile: Readonly<Record<string, unknown>>;
  readonly scim: Readonly<Record<string, unknown>> | null;
  readonly scim_id: string | null;
  readonly scim_inactive: boolean;
  readonly created_at: Date;
  readonly user_id: string;
  readonly email: string | null;
  readonly app_metadata: Readonly<Record<string, unknown>>;
  readonly blocked: boolean;
  readonly blocked_by_scim: boolean;
  readonly updated_at: Date;
};

export const OF_IDENTITY = [
  'id',
  'connection_id',
  'status',
  'subject',
  'is_primary',
  'profile',
  'scim',
  'scim_id',
  'scim_inactive',
  'created_at',
] as const;
export const PROFILE: readonly string[] = Object.keys(toProfileColumns({}));
export const OF_USER: readonly string[] = [
  'user_id',
  'email',
  ...PROFILE,
  'app_metadata',
  'blocked',
  'blocked_by_scim',
  'updated_at',
];

/** Returns the values for the columns of {@link PROFILE}, in the same order. */
export function toProfileValues(profile: ScimPerson['user']['profile']): readonly unknown[] {
  const columns: Readonly<Record<string, unknown>> = toProfileColumns(profile);
  return PROFILE.map((column) => columns[column]);
}

const listed = (alias: string, columns: readonly string[]) => columns.map((column) => `${alias}.${column}`).join(', ');
/** All columns of a {@link PersonRow} except its first, of an identity `i` and a user `u`. */
export const PERSON = `${listed('i', OF_IDENTITY)}, ${listed('u', OF_USER)}`;

/** Converts a row into the port's person. */
export function toPerson(row: PersonRow): ScimPerson {
  return {
    scimId: row.shown_id,
    identity: {
      id: row.id,
      connectionId: row.connection_id,
      status: row.status,
      subject: orUndefined(row.subject),
      isPrimary: row.is_primary,
      profile: row.profile,
      scim: orUndefined(row.scim),
      scimId: orUndefined(row.scim_id),
      scimInactive: row.scim_inactive,
      createdAt: row.created_at,
    },
    user: {
      userId: row.user_id,
      email: orUndefined(row.email),
      profile: toProfile(row),
      appMetadata: row.app_metadata,
      blocked: row.blocked,
      blockedByScim: row.blocked_by_scim,
      updatedAt: row.updated_at,
    },
  };
}
