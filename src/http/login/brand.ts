/** The look of a page: the organization's branding, else the tenant's name. */
import { type Organization, organizationTitle, type Tenant } from '../../domain/tenant.js';
import type { PageBrand } from '../pages/models.js';

/** `undefined` for what is not known yet gives the neutral look. */
export function brandOf(organization: Organization | undefined, tenant: Tenant | undefined): PageBrand {
  if (organization === undefined) return { title: tenant?.friendlyName ?? 'Vestibule' };
  const { logoUrl, primaryColor, pageBackground } = organization.branding;
  return {
    title: organizationTitle(organization),
    ...(logoUrl !== undefined && { logoUrl }),
    ...(primaryColor !== undefined && { primaryColor }),
    ...(pageBackground !== undefined && { pageBackground }),
  };
}
