/** Converts second factors to Auth0's JSON. Never shows a secret or a hash: the records have none. */
import { methodOf } from '../../domain/factors/new-factor.js';
import type { FactorRecord } from '../../ports/directory/factors.js';
import { listOf, viewOf, wordOf } from '../api/wire.js';

const isPasskey = ({ kind }: FactorRecord) => kind === 'passkey';

/** The types of Auth0's methods that exist here. */
const TYPES = ['recovery-code', 'totp', 'email', 'webauthn-roaming', 'webauthn-platform', 'passkey'];

/** A factor in answers: an authentication method of Auth0's. */
export const METHOD = viewOf<FactorRecord>({
  id: ['string', ({ id }) => id],
  type: [wordOf(...TYPES), ({ kind }) => methodOf(kind)],
  confirmed: ['boolean', ({ confirmedAt }) => confirmedAt !== undefined],
  'name?': ['string', ({ name }) => name],
  'email?': ['string', ({ address }) => address],
  'key_id?': ['string', ({ credential }) => credential?.id],
  'public_key?': ['string', ({ credential }) => credential && Buffer.from(credential.publicKey).toString('base64')],
  'relying_party_identifier?': ['string', ({ credential }) => credential?.rpId],
  'credential_device_type?': [
    wordOf('single_device', 'multi_device'),
    (factor) =>
      isPasskey(factor)
        ? factor.credential?.deviceType === 'multiDevice'
          ? 'multi_device'
          : 'single_device'
        : undefined,
  ],
  'credential_backed_up?': ['boolean', (factor) => (isPasskey(factor) ? factor.credential?.backedUp : undefined)],
  'aaguid?': ['string', (factor) => (isPasskey(factor) ? factor.credential?.aaguid : undefined)],
  'user_handle?': ['string', (factor) => (isPasskey(factor) ? factor.credential?.userHandle : undefined)],
  'transports?': [listOf('string'), (factor) => (isPasskey(factor) ? factor.credential?.transports : undefined)],
  'identity_user_id?': ['string', ({ credential }) => credential?.identityUserId],
  'user_agent?': ['string', ({ credential }) => credential?.userAgent],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  'enrolled_at?': ['string', ({ confirmedAt }) => confirmedAt?.toISOString()],
  'last_auth_at?': ['string', ({ lastUsedAt }) => lastUsedAt?.toISOString()],
});

/** `auth_method` of Auth0's enrollments. A factor of another kind is no enrollment. */
const ENROLLED_BY: Readonly<Partial<Record<FactorRecord['kind'], string>>> = {
  otp: 'authenticator',
  'webauthn-roaming': 'webauthn-roaming',
  'webauthn-platform': 'webauthn-platform',
};

/** True for a factor that `users/{id}/enrollments` lists: confirmed, and of a kind that Auth0 enrolls. */
export const isEnrollment = ({ kind, confirmedAt }: FactorRecord): boolean =>
  ENROLLED_BY[kind] !== undefined && confirmedAt !== undefined;

/** Returns the ids that the factor of a device may have: an enrollment's id does not say its kind. */
export function idsOfDevice(device: string): readonly string[] {
  return (Object.keys(ENROLLED_BY) as FactorRecord['kind'][]).map((kind) => `${methodOf(kind)}|${device}`);
}

/** An enrollment in answers. Its id is that of the device: `dev_…`. */
export const ENROLLMENT = viewOf<FactorRecord>({
  id: ['string', ({ id }) => id.slice(id.indexOf('|') + 1)],
  status: [wordOf('confirmed'), () => 'confirmed'],
  type: ['string', ({ kind }) => ENROLLED_BY[kind]],
  'name?': ['string', ({ name }) => name],
  auth_method: [wordOf(...Object.values(ENROLLED_BY)), ({ kind }) => ENROLLED_BY[kind]],
  enrolled_at: ['string', ({ confirmedAt }) => confirmedAt?.toISOString()],
  'last_auth?': ['string', ({ lastUsedAt }) => lastUsedAt?.toISOString()],
});
