/**
 * Options for the browser's WebAuthn API. They ask the browser for something; what must hold is checked in verify.ts, so
 * nothing here is a protection.
 */
import { type Entropy, newSecret } from '../../kernel/ids.js';
import type {
  AssertionRequest,
  CreationRequest,
  RelyingParty,
  WebAuthnKind,
  WebAuthnOptions,
} from '../../ports/factor-checks.js';
import { ALGORITHMS } from './algorithms.js';

/** WebAuthn section 15.1: five minutes for people who need them. */
const TIMEOUT_MS = 300_000;

interface KindFacts {
  readonly attachment?: 'platform' | 'cross-platform';
  /** Whether the authenticator must find the credential without being told its id. */
  readonly residentKey: 'required' | 'discouraged';
  /** Undefined where the tenant's setting decides. */
  readonly verification?: 'required';
  /** Authenticators that the browser offers first (WebAuthn section 5.8.7). */
  readonly hints: readonly string[];
}

const KINDS: Readonly<Record<WebAuthnKind, KindFacts>> = {
  passkey: { residentKey: 'required', verification: 'required', hints: [] },
  'webauthn-roaming': { attachment: 'cross-platform', residentKey: 'discouraged', hints: ['security-key'] },
  'webauthn-platform': {
    attachment: 'platform',
    residentKey: 'discouraged',
    verification: 'required',
    hints: ['client-device'],
  },
};

function toDescriptors(credentials: AssertionRequest['allowed']) {
  return credentials.map(({ id, transports }) => ({ type: 'public-key', id, transports }));
}

/** Returns the options of a registration, with a challenge of 256 bits. */
export function creationOptions(party: RelyingParty, entropy: Entropy, request: CreationRequest): WebAuthnOptions {
  const { attachment, residentKey, verification = request.keyVerification, hints } = KINDS[request.kind];
  const { userHandle, name, displayName } = request.person;
  return {
    challenge: newSecret(entropy),
    rp: { id: party.id, name: request.site },
    user: { id: userHandle, name, displayName },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MS,
    excludeCredentials: toDescriptors(request.existing),
    authenticatorSelection: {
      ...(attachment ? { authenticatorAttachment: attachment } : {}),
      residentKey,
      requireResidentKey: residentKey === 'required',
      userVerification: verification,
    },
    hints,
    attestation: 'none',
  };
}

/** Returns the options of an assertion, with a challenge of 256 bits. */
export function requestOptions(party: RelyingParty, entropy: Entropy, request: AssertionRequest): WebAuthnOptions {
  const { verification = request.keyVerification, hints } = KINDS[request.kind];
  return {
    challenge: newSecret(entropy),
    rpId: party.id,
    timeout: TIMEOUT_MS,
    allowCredentials: toDescriptors(request.allowed),
    userVerification: verification,
    hints,
  };
}
