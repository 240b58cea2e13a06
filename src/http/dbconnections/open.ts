/** Decides where a program may request a new account. Uses settings alone, never whether an account exists. */
import { findRequiredCompany, isSignUpOpen } from '../../login/home-realm.js';
import type { DatabaseRequest } from './request.js';

/**
 * True where everybody may open an account by a mailed link. False where an Action decides about sign-ups: its event has
 * the login of the person, so they sign up on the page.
 */
export function isOpenFor({ email, target, database }: DatabaseRequest): boolean {
  if (target.tenant.actions.bound.includes('pre-user-registration')) return false;
  return isSignUpOpen(target, database) && findRequiredCompany(target, email) === undefined;
}
