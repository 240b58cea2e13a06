/**
 * Tells what a member did with the My Organization API, from a line of the log: a sentence, the thing that it is about, and
 * what would take it back. Pure. A write of several operations has several lines, all with the path of the call; those
 * that say nothing of their own are left out.
 */
import type { LogLine } from '../../../lines/answers.js';

/** Finds the names of things by their ids. An unknown id is its own name. */
export interface Names {
  person(id: string): string;
  role(id: string): string;
  domain(id: string): string | undefined;
  connection(id: string): string | undefined;
}

/** The action that takes the change back. The page offers it only while it still applies. */
export type Undo =
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'invitation'; readonly email: string }
  | { readonly kind: 'take-roles' | 'give-roles'; readonly userId: string; readonly roles: readonly string[] }
  | { readonly kind: 'connection'; readonly connectionId: string };

export interface Change {
  /** The change, to be read after their name: "added the domain acme.com". */
  readonly says: string;
  /** Part of the organization's pages where the thing is: "/members/auth0|1". */
  readonly place?: string | undefined;
  readonly undo?: Undo | undefined;
}

interface Facts {
  readonly method: string;
  /** Parts of the path after `/my-org`, decoded. */
  readonly parts: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly line: LogLine;
  readonly names: Names;
}

type Tell = (facts: Facts) => Change | undefined;

const PATH = /^\/my-org(?:\/v1)?\/(.+)$/;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Returns the parts of the path after `/my-org`; undefined for a line of another API. */
function findParts({ details }: LogLine): readonly string[] | undefined {
  const path = details.request?.path;
  const rest = path === undefined ? undefined : PATH.exec(path)?.[1];
  return rest?.split('/').filter(Boolean).map(decode);
}

/** True for a line that a member's write with the My Organization API left. */
export const isCustomersOwn = (line: LogLine): boolean => line.type === 'sapi' && findParts(line) !== undefined;

