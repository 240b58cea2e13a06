/** An identity provider in answers of the My Organization API. Has no secret, and no domain of another organization. */

import type { DomainRecord } from '../../ports/directory/organizations.js';
import type { Directory, Page, PageRequest } from '../../ports/directory.js';
import type { Wire } from '../api/operation.js';
import { present } from '../api/wire.js';
import { type AttributeProfile, attributesOf } from './attributes.js';
import { type OwnStrategy, showOptions } from './idp-options.js';
import type { OwnConnection } from './own-connection.js';

/**
 * Returns the name for members. Their own connection has its whole name, which SAML addresses contain. Another one has
 * the name that an operator gave it for them. Attack: its own name tells whom else the tenant has as a customer.
 */
export function nameOf({ connection, enablement }: OwnConnection): string | undefined {
  const isOwn = connection.managedByOrganization === enablement.organizationId;
  return isOwn ? connection.name : enablement.organizationConnectionName;
}

export const titleOf = (own: OwnConnection): string => own.connection.displayName ?? nameOf(own) ?? 'Identity provider';

/** Lists the names of the domains that the organization claims. */
async function listClaimed({ organizations }: Directory, organizationId: string): Promise<ReadonlySet<string>> {
  const names: string[] = [];
  let page: PageRequest | undefined = { limit: 100 };
  while (page !== undefined) {
    const { items, next }: Page<DomainRecord> = await organizations.listDomains(organizationId, page);
    names.push(...items.map(({ domain }) => domain));
    page = next && { limit: 100, after: next };
  }
  return new Set(names);
}

/**
 * Returns the domains that lead to the connection, as far as the organization claims them. Attack: those of a shared
 * connection are other customers'.
 */
export async function domainsOf(directory: Directory, { connection, enablement, level }: OwnConnection) {
  const { domainAliases } = connection;
  if (level === 'full' || domainAliases.length === 0) return domainAliases;
  const claimed = await listClaimed(directory, enablement.organizationId);
  return domainAliases.filter((domain) => claimed.has(domain));
}

/**
 * Returns the identity provider for an answer. `profile`: the attributes that the operator asks for. `check` is ours: what
 * was wrong at the last sign-in.
 */
export async function toIdp(
  directory: Directory,
  own: OwnConnection,
  profile?: AttributeProfile,
  check?: Wire,
): Promise<Wire> {
  const { connection, enablement, level } = own;
  const { id, strategy, options } = connection;
  return present({
    ...{
      id,
      name: nameOf(own) ?? null,
      strategy,
      domains: await domainsOf(directory, own),
      display_name: titleOf(own),
    },
    show_as_button: enablement.showAsButton,
    assign_membership_on_login: enablement.assignMembershipOnLogin,
    is_enabled: enablement.isEnabled,
    access_level: level,
    options: showOptions(strategy as OwnStrategy, options),
    attributes: attributesOf(connection, profile),
    check,
  });
}
