/**
 * The `mfa_token`: what an application gets in place of tokens when its person has to pass a second factor. A sealed
 * text of a purpose of its own, so no other token is accepted as one. It names the refresh token whose exchange was
 * refused; it is no proof of anything, and works once.
 */
import { type Entropy, newSecret } from '../../../kernel/ids.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type { OpaqueReference } from '../../../ports/token-issuer.js';

/** Ten minutes, as the tokens of Auth0's audience `/mfa/`. */
const LIFETIME_MS = 600_000;

const CONTEXT = 'mfa_token';

/** More than the longest one, whose `scope` has 4096 characters. */
const MAX_CHARACTERS = 8_192;

/** The content of an `mfa_token`. The refresh token's row has the person, the organization and what the login asked for. */
export interface FactorToken {
  readonly id: string;
  readonly clientId: string;
  /** The refresh token that the application presented. */
  readonly refreshToken: OpaqueReference;
  readonly familyId: string;
  /** The parameters `scope` and `audience` of the refused exchange. */
  readonly scope: string | undefined;
  readonly audience: string | undefined;
  readonly expiresAt: Date;
}

/** Returns a new `mfa_token`. */
export function sealFactorToken(
  { box, entropy }: { readonly box: SecretBox; readonly entropy: Entropy },
  { clientId, refreshToken, familyId, scope, audience }: Omit<FactorToken, 'id' | 'expiresAt'>,
  at: Date,
): string {
  const fields = {
    i: newSecret(entropy),
    c: clientId,
    u: refreshToken.userId,
    h: refreshToken.hash.toString('base64url'),
    f: familyId,
    ...(scope !== undefined && { s: scope }),
    ...(audience !== undefined && { a: audience }),
    e: at.getTime() + LIFETIME_MS,
  };
  return box.seal(JSON.stringify(fields), CONTEXT).toString('base64url');
}

/** Returns the content of an `mfa_token`; undefined for every text that this server did not seal as one. */
export function openFactorToken(box: SecretBox, text: string): FactorToken | undefined {
  if (text.length > MAX_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const plain = box.open(Buffer.from(text, 'base64url'), CONTEXT);
  if (plain === undefined) return undefined;
  const { i, c, u, h, f, s, a, e } = JSON.parse(plain) as {
    readonly [name in 'i' | 'c' | 'u' | 'h' | 'f']: string;
  } & { readonly s?: string; readonly a?: string; readonly e: number };
  return {
    id: i,
    clientId: c,
    refreshToken: { userId: u, hash: Buffer.from(h, 'base64url') },
    familyId: f,
    scope: s,
    audience: a,
    expiresAt: new Date(e),
  };
}
