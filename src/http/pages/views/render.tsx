/**
 * Turns the data (model) of a page into a whole HTML document. Pure: the same model and nonce give the same text. Every
 * string of a model is escaped by Preact, checked (addresses, colors), or both. No string of a model becomes part of a
 * script.
 */
import { render } from 'preact-render-to-string';
import type { Page } from '../models.js';
import { ENGLISH, type Speech } from '../speech.js';
import { viewAccount } from './account.js';
import { viewAccountAddress } from './account-address.js';
import { viewAccountPassword } from './account-password.js';
import { viewConfirm } from './confirm.js';
import { viewEnrollTicket } from './enroll-ticket.js';
import { viewFactor } from './factor.js';
import { viewFirstOperator, viewNoOwner } from './first-owner.js';
import { viewInvitation, viewProof, viewSignUp } from './joining.js';
import { Document, type View } from './layout.js';
import { viewMailedQuestion } from './mailed-question.js';
import { viewOrganizationPicker, viewOrganizationPrompt } from './organizations.js';
import { viewError, viewFormPost, viewRefusal, viewSignedOut } from './outcomes.js';
import { viewForgotPassword, viewResetPassword } from './recovery.js';
import { viewSetup } from './setup.js';
import { viewIdentifier, viewPassword, viewRelay } from './sign-in.js';
import { viewSignOut } from './sign-out.js';
import { createTalk, type Talk } from './talk.js';
import { viewVerifyEmail } from './verify-email.js';

type Views = { readonly [Name in Page['page']]: (page: Extract<Page, { page: Name }>, talk: Talk) => View };

/** The view of each page in models.ts. If one is missing, the code does not compile. */
const VIEWS: Views = {
  account: viewAccount,
  'account-address': viewAccountAddress,
  'account-password': viewAccountPassword,
  identifier: viewIdentifier,
  password: viewPassword,
  relay: viewRelay,
  invitation: viewInvitation,
  'sign-up': viewSignUp,
  proof: viewProof,
  confirm: viewConfirm,
  factor: viewFactor,
  'organization-picker': viewOrganizationPicker,
  'organization-prompt': viewOrganizationPrompt,
  'forgot-password': viewForgotPassword,
  'reset-password': viewResetPassword,
  'verify-email': viewVerifyEmail,
  'enroll-ticket': viewEnrollTicket,
  unblock: viewMailedQuestion,
  'stop-factor': viewMailedQuestion,
  'sign-out': viewSignOut,
  'signed-out': viewSignedOut,
  refusal: viewRefusal,
  error: viewError,
  'form-post': viewFormPost,
  setup: viewSetup,
  'first-operator': viewFirstOperator,
  'no-owner': viewNoOwner,
};

/**
 * Returns the HTML document for `page`, doctype included. `nonce` is that of the response's policy (headers.ts): base64
 * or base64url, new for every response. The texts are those of `speech`.
 */
export function renderPage(page: Page, options: { readonly nonce: string; readonly speech?: Speech }): string {
  const talk = createTalk(options.speech ?? ENGLISH);
  // VIEWS has the right view for each page, but the compiler cannot follow that through an index.
  const view = (VIEWS[page.page] as (page: Page, talk: Talk) => View)(page, talk);
  return `<!doctype html>${render(<Document brand={page.brand} view={view} nonce={options.nonce} talk={talk} />)}`;
}
