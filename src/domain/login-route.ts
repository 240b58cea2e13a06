/**
 * The address where an application starts a login for an organization (`initiate_login_uri`, else
 * `default_redirection_uri`). Pure.
 */

interface Named {
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Fills `{organization_name}`, `{organization.metadata.public_x}` … in a login URI; an unknown placeholder stays
 * unchanged.
 */
export function fillPlaceholders(template: string, organization: Named | undefined): string {
  return template.replace(/\{([A-Za-z0-9_.]+)\}/g, (whole, name: string) => {
    if (name === 'organization_name' || name === 'organization.name')
      return organization === undefined ? whole : encodeURIComponent(organization.name);
    const key = /^organization\.metadata\.(public_\w+)$/.exec(name)?.[1];
    const value = key === undefined ? undefined : organization?.metadata[key];
    return typeof value === 'string' ? encodeURIComponent(value) : whole;
  });
}

/**
 * Returns the address to start the login at; undefined when the template has none, or when a placeholder could not be
 * filled.
 */
export function toLoginRoute(template: string | undefined, organization: Named | undefined): string | undefined {
  const filled = fillPlaceholders(template ?? '', organization);
  return /\{[A-Za-z0-9_.]+\}/.test(filled) || !URL.canParse(filled) ? undefined : filled;
}
