/**
 * The data of each page. Routes build them, and the views in views/ turn them into HTML and know nothing else. They
 * must have only data that the person may see: never whether an account exists.
 */

import type { PageBrand } from '../../domain/look/brand.js';
import type { TicketKind } from '../../domain/ticket.js';
import type { AccountAddressPage, AccountPage, AccountPasswordPage } from './account-models.js';
import type { FactorPage } from './factor-models.js';
import type { FormPage } from './form-page.js';
import type { SetupPage } from './setup-models.js';
import type { Said } from './speech.js';

export type * from './account-models.js';
export type * from './factor-models.js';
export type { FieldError } from './form-page.js';
export type * from './setup-models.js';
export type { PageBrand };

/** An invitation whose link this browser opened, and that the application did not pass on. */
export interface OfferedInvitation {
  /** Title of the inviting organization; undefined if there is no such invitation. */
  readonly invitedTo?: string | undefined;
}

/**
 * The page for the address. POST fields: `username`, and `action` = `default` (Continue), `password` ("Use a password
 * instead"), `invitation` (the offered invitation) or `connection:<name>` (the button of a connection).
 */
export interface IdentifierPage extends FormPage, OfferedInvitation {
  readonly page: 'identifier';
  readonly username: string;
  readonly applicationName: string;
  /**
   * True to show a small link to the password page, for people who have no account at the company's identity provider.
   */
  readonly passwordLink: boolean;
  /** True when the person chose the password before they typed an address: *Continue* then leads to the password. */
  readonly forPassword?: boolean;
  /**
   * True when the application asked for a sign-up but none is possible. The page then says so, because its form looks
   * like that of a sign-up.
   */
  readonly signUpClosed: boolean;
  /**
   * The form that asks for a passkey: POST to `action` with the browser's WebAuthn answer as `answer`. `options` is JSON.
   * Undefined where no passkeys are accepted.
   */
  readonly passkey?: {
    readonly action: string;
    readonly options: string;
    readonly ui: 'both' | 'autofill' | 'button';
  };
  /** The buttons "Continue with …", one for each connection. */
  readonly connections: readonly { name: string; title: string }[];
}

/**
 * The page for the password. POST fields: `username` (hidden, for password managers), `password`, `action` = `default`.
 */
export interface PasswordPage extends FormPage {
  readonly page: 'password';
  readonly username: string;
  /** Address of the link "not you?". */
  readonly editUrl: string;
  readonly forgotUrl: string;
  /**
   * Set when the organization asks people with this address to sign in at their company. Then a password is for
   * emergencies.
   */
  readonly company?: { readonly title: string; readonly url: string };
}

/**
 * A form that the browser posts to `action`: at once by script, else by a click. It carries a message to an identity
 * provider, or repeats from here a form that another site posted. POST: `fields`, and `action` = `default`.
 */
