/**
 * The data of each page. Routes build these; the views in views/ turn them into HTML and know nothing else. A model
 * must have only data that the person may see: never whether an account exists.
 */

import type { PageBrand } from '../../domain/look/brand.js';
import type { FormPage } from './form-page.js';
import type { SetupPage } from './setup-models.js';
import type { Said } from './speech.js';

export type { FieldError } from './form-page.js';
export type * from './setup-models.js';
export type { PageBrand };

/**
 * POST fields: `username`, and `action` = `default` (Continue), `password` ("Use a password instead") or
 * `connection:<name>` (SSO).
 */
export interface IdentifierPage extends FormPage {
  readonly page: 'identifier';
  readonly username: string;
  readonly applicationName: string;
  /** Shows a small link to the password, for people who are not at the company's IdP. */
  readonly passwordLink: boolean;
  /**
   * True when the application asked for a sign-up and none is possible. The page says so, since the form looks like a
   * sign-up.
   */
  readonly signUpClosed: boolean;
  /** The buttons "Continue with …", one for each connection. */
  readonly connections: readonly { name: string; title: string }[];
}

/** POST fields: `username` (hidden, for password managers), `password`, `action` = `default`. */
export interface PasswordPage extends FormPage {
  readonly page: 'password';
  readonly username: string;
  /** Address of the link "not you?". */
  readonly editUrl: string;
  readonly forgotUrl: string;
  /** The organization asks people with this address to sign in at their company; a password is for emergencies. */
  readonly company?: { readonly title: string; readonly url: string };
}

/**
 * A form that another site posted to us, to be posted again from here. Sent by script, else by a click: `action` =
 * `default`.
 */
export interface RelayPage {
  readonly page: 'relay';
  readonly brand: PageBrand;
  readonly action: string;
  /** Hidden form fields that are posted unchanged. */
  readonly fields: Readonly<Record<string, string>>;
}

/** POST: `action` = `default` (accept) or `switch` (sign out the other person first). */
export interface InvitationPage extends FormPage {
  readonly page: 'invitation';
  readonly inviterName: string;
  readonly email: string;
  readonly applicationName: string;
  readonly expiresAt: Date;
  /** The company's IdP for the sign-in; undefined for a password. */
  readonly connectionTitle: string | undefined;
  /** Address of another person who is signed in in this browser. */
  readonly signedInAs: string | undefined;
}

/**
 * The page for a sign-up: by invitation, or a new account if the connection allows it. POST: `username`, `password`,
 * `name`.
 */
export interface SignUpPage extends FormPage {
  readonly page: 'sign-up';
  readonly email: string;
  /** True when the invitation determines the address. */
  readonly emailFixed: boolean;
  readonly name: string;
  /** Address of the link "I have an account already". */
  readonly signInUrl: string | undefined;
  readonly minimumLength: number;
  /** The rule for new passwords, in words. */
  readonly passwordRule: Said;
}

/**
 * The page that asks people to prove that an account is theirs. It is the same if there is no account. POST: `action` =
 * `code` (with `code`), `password` (with `password`), or `resend`.
 */
export interface ProofPage extends FormPage {
  readonly page: 'proof';
  readonly email: string;
  readonly method: 'code' | 'password';
  /** Link "not you?"; absent when the address is an invitation's. */
  readonly editUrl?: string;
  /** Links between the two methods; no password if it cannot complete the pending task, as in a sign-up. */
  readonly codeUrl: string;
  readonly passwordUrl?: string;
  readonly triesLeft: number | undefined;
  /**
   * Why something is not enough: `link`, they came by an invitation's link; `domain`, by a company's sign-in whose
   * domain nobody has proved. Undefined: the question is about their own account.
   */
  readonly reason?: 'link' | 'domain' | undefined;
  /** True when no mail was sent because this address had too many codes. */
  readonly unsent?: boolean;
}

/**
 * The IdP returned another address than the person began with. POST: `action` = `default` (it is them) or `another`.
 */
export interface ConfirmPage extends FormPage {
  readonly page: 'confirm';
  /** The address with which the login began: typed, or named by the application. */
  readonly typed: string;
  /** The address that the IdP returned. */
  readonly email: string;
  /** Title of the IdP that returned the address. */
  readonly place: string;
}

