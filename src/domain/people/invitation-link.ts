/**
 * The links of an invitation: the one in its mail, which leads through this server, and the application's address,
 * which starts the login. Pure.
 */
import { fillPlaceholders } from '../login-route.js';

/** Path of the link in an invitation's mail. */
export const OPEN_INVITATION_PATH = '/u/invitation/open';

/** Returns the link for the mail. It leads through this server, so that this browser's sign-in page can offer it later. */
export function toMailedLink(origin: string, ticket: string): string {
  return `${origin}${OPEN_INVITATION_PATH}?${new URLSearchParams({ invitation: ticket }).toString()}`;
}

/**
 * Returns the application's login address (`route`) with ticket, organization id and name. Undefined if the application
 * has none.
 */
export function toInvitationUrl(
  route: string | undefined,
  organization: { readonly id: string; readonly name: string; readonly metadata: Readonly<Record<string, unknown>> },
  ticket: string,
): string | undefined {
  const filled = route === undefined ? '' : fillPlaceholders(route, organization);
  if (!URL.canParse(filled)) return undefined;
  const url = new URL(filled);
  url.searchParams.set('invitation', ticket);
  url.searchParams.set('organization', organization.id);
  url.searchParams.set('organization_name', organization.name);
  return url.href;
}
