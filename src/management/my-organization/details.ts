/** `/details` and `/config`: the organization as its administrators see it, and what their application may set up. */
import type { OrganizationRecord } from '../../ports/directory/organizations.js';
import { notFound } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { present } from '../api/wire.js';
import { forbidden, noOrganizationHere, type OrganizationCall, type Run, write } from './call.js';
import { strategiesFor } from './idp-options.js';
import { checkTitle, faultAt } from './requests.js';

interface DetailsBody {
  readonly id?: string;
  readonly name?: string;
  readonly display_name?: string;
  readonly branding?: { readonly logo_url?: string | null; readonly colors?: Wire };
}

/** Auth0's form has both colors or none, and a logo at an https address. */
function toBranding({ logoUrl, primaryColor, pageBackground }: OrganizationRecord['branding']): Wire | undefined {
  const branding = {
    ...(logoUrl?.startsWith('https://') && { logo_url: logoUrl }),
    ...(primaryColor && pageBackground && { colors: { primary: primaryColor, page_background: pageBackground } }),
  };
  return Object.keys(branding).length > 0 ? branding : undefined;
}

/** Returns the organization of the token. Throws 404. */
export async function getOrganization({ deps, organizationId }: OrganizationCall): Promise<OrganizationRecord> {
  const organization = await deps.directory.organizations.find(organizationId);
  if (organization === undefined) throw noOrganizationHere();
  return organization;
}

/** Shows the organization: name, title, colors and logo. No metadata: operators keep their own notes there. */
export const showDetails: Run = async (call) => {
  const { id, name, displayName, branding } = await getOrganization(call);
  return present({ id, name, display_name: displayName ?? name, branding: toBranding(branding) });
};

/** Returns the branding to store: what is left out stays, and `logo_url: null` takes the logo away. */
function mergeBranding(before: OrganizationRecord['branding'], given: NonNullable<DetailsBody['branding']>): Wire {
  const { primaryColor, pageBackground } = before;
  const kept = primaryColor && pageBackground && { primary: primaryColor, page_background: pageBackground };
  const logo = given.logo_url === undefined ? before.logoUrl : given.logo_url;
  return present({ logo_url: logo ?? undefined, colors: given.colors ?? (kept || undefined) });
}

/** Changes title, colors and logo. */
export const updateDetails: Run = async (call) => {
  const { id, name, display_name: displayName, branding } = call.body as DetailsBody;
  checkTitle(displayName);
  const before = await getOrganization(call);
  if (id !== undefined && id !== before.id) throw faultAt('/id', 'an organization keeps its id.');
  // Attack: an organization takes the name that another one gave up. Applications know customers by it (`org_name`).
  if (name !== undefined && name !== before.name)
    throw forbidden('name: only an operator changes the name of an organization. Change display_name instead.');
  const body = present({
    display_name: displayName,
    branding: branding && mergeBranding(before.branding, branding),
  });
  if (Object.keys(body).length > 0) await write(call, [{ key: 'patch /organizations/{id}', body }]);
  return showDetails(call);
};

/** Shows which identity providers the application may set up. */
export const showConfiguration: Run = async (call) => {
  const { configuration } = call.member;
  if (configuration === undefined) throw notFound('The application has no my_organization_configuration.');
  // A strategy that this server has under another name would be offered, and then refused.
  return { allowed_strategies: strategiesFor(call), connection_deletion_behavior: configuration.deletionBehavior };
};