/** The page where people pick one of their organizations. POST: `organization` = its id. */
export interface OrganizationPickerPage extends FormPage {
  readonly page: 'organization-picker';
  readonly email: string;
  /** Address of the link "not you?". */
  readonly editUrl?: string;
  readonly organizations: readonly { id: string; title: string; logoUrl?: string; primaryColor?: string }[];
}

/** POST: `organization` = name, or the address when `byEmail`. */
export interface OrganizationPromptPage extends FormPage {
  readonly page: 'organization-prompt';
  readonly value: string;
  readonly byEmail: boolean;
  readonly applicationName: string;
}

/** POST: `username`. Says the same whether or not the account exists; `sent` is the state after the post. */
export interface ForgotPasswordPage extends FormPage {
  readonly page: 'forgot-password';
  readonly username: string;
  readonly sent: boolean;
  readonly backUrl: string | undefined;
}

/** The page for a new password. POST: `password`. `done` is the state after the post. */
export interface ResetPasswordPage extends FormPage {
  readonly page: 'reset-password';
  readonly email: string;
  readonly minimumLength: number;
  /** The rule for new passwords, in words. */
  readonly passwordRule: Said;
  readonly done: boolean;
  readonly continueUrl: string | undefined;
}

/** The link that proves an address. POST: `action` = `default`. `done` is the state after the post. */
export interface VerifyEmailPage extends FormPage {
  readonly page: 'verify-email';
  readonly email: string;
  readonly done: boolean;
  /** The account had a password that nobody vouched for: it was deleted. */
  readonly passwordEnded?: true;
  readonly continueUrl: string | undefined;
}

/**
 * The link that lifts a block after wrong passwords. POST: `action` = `default`. `done` is the state after the post.
 */
export interface UnblockPage extends FormPage {
  readonly page: 'unblock';
  readonly email: string;
  readonly done: boolean;
  readonly continueUrl: string | undefined;
}

/**
 * Asks before a session is revoked, when the request did not prove that it speaks for its person. POST: `action` =
 * `default`.
 */
export interface SignOutPage extends FormPage {
  readonly page: 'sign-out';
  /** The application that requested the logout, if it is known. */
  readonly applicationName: string | undefined;
}

export interface SignedOutPage {
  readonly page: 'signed-out';
  readonly brand: PageBrand;
}

/** A refusal, with the reason and the next step. */
export interface RefusalPage {
  readonly page: 'refusal';
  readonly brand: PageBrand;
  readonly title: Said;
  readonly sentence: Said;
  /** The next step that the page recommends. */
  readonly advice: Said;
  readonly reference: string;
  readonly signedInAs: string | undefined;
  /** Address of the link "not you?"; absent when the login cannot continue. */
  readonly editUrl?: string;
  /** Links: back to the application, another account, the password. */
  readonly links: readonly { label: Said; url: string }[];
}

/** A request that cannot continue: bad parameters, an expired transaction, an unreachable IdP. */
export interface ErrorPage {
  readonly page: 'error';
  readonly brand: PageBrand;
  readonly title: Said;
  readonly sentence: Said;
  readonly advice: Said;
  readonly reference: string;
  /** `error` and `error_description` of OAuth, for the engineer; shown small. */
  readonly technical: string | undefined;
  readonly links: readonly { label: Said; url: string }[];
}

/** Answers an authorization request with response_mode=form_post (OAuth 2.0 Form Post Response Mode). */
export interface FormPostPage {
  readonly page: 'form-post';
  readonly brand: PageBrand;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The future owner of a new server types their address. POST field: `username`. */
export interface FirstOperatorPage extends FormPage {
  readonly page: 'first-operator';
  readonly username: string;
  /** The link is no longer valid: there is an owner, or it has expired. */
  readonly isOver: boolean;
}

/** The root address of a server without an owner: what to do. */
export interface NoOwnerPage {
  readonly page: 'no-owner';
  readonly brand: PageBrand;
}

export type Page =
  | IdentifierPage
  | PasswordPage
  | RelayPage
  | InvitationPage
  | SignUpPage
  | ProofPage
  | ConfirmPage
  | OrganizationPickerPage
  | OrganizationPromptPage
  | ForgotPasswordPage
  | ResetPasswordPage
  | VerifyEmailPage
  | UnblockPage
  | SignOutPage
  | SignedOutPage
  | RefusalPage
  | ErrorPage
  | FormPostPage
  | SetupPage
  | FirstOperatorPage
  | NoOwnerPage;
