/** Where an application lets a login begin (`initiate_login_uri`, else the tenant's `default_redirection_uri`), for one organization. Pure. */

interface Named {
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** `{organization_name}`, `{organization.metadata.public_x}` … in a login URI; what is not known stays as it is written. */
export function fillPlaceholders(template: string, organization: Named | undefined): string {
  return template.replace(/\{([A-Za-z0-9_.]+)\}/g, (whole, name: string) => {
    if (name === 'organization_name' || name === 'organization.name')
      return organization === undefined ? whole : encodeURIComponent(organization.name);
    const key = /^organization\.metadata\.(public_\w+)$/.exec(name)?.[1];
    const value = key === undefined ? undefined : organization?.metadata[key];
    return typeof value === 'string' ? encodeURIComponent(value) : whole;
  });
}

/** The route as an address to go to; undefined when there is none, or when a placeholder of it stays open. */
export function toLoginRoute(template: string | undefined, organization: Named | undefined): string | undefined {
  const filled = fillPlaceholders(template ?? '', organization);
  return /\{[A-Za-z0-9_.]+\}/.test(filled) || !URL.canParse(filled) ? undefined : filled;
}
