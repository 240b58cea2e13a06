/**
 * The question for a second factor, the person's answer, and the part of a login's state that holds it. Values only, all
 * immutable; the kept ones are JSON.
 */
import type { FactorCommand } from '../domain/actions/action.js';
import type { FactorKind, SupportedFactor, WebAuthnCredential } from '../domain/factors/factor.js';
import type { WebAuthnAnswer } from '../ports/factor-checks.js';

/** Why a login needs a second factor, and which ones it accepts. */
export interface FactorNeed {
  readonly reason: 'binding' | 'application' | 'organization' | 'tenant' | 'action';
  readonly accepts: readonly SupportedFactor[];
  /** True when a remembered browser does not suffice. */
  readonly isFresh: boolean;
  /** True when an account without a factor is let through: only those who have one are asked. */
  readonly onlyEnrolled?: true;
  /** The command of an Action that has to be fulfilled before the next Action runs. */
  readonly command?: FactorCommand;
}

/** A WebAuthn credential as the browser keeps it during a login. */
export type KeptCredential = Omit<WebAuthnCredential, 'publicKey'> & { readonly publicKey: string };

/**
 * The second factor that the person passed in this login, and what the commit writes about it. JSON; hashes and keys
 * are base64url.
 */
export interface KeptFactor {
  readonly userId: string;
  /** Version of the account's factors when it was passed. After a change of them it counts no more. */
  readonly revision: number;
  /** Undefined when the account has no factor that could be asked for (see `bindingNeed`). */
  readonly kind?: FactorKind;
  readonly id?: string;
  /** When it was passed, in milliseconds since the epoch. */
  readonly at: number;
  /** The answer, for the commit's claim; absent for a factor that this login sets up. */
  readonly step?: number;
  readonly signCount?: number;
  readonly backedUp?: boolean;
  readonly usedCodeHash?: string;
  /** For the kind `email`: the id of the mailed code, and its address. */
  readonly mailed?: { readonly code: string; readonly address: string };
  /** True for a passkey of another device, which the person held beside this one. */
  readonly isElsewhere?: true;
  /** The passkey of this sign-in, when the login sets up another factor after it. */
  readonly earlier?: Pick<KeptFactor, 'id' | 'kind' | 'signCount' | 'backedUp'>;
  /** True once a commit before the Actions has claimed the answer. */
  readonly isClaimed?: true;
  /** The factor that this login sets up. */
  readonly enrolled?: { readonly secret?: string; readonly lastStep?: number; readonly credential?: KeptCredential };
  /** A new recovery code, which the person has to write down before the login goes on. */
  readonly recoveryCode?: string;
  readonly isCodeSeen?: true;
  /** True when the browser is to be remembered. */
  readonly remembers?: true;
}

/** A browser in which the person passed a factor and asked to be remembered. */
export interface RememberedBrowser {
  readonly userId: string;
  readonly revision: number;
  readonly kind: FactorKind;
  /** When they passed it, in milliseconds since the epoch. */
  readonly at: number;
  /** When they last signed in with this browser; undefined for now. */
  readonly seenAt?: number;
}

/** An address that a code may be mailed to, by the id of its factor. */
export interface MailTarget {
  readonly id: string;
  readonly address: string;
}

/**
 * A code that was mailed for a question. It stays sealed in the browser of this login, the code as a hash: no other login
 * has it, and a code of another login does not fit.
 */
export interface SentCode extends MailTarget {
  /** Id of the code, which its hash has in it. The commit claims it. */
  readonly codeId: string;
  readonly codeHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * The question for a second factor. `enrol`: the account has none, and the person sets one up. `offer`: they may make a
 * passkey, or go on without.
 */
export interface FactorQuestion {
  readonly kind: 'factor';
  readonly ask: 'challenge' | 'enrol' | 'recovery_code' | 'offer';
  readonly userId: string;
  readonly reason: FactorNeed['reason'] | 'passkey_offer';
  /** The handle of the account's credentials, if it has any: a new one has the same. */
  readonly userHandle?: string;
  /** The kinds that the person may answer with. */
  readonly kinds: readonly FactorKind[];
  /** The addresses that a code may be mailed to, if `kinds` has `email`. */
  readonly mail?: readonly MailTarget[];
  /** The kind that the page asks for first, if an Action prefers one. */
  readonly preferred?: FactorKind | undefined;
  /** True when the page may offer to remember the browser. */
  readonly canRemember: boolean;
}

/** A wrong answer: the page asks the same question again. */
export interface FactorAgain {
  readonly kind: 'factor_again';
  readonly triesLeft: number;
}

/** The browser's answer of WebAuthn, and the challenge that the page gave it. */
type BrowserAnswer = Pick<WebAuthnAnswer, 'response' | 'challenge'>;

/** The person's answer to a question for a second factor. */
export interface FactorAnswer {
  /** Id of the question; the tries at it are counted together. */
  readonly questionId: string;
  readonly remembers: boolean;
  readonly given:
    | { readonly by: 'otp' | 'recovery-code'; readonly typed: string }
    /** `sent`: the code that this login mailed; undefined when it mailed none. */
    | { readonly by: 'email'; readonly typed: string; readonly sent: SentCode | undefined }
    | ({ readonly by: 'webauthn' } & BrowserAnswer)
    /** Sets up an authenticator app: `secret` is the one that the page showed. */
    | { readonly by: 'new-otp'; readonly secret: string; readonly typed: string }
    | ({
        readonly by: 'new-webauthn';
        readonly kind: 'passkey' | 'webauthn-roaming';
        readonly userHandle: string;
      } & BrowserAnswer)
    /** Answers the offer of a passkey; `made` is absent when the person goes on without. */
    | { readonly by: 'offer'; readonly made?: BrowserAnswer & { readonly userHandle: string } }
    /** The person has written down the recovery code. */
    | { readonly by: 'seen' };
}
