/**
 * Name and look of a page: the organization's, else the tenant's own name, else the application's. Never this program's name: it would not
 * tell people where they sign in.
 */
import { type Client, type Organization, organizationTitle, type Tenant, UNNAMED_TENANT } from './tenant.js';

/** Look and name for a page: of the organization's branding, or the tenant's. */
export interface PageBrand {
  /** "Sign in to {title}". */
  readonly title: string;
  readonly logoUrl?: string;
  readonly primaryColor?: string;
  readonly pageBackground?: string;
}

/** The known sources of the brand; those that are not known yet are left out. */
export interface KnownPlace {
  readonly organization?: Organization | undefined;
  readonly tenant?: Pick<Tenant, 'friendlyName'> | undefined;
  readonly client?: Pick<Client, 'name'> | undefined;
}

/** The tenant's name, if an administrator has set one. */
function ownName(tenant: KnownPlace['tenant']): string | undefined {
  const name = tenant?.friendlyName.trim();
  return name === '' || name === UNNAMED_TENANT ? undefined : name;
}

/** `origin` is this server's: its host is shown where nothing else is known. */
export function brandOf({ organization, tenant, client }: KnownPlace, origin: string): PageBrand {
  if (organization === undefined) return { title: ownName(tenant) ?? client?.name ?? new URL(origin).hostname };
  const { logoUrl, primaryColor, pageBackground } = organization.branding;
  return {
    title: organizationTitle(organization),
    ...(logoUrl !== undefined && { logoUrl }),
    ...(primaryColor !== undefined && { primaryColor }),
    ...(pageBackground !== undefined && { pageBackground }),
  };
}
