/**
 * Verifies registrations and assertions (WebAuthn sections 7.1 and 7.2). The library checks type, challenge, origin, RP
 * id, presence, verification, algorithm and signature; this file checks what it leaves out. Never fetches anything, and
 * never throws because of an answer.
 */
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import {
  decodeAttestationObject,
  decodeClientDataJSON,
  decodeCredentialPublicKey,
  isoBase64URL,
} from '@simplewebauthn/server/helpers';
import type { WebAuthnCredential } from '../../domain/factors/factor.js';
import type { FactorChecks, RelyingParty, WebAuthnAnswer } from '../../ports/factor-checks.js';
import { ALGORITHM_OF_KEY, ALGORITHMS, isKeyOfAlgorithm } from './algorithms.js';
import { isObject, parseAssertion, parseRegistration } from './answer.js';

type Registered = Awaited<ReturnType<FactorChecks['register']>>;
type Asserted = Awaited<ReturnType<FactorChecks['assert']>>;

/** Authenticator data with the longest id, the longest RSA key and extensions has less. */
const MAX_ATTESTATION_BYTES = 4096;
const MAX_DETAIL_CHARACTERS = 200;

function refuse(detail: string): { readonly ok: false; readonly detail: string } {
  return { ok: false, detail: detail.slice(0, MAX_DETAIL_CHARACTERS) };
}

/** Turns what the library throws, for an answer that it refuses or cannot read, into a refusal. */
async function judge<Verdict>(verify: () => Promise<Verdict>): Promise<Verdict | ReturnType<typeof refuse>> {
  try {
    return await verify();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'the answer cannot be read');
  }
}

/**
 * Refuses an answer from inside a frame of another site. Attack: a site frames a page of this server, and has the person
 * confirm a login that they do not see. Our pages cannot be framed, so no honest answer says so.
 */
function checkFrame(clientData: string): string | undefined {
  const data: unknown = decodeClientDataJSON(clientData);
  if (!isObject(data)) return 'the client data is no object';
  const { crossOrigin = false, topOrigin } = data;
  if (crossOrigin !== false || topOrigin !== undefined) return 'the answer is from inside a frame of another site';
  return undefined;
}

/**
 * Refuses an attestation statement that nobody asked for. With `attestation: none` a browser sends the format `none`; it
 * leaves only a statement that the credential signed itself (WebAuthn section 5.1.3), and the library verifies that one.
 * Statements with certificates say which product an authenticator is, and no setting asks for that. To check them, the
 * library parses certificates of the sender's choice, and fetches the revocation lists that they name. A statement is
 * never skipped without a check: an answer that contains more than was asked for is not from an honest browser.
 */
function checkAttestation(text: string): string | undefined {
  const bytes = isoBase64URL.toBuffer(text);
  if (bytes.length > MAX_ATTESTATION_BYTES) return 'the attestation is too long';
  const attestation: unknown = decodeAttestationObject(bytes);
  if (!(attestation instanceof Map)) return 'the attestation is no map';
  const statement: unknown = attestation.get('attStmt');
  if (!(statement instanceof Map)) return 'the attestation has no statement';
  const format: unknown = attestation.get('fmt');
  if (format === 'none' || (format === 'packed' && !statement.has('x5c'))) return undefined;
  return 'the attestation is neither `none` nor by the credential itself';
}

