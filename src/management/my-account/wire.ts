/** Factors in the JSON of Auth0's My Account API. Never shows a secret or a hash: the records have none. */
import { methodOf } from '../../domain/factors/new-factor.js';
import { parsePasswordPolicy } from '../../domain/passwords/password-policy.js';
import type { FactorRecord } from '../../ports/directory/factors.js';
import type { Wire } from '../api/operation.js';
import type { OwnPassword } from './password.js';
import { enrollableKinds, mayHaveAddress, mayHaveRecoveryCode, type Person } from './person.js';

/** Returns a method as `GET /authentication-methods` shows it. */
export function toMethod({ id, kind, name, address, credential, createdAt, lastUsedAt }: FactorRecord): Wire {
  const common = {
    id,
    type: methodOf(kind),
    created_at: createdAt.toISOString(),
    usage: ['secondary'],
    ...(name !== undefined && { name }),
    ...(lastUsedAt && { last_auth_at: lastUsedAt.toISOString() }),
  };
  if (credential === undefined) return { ...common, confirmed: true, ...(address !== undefined && { email: address }) };
  const key = { key_id: credential.id, public_key: Buffer.from(credential.publicKey).toString('base64url') };
  const rp = { relying_party_id: credential.rpId };
  if (kind !== 'passkey') return { ...common, confirmed: true, ...key, ...rp };
  return {
    ...common,
    ...key,
    ...rp,
    credential_backed_up: credential.backedUp,
    credential_device_type: credential.deviceType === 'multiDevice' ? 'multi_device' : 'single_device',
    // Passkeys belong to the account here, not to one of its identities.
    identity_user_id: credential.identityUserId ?? '',
    user_handle: credential.userHandle,
    transports: credential.transports,
    aaguid: credential.aaguid,
  };
}

/**
 * Returns the person's password as a method; undefined without one. Its id names the connection, so that it stays the
 * same after a change.
 */
export function toPasswordMethod({ user }: Person, own: OwnPassword | undefined): Wire | undefined {
  if (own === undefined) return undefined;
  return {
    ...{ id: `password|${Buffer.from(own.connection.id).toString('base64url')}`, type: 'password', usage: ['primary'] },
    ...{ identity_user_id: user.userId, created_at: user.createdAt.toISOString() },
  };
}

/** Returns the rules of a new password, in the form of Auth0's document. A rule that this server lacks is off. */
export function toPasswordPolicy({ connection }: OwnPassword): Wire {
  const { strength, minimumLength } = parsePasswordPolicy(connection.options);
  const isMixed = strength === 'good' || strength === 'excellent';
  return {
    complexity: {
      min_length: minimumLength,
      character_types: strength === 'fair' ? ['uppercase', 'lowercase', 'number'] : isMixed ? CHARACTERS : [],
      character_type_rule: isMixed ? 'three_of_four' : 'all',
      identical_characters: strength === 'excellent' ? 'block' : 'allow',
      sequential_characters: 'allow',
      max_length_exceeded: 'error',
    },
    profile_data: { active: strength !== 'none' && strength !== 'low', blocked_fields: ['email'] },
    history: { active: false, size: 0 },
    dictionary: { active: strength !== 'none' && strength !== 'low', default: 'en_10k' },
  };
}

const CHARACTERS = ['uppercase', 'lowercase', 'number', 'special'];

/**
 * Returns the types that the person may have: those that can be set up, and those that they have, because components draw
 * one row for each.
 */
export function toFactors(person: Person, hasPassword: boolean): readonly Wire[] {
  const present = person.factors.map(({ kind }) => kind);
  const kinds = [
    ...enrollableKinds(person),
    ...(mayHaveRecoveryCode(person) ? (['recovery-code'] as const) : []),
    ...(mayHaveAddress(person) ? (['email'] as const) : []),
  ];
  const types = new Set([...kinds, ...present].map(methodOf));
  const password = hasPassword ? [{ type: 'password', usage: ['primary'] }] : [];
  return [...[...types].map((type) => ({ type, usage: ['secondary'] })), ...password];
}
