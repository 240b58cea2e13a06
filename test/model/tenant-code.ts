/**
 * Actions of a history: two that a tenant may have, once as code for the server and once as rules for the model, and the tenant's
 * order of membership and code. Both sides are written from the same sentences here and share nothing else.
 */
import fc from '../support/random.js';
import { isMember, rolesOf } from './rules.js';
import { DENIALS, type State, type TenantCode } from './state.js';

export const POST_LOGIN: Readonly<Record<(typeof DENIALS)[number], string>> = {
  newcomers: `exports.onExecutePostLogin = async (event, api) => {
    if (!event.organization.membership.exists) api.access.deny('no newcomers');
  };`,
  'no-editors': `exports.onExecutePostLogin = async (event, api) => {
    if (!event.authorization.roles.includes('editor')) api.access.deny('no editor');
  };`,
  o1: `exports.onExecutePostLogin = async (event, api) => {
    if (event.organization.name === 'o1') api.access.deny('not here');
  };`,
};
export const ADMISSION = `exports.onExecuteOrganizationAdmission = async (event, api) => {
  if (event.organization.name === 'o0') return api.admission.allow({ roles: ['auditor'] });
  if (event.organization.name === 'o1') return api.admission.deny('not here');
};`;

/** Tells whether post-login denies this user, who has `roles` or is about to be given them. */
export function isDenied(state: State, organization: string, user: string, roles: readonly string[]): boolean {
  switch (state.code?.denies) {
    case 'newcomers':
      return !isMember(state, organization, user);
    case 'no-editors':
      return ![...rolesOf(state, organization, user), ...roles].includes('editor');
    case 'o1':
      return organization === 'o1';
    default:
      return false;
  }
}

export const tenantCodes: fc.Arbitrary<TenantCode> = fc.record({
  order: fc.constantFrom('after_actions', 'before_actions'),
  denies: fc.constantFrom(...DENIALS, undefined),
  admits: fc.boolean(),
});
