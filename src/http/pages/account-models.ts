/** The data of the page where people see and change their account. It must have no secret. */
import type { FactorKind } from '../../domain/factors/factor.js';
import type { Language } from '../../domain/look/languages.js';
import type { FormPage } from './form-page.js';
import type { Said } from './speech.js';

export interface AccountFactor {
  readonly id: string;
  readonly kind: FactorKind;
  /** The name, or the address that gets codes. */
  readonly name?: string | undefined;
  readonly addedAt: Date;
  readonly usedAt?: Date | undefined;
  /** True for an app that a new one may take the place of. */
  readonly canReplace?: boolean;
}

/** A browser in which the person is signed in. */
export interface AccountSession {
  readonly id: string;
  /** Browser and system, as far as they are known. */
  readonly device?: string | undefined;
  readonly network?: string | undefined;
  readonly usedAt: Date;
  readonly isThis: boolean;
}

export interface AccountSignIn {
  readonly at: Date;
  readonly application?: string | undefined;
  readonly device?: string | undefined;
  readonly network?: string | undefined;
}

/**
 * The page of a person's account. POST: `action` = `confirm`, `password` (the mailed link), `change-password`,
 * `add:<kind>`, `add-address`, `replace:<factor>`, `recovery`, `remove:<factor>`, `end:<session>`, `end-others`, `language` with the
 * field `language`, or `default`.
 */
export interface AccountPage extends FormPage {
  readonly page: 'account';
  /** The person's address, or their name without one. */
  readonly email: string;
  /** The result of the last action. */
  readonly notice?: Said | undefined;
  /**
   * Whether the person may change how they sign in: `ask` offers to confirm first; `company` says that a company's
   * session may not.
   */
  readonly changes: 'allowed' | 'ask' | 'company';
  readonly hasPassword: boolean;
  readonly factors: readonly AccountFactor[];
  /** The kinds of factors that can be added. */
  readonly addable: readonly ('otp' | 'passkey' | 'webauthn-roaming')[];
  readonly mayHaveRecoveryCode: boolean;
  /** True when an address for codes by mail can be added. */
  readonly mayAddAddress: boolean;
  readonly sessions: readonly AccountSession[];
  readonly signIns: readonly AccountSignIn[];
  readonly organizations: readonly string[];
  /** The languages of the tenant's pages; fewer than two are not shown. */
  readonly languages: readonly Language[];
  /** The language that the person has chosen in this browser. */
  readonly language?: Language | undefined;
}

/** The page for a new password. POST: `old`, `password`, and `action` = `default`; or `action` = `link`. */
export interface AccountPasswordPage extends FormPage {
  readonly page: 'account-password';
  readonly email: string;
  readonly accountUrl: string;
  readonly minimumLength: number;
  readonly passwordRule: Said;
}

/**
 * The page on which a person adds an address for codes by mail. POST: `email`; then, with the hidden fields, `code`. No
 * `mailedTo`: nothing was mailed yet.
 */
export interface AccountAddressPage extends FormPage {
  readonly page: 'account-address';
  readonly email: string;
  readonly accountUrl: string;
  /** The address as it was typed. */
  readonly typed: string;
  readonly mailedTo?: string | undefined;
  /** After a wrong code: the tries that are left for this code. */
  readonly triesLeft?: number | undefined;
  readonly hidden?: Readonly<Record<string, string>>;
}
