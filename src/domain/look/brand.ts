/**
 * Name and look of a page: the organization's, else the tenant's own, else the application's name. Never this program's
 * name: it would not tell people where they sign in. As on Auth0, an organization's branding overrides the theme, and
 * the theme overrides the tenant's branding.
 */

import { type Client, type Organization, organizationTitle, type Tenant, UNNAMED_TENANT } from '../tenant.js';
import { toOneLine, unlinked } from './brand-mark.js';
import type { Ground, TenantLook, Theme } from './look.js';

export interface PageBrand {
  /** The name that pages show, as in "Sign in to {title}". */
  readonly title: string;
  readonly logoUrl?: string;
  readonly faviconUrl?: string;
  readonly primaryColor?: string;
  readonly pageBackground?: Ground;
  /** The tenant's theme, for everything that the organization's own branding does not set. */
  readonly theme?: Theme;
}

/** Look and name of a mail: the parts of a page's brand that mails show. */
export type MailLook = Pick<PageBrand, 'title' | 'logoUrl' | 'primaryColor'>;

/** The organization, tenant and application of a page, as far as known. */
export interface KnownPlace {
  readonly organization?: Organization | undefined;
  readonly tenant?: (Pick<Tenant, 'friendlyName'> & { readonly look?: TenantLook }) | undefined;
  readonly client?: Pick<Client, 'name'> | undefined;
}

/** Returns the tenant's name, if an administrator has set one. */
function ownName(tenant: KnownPlace['tenant']): string | undefined {
  const name = tenant?.friendlyName.trim();
  return name === '' || name === UNNAMED_TENANT ? undefined : name;
}

function titleOf({ organization, tenant, client }: KnownPlace, origin: string): string {
  if (organization !== undefined) return organizationTitle(organization);
  return ownName(tenant) ?? client?.name ?? new URL(origin).hostname;
}

/** Returns the brand of a page. `origin` is this server's: its host is shown when nothing else is known. */
export function brandOf(place: KnownPlace, origin: string): PageBrand {
  const own = place.organization?.branding;
  const look = place.tenant?.look;
  const theme = look?.theme;
  const logoUrl = own?.logoUrl ?? theme?.logoUrl ?? look?.logoUrl;
  const primaryColor = own?.primaryColor ?? theme?.colors.button ?? look?.primaryColor;
  const pageBackground = own?.pageBackground ?? theme?.ground ?? look?.pageBackground;
  return {
    title: titleOf(place, origin),
    ...(logoUrl !== undefined && { logoUrl }),
    ...(look?.faviconUrl !== undefined && { faviconUrl: look.faviconUrl }),
    ...(primaryColor !== undefined && { primaryColor }),
    ...(pageBackground !== undefined && { pageBackground }),
    ...(theme !== undefined && { theme: withOwn(theme, own) }),
  };
}

/** Returns the theme, changed by the organization's own branding. */
function withOwn(theme: Theme, own: Organization['branding'] | undefined): Theme {
  const { primaryColor, pageBackground } = own ?? {};
  return {
    ...theme,
    ...(primaryColor !== undefined && {
      // The theme's text color fits the theme's button, not this color. An empty value lets the page choose one.
      colors: { ...theme.colors, button: primaryColor, buttonText: '', link: primaryColor },
    }),
    ...(pageBackground !== undefined && { ground: pageBackground, groundImageUrl: undefined }),
  };
}

/** Returns the parts of {@link brandOf} that a mail shows. An organization's title, which customers choose, has no link. */
export function mailBrandOf(place: KnownPlace, origin: string): MailLook {
  const { title: shown, logoUrl, primaryColor } = brandOf(place, origin);
  const title = place.organization === undefined ? shown : unlinked(toOneLine(shown));
  return { title, ...(logoUrl !== undefined && { logoUrl }), ...(primaryColor !== undefined && { primaryColor }) };
}