export interface RelayPage {
  readonly page: 'relay';
  readonly brand: PageBrand;
  readonly action: string;
  /** Hidden form fields that are posted unchanged. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The page of an invitation. POST: `action` = `default` (accept) or `switch` (sign out the other person first). */
export interface InvitationPage extends FormPage {
  readonly page: 'invitation';
  readonly inviterName: string;
  readonly email: string;
  readonly applicationName: string;
  readonly expiresAt: Date;
  /** The company's identity provider at which the person will sign in; undefined if they will use a password. */
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
  /** True when the address is that of the invitation and cannot be changed. */
  readonly emailFixed: boolean;
  readonly name: string;
  /** Address of the link "I have an account already". */
  readonly signInUrl: string | undefined;
  readonly minimumLength: number;
  /** The rule for new passwords, in words. */
  readonly passwordRule: Said;
}

/**
 * The page that asks people to prove that an account or address is theirs. It is the same if there is no account. POST:
 * `action` = `code` (with `code`), `password` (with `password`), or `resend`.
 */
export interface ProofPage extends FormPage {
  readonly page: 'proof';
  readonly email: string;
  readonly method: 'code' | 'password';
  /** Address of the link "not you?"; absent when the address comes from an invitation. */
  readonly editUrl?: string;
  /**
   * Links to switch between the two methods. `passwordUrl` is absent where a password proves nothing, as in a sign-up.
   */
  readonly codeUrl: string;
  readonly passwordUrl?: string;
  readonly triesLeft: number | undefined;
  /**
   * The reason why the page asks although the address came from elsewhere. `link`: by an invitation's link. `domain`:
   * by a company's sign-in, but nobody has proved the domain. Undefined: the question is about the person's own
   * account.
   */
  readonly reason?: 'link' | 'domain' | undefined;
  /** True when no mail was sent, because this address already got too many codes. */
  readonly unsent?: boolean;
}

/**
 * The page "Is this you?": the identity provider returned another address than the login began with. POST: `action` =
 * `default` (it is them) or `another`.
 */
export interface ConfirmPage extends FormPage {
  readonly page: 'confirm';
  /** The address with which the login began: typed, or named by the application. */
  readonly typed: string;
  /** The address that the identity provider returned. */
  readonly email: string;
  /** Title of that identity provider. */
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

/**
 * The page that asks for the organization. POST: `organization` = its name, or an address when `byEmail`; `action` =
 * `default` or `invitation`.
 */
export interface OrganizationPromptPage extends FormPage, OfferedInvitation {
  readonly page: 'organization-prompt';
  readonly value: string;
  readonly byEmail: boolean;
  readonly applicationName: string;
}

/**
 * The page for a forgotten password. POST: `username`. Says the same whether or not the account exists. `sent` is true
 * after the post.
 */
export interface ForgotPasswordPage extends FormPage {
  readonly page: 'forgot-password';
  readonly username: string;
  readonly sent: boolean;
  readonly backUrl: string | undefined;
}

/** The page for a new password. POST: `password`. `done` is true after the post. */
export interface ResetPasswordPage extends FormPage {
  readonly page: 'reset-password';
  readonly email: string;
  readonly minimumLength: number;
  /** The rule for new passwords, in words. */
  readonly passwordRule: Said;
  readonly done: boolean;
  readonly continueUrl: string | undefined;
}

/** The page of the link that proves an address. POST: `action` = `default`. `done` is true after the post. */
export interface VerifyEmailPage extends FormPage {
  readonly page: 'verify-email';
  readonly email: string;
  readonly done: boolean;
  /** True when the account's password was deleted, because nobody had vouched for it. */
  readonly passwordEnded?: true;
  readonly continueUrl: string | undefined;
}

/**
 * The page of a mailed link that asks one question: `unblock` lifts a block after wrong passwords, `stop-factor` removes
 * the second factor that somebody else set up. POST: `action` = `default`. `done` is true after the post.
 */
export interface MailedQuestionPage extends FormPage {
  readonly page: 'unblock' | 'stop-factor';
  readonly email: string;
  readonly done: boolean;
  readonly continueUrl: string | undefined;
}

/**
 * The page of the link that sets up a second factor. POST: `action` = `add:<kind>`, or `confirm` to sign in first. `code`:
 * the account's new recovery code, shown once.
 */
export interface EnrollTicketPage extends FormPage {
  readonly page: 'enroll-ticket';
  readonly email: string | undefined;
  readonly step: 'ask' | 'confirm' | 'done';
  readonly kinds: readonly TicketKind[];
  readonly code?: string;
  readonly continueUrl: string | undefined;
}

/**
 * The page that asks before a session is revoked, when the logout request did not prove that the application acts for
 * this person. POST: `action` = `default`.
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

interface Outcome {
  readonly brand: PageBrand;
  readonly title: Said;
  readonly sentence: Said;
  /** The next step that the page recommends. */
  readonly advice: Said;
  readonly reference: string;
  /** `error` and `error_description` of OAuth, for the engineer; shown small. */
  readonly technical?: string | undefined;
  /** Links: back to the application, another account, the password. */
  readonly links: readonly { label: Said; url: string }[];
}

/** The page of a refusal, with the reason and the next step. */
export interface RefusalPage extends Outcome {
  readonly page: 'refusal';
  readonly signedInAs: string | undefined;
  /** Address of the link "not you?"; absent when the login cannot continue. */
  readonly editUrl?: string;
}

/** The page for a request that cannot continue: bad parameters, an expired transaction, an error of the server. */
export interface ErrorPage extends Outcome {
  readonly page: 'error';
}

/**
 * The page that posts the answer of /authorize to the application (response_mode=form_post, OAuth 2.0 Form Post
 * Response Mode).
 */
export interface FormPostPage {
  readonly page: 'form-post';
  readonly brand: PageBrand;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The page where the first owner of a new server types their address. POST field: `username`. */
export interface FirstOperatorPage extends FormPage {
  readonly page: 'first-operator';
  readonly username: string;
  /** True when the link is no longer valid: there is an owner, or the link has expired. */
  readonly isOver: boolean;
}

/** The page at the root address of a server without an owner; it says what to do. */
export interface NoOwnerPage {
  readonly page: 'no-owner';
  readonly brand: PageBrand;
}

export type Page =
  | AccountPage
  | AccountAddressPage
  | AccountPasswordPage
  | IdentifierPage
  | PasswordPage
  | RelayPage
  | InvitationPage
  | SignUpPage
  | ProofPage
  | ConfirmPage
  | FactorPage
  | OrganizationPickerPage
  | OrganizationPromptPage
  | ForgotPasswordPage
  | ResetPasswordPage
  | VerifyEmailPage
  | MailedQuestionPage
  | EnrollTicketPage
  | SignOutPage
  | SignedOutPage
  | RefusalPage
  | ErrorPage
  | FormPostPage
  | SetupPage
  | FirstOperatorPage
  | NoOwnerPage;
