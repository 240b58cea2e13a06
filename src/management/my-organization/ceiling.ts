/**
 * Which roles a member may give and take, and whom they may remove (ADR 0099). Each check runs in the transaction of the
 * write. Changes nothing.
 */
import type { Directory } from '../../ports/directory.js';
import { organizationAudience } from '../api/audience.js';
import { conflict, notFound } from '../api/errors.js';
import { forbidden, type Rules } from './call.js';
import type { Member } from './member.js';

/** The permission of an administrator: its holder can give every role that they have. */
const ADMINISTERS = 'create:my_org:member_roles';

export const noMember = () => notFound('The user is not a member of this organization.');
export const noOwnRole = () => forbidden('Nobody gives themselves a role. Ask another administrator.');
export const noRoleHere = () => notFound('The role does not exist.');

const isWithin = (names: readonly string[], { permissions }: Member) => names.every((name) => permissions.has(name));

/**
 * Throws 404 for a role that an operator did not mark, and 403 for one that permits more than the member's own roles.
 * Attack: somebody who may give roles gives a friend, or a second account, a stronger role than their own.
 */
export async function checkRoles(
  origin: string,
  directory: Directory,
  member: Member,
  roleIds: readonly string[],
): Promise<void> {
  const assignable = await directory.myOrganization.findAssignable(roleIds, organizationAudience(origin));
  for (const id of roleIds) {
    const permissions = assignable.get(id);
    if (permissions === undefined) throw noRoleHere();
    if (!isWithin(permissions, member))
      throw forbidden('This role permits more than your own roles in this organization.');
  }
}

/** Throws 404 for a user who is no member. */
export async function checkIsMember(directory: Directory, organizationId: string, userId: string): Promise<void> {
  if ((await directory.members.find(organizationId, userId)) === undefined) throw noMember();
}

/**
 * Throws 403 for a person whose roles permit more than the member's. Attack: somebody who may only remove members removes
 * the administrators.
 */
export async function checkIsNoStronger(
  origin: string,
  directory: Directory,
  member: Member,
  userId: string,
): Promise<void> {
  const { organizationId } = member.token;
  const theirs = await directory.myOrganization.listPermissions(organizationId, userId, organizationAudience(origin));
  if (!isWithin(theirs, member))
    throw forbidden('The roles of this person permit more than your own roles in this organization.');
}

/** True when the organization has an administrator who can sign in. */
export const hasAdministrator = (origin: string, organizationId: string, { myOrganization }: Directory) =>
  myOrganization.hasHolder(organizationId, organizationAudience(origin), ADMINISTERS);

/**
 * Adds to `rules` that an organization which had an administrator keeps one who can sign in. Attack, or mistake: the last
 * one removes themselves or a colleague, and nobody in the organization can undo it.
 */
export function keepingAdministrator(origin: string, organizationId: string, rules: Rules): Rules {
  const has = (directory: Directory) => hasAdministrator(origin, organizationId, directory);
  let had = false;
  return {
    async before(directory, member) {
      await rules.before?.(directory, member);
      had = await has(directory);
    },
    async after(directory, member, answers) {
      await rules.after?.(directory, member, answers);
      if (had && !(await has(directory)))
        throw conflict(
          'This would take away the last administrator of the organization. Give another member the role first.',
        );
    },
  };
}

/** Throws 403 unless the member may give roles through this application. */
export function checkMayGive({ rights }: Member): void {
  if (!rights.has(ADMINISTERS)) throw forbidden(`Roles in an invitation need the permission ${ADMINISTERS}.`);
}
