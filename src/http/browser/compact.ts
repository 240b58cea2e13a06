/**
 * Packs JSON into few bytes: compresses it with a dictionary of texts that most unfinished logins have (a deflate
 * dictionary, RFC 1951). Seals nothing. Packed data can be read only with the same dictionary, so increase FORM in
 * unfinished.ts whenever the dictionary changes.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Maximum number of bytes of JSON. Longer JSON is never packed, so unpacking to more is an error. */
const MAX_PLAIN_BYTES = 262_144;

/**
 * The rarest texts come first, because references to the end of the dictionary cost fewer bits. Has only names and
 * constants, never data of a person or tenant.
 */
const DICTIONARY = Buffer.from(
  [
    '"typed":"cameBack":"place":"for":"confirmation"sign_up_code","signUp":{"password":"unsent":true,"domainUnproved":true,"anew":true',
    '"picking":{"proof":{"email":"routed":true,"database":"hintedUserId":"maxAge":"invitationMailed":true,"invitationAccepted":true',
    '"withoutIss":true,"responseMode":"form_post"fragment"web_message"screenHint":"signup"login"prompt":["login","select_account"]',
    '"assertedEmail":"credentialDigest":"idpSession":{"name":"index":"issuedAt":"said":{"data":{"isBound":true,"authenticatedAt":1',
    '"kind":"known","userId":"auth0|oidc|samlp|waad|google-apps|adfs|okta|kind":"sign_up","addressProved":true,"kind":"session"',
    '"registration":[],"admission":{"userId":"roles":[],"revision":"written":{"userId":"membership":{"exists":true,"via":"invitation"',
    '"executions":[{"trigger":"post-login","end":"redirect"done","results":[{"actionId":"versionId":"name":"startedAt":17"durationMs":0',
    '"console":[]}]}],"told":true,"agreement":{"wasMember":true,"effects":[{"kind":"claim","token":"access"id","name":"https://value":',
    '"pausedAt":{"programKey":"post-login ","index":0}}"newUserId":"auth0|","newSessionId":"ses_"claimsCut":["groups"],"roles":["',
    '"given_name":"family_name":"picture":"updated_at":"preferred_username":"upn":"tid":"oid":"groups":["name":"iss":"https://',
    'login.microsoftonline.com/accounts.google.com"okta.com"sub":"aud":"iat":17"exp":17"nonce":"at_hash":"amr":["pwd","mfa"],"email":"',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"nameidentifier"http://schemas.microsoft.com/identity/claims/',
    '"waiting":{"for":"action","kept":{"proof":{"kind":"identity","identity":{"connectionId":"con_","issuer":"https://","subject":"',
    '"email":"email_verified":true,"emailVerified":true,"profile":{"name":"givenName":"familyName":"},"claims":{"ownProof":{"by":"code"',
    '"setupId":"sst_digest":"target":"https://"pending":{"id":"email":"codeHash":"expiresAt":17"account":"',
    '"requestId":"_"relayState":"upstream":{"connectionId":"con_","fingerprint":"remembered":{"state":"nonce":"codeVerifier":"sentAt":17',
    '"audience":"https://api."organization":"org_"connection":"loginHint":"extra":{"ui_locales":"ext-',
    '"request":{"clientId":"redirectUri":"https://app./callback","responseMode":"query","scope":"openid profile email offline_access",',
    '"state":"nonce":"codeChallenge":"organizationId":"org_"username":".com"',
  ].join(''),
  'utf8',
);

/** Packs a value; undefined when it is larger than the limit. */
export function pack(value: unknown): Buffer | undefined {
  const plain = Buffer.from(JSON.stringify(value), 'utf8');
  return plain.length > MAX_PLAIN_BYTES ? undefined : deflateRawSync(plain, { dictionary: DICTIONARY });
}

/**
 * Returns the value that {@link pack} packed. Throws for other bytes: only this server seals such data, so other bytes
 * are a bug.
 */
export function unpack(packed: Buffer): unknown {
  return JSON.parse(
    inflateRawSync(packed, { dictionary: DICTIONARY, maxOutputLength: MAX_PLAIN_BYTES }).toString('utf8'),
  );
}