/** Verifies a registration. `userHandle`: that of the options, stored with the credential. */
export function verifyRegistration(
  party: RelyingParty,
  given: WebAuthnAnswer,
  userHandle: string,
): Promise<Registered> {
  return judge<Registered>(async () => {
    const answer = parseRegistration(given.response);
    if (answer === undefined) return refuse('the answer is no registration');
    const wrong = checkFrame(answer.clientData) ?? checkAttestation(answer.attestation);
    if (wrong !== undefined) return refuse(wrong);
    const { id, clientData, attestation, transports } = answer;
    const { verified, registrationInfo: made } = await verifyRegistrationResponse({
      response: {
        ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON: clientData, attestationObject: attestation },
      },
      expectedChallenge: given.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserPresence: true,
      requireUserVerification: given.mustVerify,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!verified) return refuse('the attestation is not signed by the credential');
    // Attack: the id beside the authenticator's data is another person's, whose login then finds this key.
    if (made.credential.id !== id) return refuse('the answer has two credential ids');
    const key: unknown = decodeCredentialPublicKey(made.credential.publicKey);
    // Attack: a key that does not fit its algorithm is verified by other rules than were offered.
    if (!(key instanceof Map && isKeyOfAlgorithm(key))) return refuse('the public key does not fit its algorithm');
    // WebAuthn section 8.2: a statement by the credential itself is of the credential's algorithm.
    const stated = decodeAttestationObject(made.attestationObject).get('attStmt').get('alg');
    if (stated !== undefined && stated !== key.get(ALGORITHM_OF_KEY))
      return refuse('the attestation is of another algorithm');
    const credential: WebAuthnCredential = {
      ...{ id, userHandle, transports, rpId: party.id },
      publicKey: made.credential.publicKey,
      signCount: made.credential.counter,
      deviceType: made.credentialDeviceType,
      backedUp: made.credentialBackedUp,
      aaguid: made.aaguid,
      userVerified: made.userVerified,
    };
    return { ok: true, credential };
  });
}

/** Refuses an answer that names another credential or another account (WebAuthn section 7.2, steps 5 and 6). */
function checkOwner(
  { id, userHandle }: { readonly id: string; readonly userHandle?: string },
  credential: WebAuthnCredential,
  isDiscovered: boolean,
): string | undefined {
  // Attack: an answer by a credential of the attacker passes for one by the person's.
  if (id !== credential.id) return 'the answer is by another credential';
  // Attack: without a typed address, only the handle says whose login the authenticator confirmed.
  if (userHandle === undefined) return isDiscovered ? 'the answer has no user handle' : undefined;
  return userHandle === credential.userHandle ? undefined : 'the user handle is that of another account';
}

/**
 * Compares the counter with the stored one (WebAuthn section 7.2, step 22). Attack: a copy of the authenticator signs; then
 * one of the two is behind. Credentials that people copy between devices on purpose have no common counter.
 */
function checkCounter(signCount: number, credential: WebAuthnCredential): string | undefined {
  if (credential.deviceType === 'multiDevice' || (signCount === 0 && credential.signCount === 0)) return undefined;
  return signCount > credential.signCount
    ? undefined
    : `the counter ${signCount} is not above ${credential.signCount}: there may be a copy of the authenticator`;
}

/** Verifies an assertion by `credential`. */
export function verifyAssertion(
  party: RelyingParty,
  given: WebAuthnAnswer,
  credential: WebAuthnCredential,
  isDiscovered: boolean,
): Promise<Asserted> {
  return judge<Asserted>(async () => {
    const answer = parseAssertion(given.response);
    if (answer === undefined) return refuse('the answer is no assertion');
    const { id, clientData, authenticatorData, signature, isDetached } = answer;
    const wrong = checkFrame(clientData) ?? checkOwner(answer, credential, isDiscovered);
    if (wrong !== undefined) return refuse(wrong);
    const { verified, authenticationInfo: made } = await verifyAuthenticationResponse({
      response: {
        ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON: clientData, authenticatorData, signature },
      },
      expectedChallenge: given.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      // Attack: a found key signs somebody in. Without a typed address it replaces the password too.
      requireUserVerification: given.mustVerify || isDiscovered,
      // The library compares the counter of every credential, and before the signature: checkCounter() does instead.
      credential: { id, publicKey: credential.publicKey, counter: 0 },
    });
    if (!verified) return refuse('the signature is wrong');
    // Attack: a credential that could not leave its device is answered by one that can.
    if (made.credentialDeviceType !== credential.deviceType) return refuse('the backup eligibility has changed');
    const copied = checkCounter(made.newCounter, credential);
    if (copied !== undefined) return refuse(copied);
    return {
      ok: true,
      signCount: made.newCounter,
      backedUp: made.credentialBackedUp,
      userVerified: made.userVerified,
      ...(isDetached && credential.transports.includes('hybrid') && { isElsewhere: true }),
    };
  });
}
