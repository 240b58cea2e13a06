/**
 * The requests about the settings of WebAuthn factors. They were recorded on Auth0, with its scopes; its OpenAPI document
 * does not have them. Holds no logic.
 */
import type { OwnRequest } from '../own-request.js';

const RELYING_PARTY = {
  overrideRelyingParty: { type: 'boolean' },
  relyingPartyIdentifier: { type: ['string', 'null'], maxLength: 255 },
};
const bodyOf = (properties: object) => ({ type: 'object', additionalProperties: false, properties });

export const WEBAUTHN_SETTINGS: Readonly<Record<string, OwnRequest>> = {
  'get /guardian/factors/webauthn-roaming/settings': { scopes: ['read:guardian_factors'] },
  'put /guardian/factors/webauthn-roaming/settings': {
    scopes: ['update:guardian_factors'],
    body: bodyOf({
      userVerification: { type: 'string', enum: ['discouraged', 'preferred', 'required'] },
      ...RELYING_PARTY,
    }),
  },
  'get /guardian/factors/webauthn-platform/settings': { scopes: ['read:guardian_factors'] },
  'put /guardian/factors/webauthn-platform/settings': {
    scopes: ['update:guardian_factors'],
    body: bodyOf(RELYING_PARTY),
  },
};