/** True for a line with which a member connected an identity provider, or switched one on. */
export function isSwitchOn(line: LogLine): boolean {
  const [first, , part] = findParts(line) ?? [];
  const { body } = line.details.request ?? {};
  const sent = (body ?? {}) as { readonly is_enabled?: unknown };
  return first === 'identity-providers' && part === undefined && sent.is_enabled === true;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function listNames(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const callRoles = (roles: readonly string[], names: Names): string =>
  `the role${roles.length > 1 ? 's' : ''} ${listNames(roles.map(names.role))}`;

const DETAILS: Readonly<Record<string, string>> = { display_name: 'title', branding: 'logo and colors' };

const tellDetails: Tell = ({ body }) => {
  const changed = Object.keys(body).flatMap((name) => DETAILS[name] ?? []);
  const title = textOf(body.display_name);
  const says = `changed the ${listNames(changed) || 'details'} of the organization`;
  return {
    says: title === undefined ? says : `${says}: it is now called ${title}`,
    place: body.branding === undefined ? '/settings' : '/branding',
  };
};

const tellDomain: Tell = ({ method, parts: [, id, verb], body, names }) => {
  const name = textOf(body.domain) ?? (id === undefined ? undefined : names.domain(id));
  const domain = name === undefined ? 'a domain that is gone now' : `the domain ${name}`;
  const place = name === undefined ? undefined : '/connections';
  const undo: Undo | undefined = name === undefined ? undefined : { kind: 'domain', domain: name };
  if (verb === 'verify') return { says: `checked the DNS record of ${domain}`, place, undo };
  if (method === 'delete') return { says: 'removed a domain', place: '/connections' };
  return { says: `added ${domain}`, place, undo };
};

const tellInvitation: Tell = ({ method, parts, body, names }) => {
  const place = '/invitations';
  // A new invitation revokes the older ones of the same address.
  if (method === 'delete')
    return parts.length === 1 && parts[0] === 'member-invitations'
      ? undefined
      : { says: 'revoked an invitation', place };
  const email = textOf((body.invitee as { readonly email?: unknown } | undefined)?.email);
  const roles = textsOf(body.roles);
  const says = `invited ${email ?? 'somebody'}${roles.length === 0 ? '' : `, with ${callRoles(roles, names)}`}`;
  return { says, place, undo: email === undefined ? undefined : { kind: 'invitation', email } };
};

const tellRemoval: Tell = ({ body, names }) => {
  const [userId] = textsOf(body.members);
  // Nothing adds a member back: an operator invites the person again.
  return { says: `removed ${userId === undefined ? 'a member' : names.person(userId)}`, place: '/invitations' };
};

const tellRoles: Tell = ({ method, parts: [, userId = ''], body, names }) => {
  const roles = textsOf(body.roles);
  const words = callRoles(roles, names);
  const person = names.person(userId);
  const place = `/members/${encodeURIComponent(userId)}`;
  return method === 'delete'
    ? { says: `took ${words} from ${person}`, place, undo: { kind: 'give-roles', userId, roles } }
    : { says: `gave ${person} ${words}`, place, undo: { kind: 'take-roles', userId, roles } };
};

/** Says what a change of an identity provider's settings did: all of it, since one request may hide the other. */
function saySettings(body: Facts['body'], provider: string): string {
  const { is_enabled: isOn, assign_membership_on_login: isOpen, options } = body;
  const says = [
    isOn === true && `switched ${provider} on`,
    isOn === false && `switched ${provider} off`,
    isOpen === true && letsIn(provider),
    isOpen === false && `no longer lets people become members by ${provider}`,
    options !== undefined && `changed the settings of ${provider}`,
  ].filter((one) => one !== false);
  return says.length > 0 ? listNames(says) : `changed how ${provider} is shown`;
}

const letsIn = (provider: string): string => `lets everybody who signs in with ${provider} become a member`;

const SCIM_TOKENS = { post: 'created a token for the directory of', delete: 'deleted a token for the directory of' };
const DIRECTORY = { post: 'switched directory sync on for', delete: 'switched directory sync off for' };
const verbOf = (verbs: typeof DIRECTORY, method: string) =>
  (Object.hasOwn(verbs, method) ? verbs[method as 'post'] : undefined) ?? 'changed directory sync of';

const tellProvider: Tell = ({ method, parts: [, id, part, more], body, line, names }) => {
  const connectionId = id ?? line.connection_id ?? textOf(body.connection_id);
  const title = textOf(body.display_name);
  const known = connectionId === undefined ? undefined : names.connection(connectionId);
  const provider = `the identity provider ${title ?? known ?? textOf(body.name) ?? line.connection ?? ''}`.trim();
  const place = known === undefined ? undefined : `/connections/${connectionId}`;
  const undo: Undo | undefined =
    known === undefined || connectionId === undefined ? undefined : { kind: 'connection', connectionId };
  const told = (says: string): Change => ({ says, place, undo });
  if (id === undefined && textOf(body.strategy) !== undefined) return told(`connected ${provider}`);
  // The second line of that write, with which the organization begins to use the connection.
  if (id === undefined) return body.assign_membership_on_login === true ? told(letsIn(provider)) : undefined;
  const gone = (says: string): Change => ({ says, place: '/connections' });
  if (part === 'detach') return gone(`stopped using ${provider}`);
  if (part === 'domains')
    return told(more === undefined ? `let a domain lead to ${provider}` : `no longer lets ${more} lead to ${provider}`);
  if (part === 'provisioning')
    return told(`${verbOf(more === 'scim-tokens' ? SCIM_TOKENS : DIRECTORY, method)} ${provider}`);
  if (part !== undefined) return told(`changed the attributes of ${provider}`);
  return method === 'delete' ? gone(`deleted ${provider}`) : told(saySettings(body, provider));
};

/** By the first part of the path. */
const TELL: Readonly<Record<string, Tell>> = {
  details: tellDetails,
  domains: tellDomain,
  members: tellRoles,
  'delete-memberships': tellRemoval,
  'member-invitations': tellInvitation,
  'delete-member-invitations': tellInvitation,
  'identity-providers': tellProvider,
};

/** Says what a member did; undefined for a line that belongs to another one, or is of another API. */
export function tellChange(line: LogLine, names: Names): Change | undefined {
  const parts = findParts(line);
  const [first] = parts ?? [];
  if (parts === undefined || first === undefined) return undefined;
  const { method = '', body } = line.details.request ?? {};
  const tell = Object.hasOwn(TELL, first) ? TELL[first] : undefined;
  const sent = typeof body === 'object' && body !== null ? (body as Facts['body']) : {};
  return tell ? tell({ method, parts, body: sent, line, names }) : { says: `changed something: ${line.description}` };
}

/** Returns the ids of the people whom the lines name, each once: those who acted, and those who were changed. */
export function peopleIn(lines: readonly LogLine[]): readonly string[] {
  const ids = lines.flatMap((line) => {
    const { auth, body } = line.details.request ?? {};
    const parts = findParts(line) ?? [];
    const members = textsOf((body as { readonly members?: unknown } | undefined)?.members);
    return [auth?.subject, parts[0] === 'members' ? parts[1] : undefined, ...members];
  });
  return [...new Set(ids.filter((id) => id !== undefined))];
}
