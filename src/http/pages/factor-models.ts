/** The data of the page for a second factor. It must have no secret except those that the person is to keep. */
import type { FormPage } from './form-page.js';

/** A way to answer: a code of the app or by mail, the recovery code, or an authenticator that the browser asks. */
export type FactorMethod = 'otp' | 'email' | 'recovery-code' | 'webauthn' | 'passkey' | 'webauthn-roaming';

interface OfFactor extends FormPage {
  readonly page: 'factor';
  /** The person's address, if the account has one. */
  readonly email: string | undefined;
}

/**
 * Asks for a factor. POST: `action` = `default`, `code` or `answer` (the browser's WebAuthn answer, JSON), `remember`. Of
 * `email` also `action` = `send` with `to`, the id of the address: only then a code is mailed.
 */
export interface FactorChallengePage extends OfFactor {
  readonly ask: 'challenge';
  readonly method: 'otp' | 'email' | 'recovery-code' | 'webauthn';
  readonly others: readonly { readonly method: FactorMethod; readonly url: string }[];
  readonly canRemember: boolean;
  readonly triesLeft: number | undefined;
  /** With the method `email`: the addresses that a code may go to, and the one that got the last code. */
  readonly mail?: readonly { readonly id: string; readonly address: string }[];
  readonly mailedTo?: string;
  /** Options for `navigator.credentials.get`, as JSON; for `webauthn` only. */
  readonly options?: string;
}

/** The parts of a page for a new factor that no login waits for: it belongs to the page of the account, or of a ticket. */
interface OnAccountPage {
  /** Address of the page of the account. Present only there. */
  readonly accountUrl?: string;
  /** True on the page of a ticket, which belongs to no login either. */
  readonly isByTicket?: true;
  /** Hidden fields that are posted unchanged. */
  readonly hidden?: Readonly<Record<string, string>>;
}

/** Sets up a factor. POST: `action` = `default`, and `code` or `answer`. */
export interface FactorEnrolPage extends OfFactor, OnAccountPage {
  readonly ask: 'enrol';
  readonly method: 'otp' | 'passkey' | 'webauthn-roaming';
  readonly others: readonly { readonly method: FactorMethod; readonly url: string }[];
  readonly triesLeft: number | undefined;
  /** Of `otp`: the secret in base32, and the address that the app reads from the picture. */
  readonly secret?: string;
  readonly uri?: string;
  /** Options for `navigator.credentials.create`, as JSON. */
  readonly options?: string;
}

/** Shows a new recovery code, once. POST: `action` = `default` when the person has written it down. */
export interface RecoveryCodePage extends OfFactor, Pick<OnAccountPage, 'accountUrl'> {
  readonly ask: 'recovery_code';
  readonly code: string;
}

/** Offers a passkey. POST: `action` = `default` with `answer`, or `later` to go on without. */
export interface FactorOfferPage extends OfFactor {
  readonly ask: 'offer';
  /** Options for `navigator.credentials.create`, as JSON. */
  readonly options: string;
}

export type FactorPage = FactorChallengePage | FactorEnrolPage | FactorOfferPage | RecoveryCodePage;
