/**
 * The properties of a user that requests set. Addresses, passwords, metadata and identities have rules of their own.
 */
import { type BodyOf, flag, optionalText, type RecordOf } from '../api/fields.js';

/** The properties of a profile. Null in a request removes one. */
export const PROFILE_FIELDS = {
  name: optionalText('name'),
  givenName: optionalText('given_name'),
  familyName: optionalText('family_name'),
  nickname: optionalText('nickname'),
  picture: optionalText('picture'),
} as const;

export const USER_FIELDS = {
  username: optionalText('username'),
  phoneNumber: optionalText('phone_number'),
  blocked: flag('blocked', false),
} as const;

export type UserSettings = RecordOf<typeof USER_FIELDS>;

/** The profile of a user in requests. */
export type ProfileBody = BodyOf<typeof PROFILE_FIELDS>;

/** Profile and settings of a user in requests. */
export type UserSettingsBody = ProfileBody & BodyOf<typeof USER_FIELDS>;
