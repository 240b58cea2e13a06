/**
 * The operations of the My Organization API, by the keys of Auth0's document. The document's other operations are not
 * here: facts/absent-addresses.ts has the words with which they are refused.
 */
import type { Run } from './call.js';
import { showConfiguration, showDetails, updateDetails } from './details.js';
import { addDomain, listDomains, removeDomain, showDomain, verifyDomain } from './domains.js';
import {
  createIdp,
  deleteIdp,
  detachIdp,
  listIdps,
  showIdp,
  showIdpConfiguration,
  updateIdp,
} from './identity-providers.js';
import { addIdpDomain, listDomainIdps, removeIdpDomain } from './idp-domains.js';
import {
  invite,
  listInvitationRoles,
  listInvitations,
  revokeInvitation,
  revokeInvitations,
  showInvitation,
} from './invitations.js';
import {
  assignRoles,
  listMemberRoles,
  listMembers,
  listRoles,
  removeMember,
  showMember,
  unassignRoles,
} from './members.js';
import {
  createProvisioning,
  createToken,
  listTokens,
  removeProvisioning,
  revokeToken,
  showProvisioning,
  updateProvisioningAttributes,
} from './provisioning.js';
import { updateAttributes } from './update-attributes.js';

const PROVISIONING = '/identity-providers/{idp_id}/provisioning';

export const MY_ORGANIZATION_OPERATIONS: Readonly<Record<string, Run>> = {
  'get /config': showConfiguration,
  'get /details': showDetails,
  'patch /details': updateDetails,
  'get /domains': listDomains,
  'post /domains': addDomain,
  'get /domains/{domain_id}': showDomain,
  'delete /domains/{domain_id}': removeDomain,
  'post /domains/{domain_id}/verify': verifyDomain,
  'get /config/identity-providers': showIdpConfiguration,
  'get /domains/{domain_id}/identity-providers': listDomainIdps,
  'get /identity-providers': listIdps,
  'post /identity-providers': createIdp,
  'get /identity-providers/{idp_id}': showIdp,
  'patch /identity-providers/{idp_id}': updateIdp,
  'delete /identity-providers/{idp_id}': deleteIdp,
  'post /identity-providers/{idp_id}/detach': detachIdp,
  'post /identity-providers/{idp_id}/domains': addIdpDomain,
  'delete /identity-providers/{idp_id}/domains/{domain}': removeIdpDomain,
  'put /identity-providers/{idp_id}/update-attributes': updateAttributes(showIdp),
  [`get ${PROVISIONING}`]: showProvisioning,
  [`post ${PROVISIONING}`]: createProvisioning,
  [`delete ${PROVISIONING}`]: removeProvisioning,
  [`put ${PROVISIONING}/update-attributes`]: updateProvisioningAttributes,
  [`get ${PROVISIONING}/scim-tokens`]: listTokens,
  [`post ${PROVISIONING}/scim-tokens`]: createToken,
  [`delete ${PROVISIONING}/scim-tokens/{idp_scim_token_id}`]: revokeToken,
  'get /members': listMembers,
  'get /members/{user_id}': showMember,
  'post /delete-memberships': removeMember,
  'get /members/{user_id}/roles': listMemberRoles,
  'post /members/{user_id}/roles': assignRoles,
  'delete /members/{user_id}/roles': unassignRoles,
  'post /members/{user_id}/unassign-roles': unassignRoles,
  'get /roles': listRoles,
  'get /member-invitations': listInvitations,
  'post /member-invitations': invite,
  'get /member-invitations/{invitation_id}': showInvitation,
  'delete /member-invitations/{invitation_id}': revokeInvitation,
  'post /delete-member-invitations': revokeInvitations,
  'get /member-invitations/{invitation_id}/roles': listInvitationRoles,
};
