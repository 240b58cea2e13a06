/**
 * Versions of single resources, an addition: a read answers with an `ETag`, and a write with `If-Match` is refused with
 * 412 when the resource has changed since that read. It prevents a caller, by accident or as an attack, from
 * overwriting a change that they have not seen. The version is a digest of the answer and needs no column. Callers who
 * may see fewer properties get a different version. A write without the header runs as on Auth0.
 */
import { createHash } from 'node:crypto';
import { namesVersion } from '../../kernel/entity-tag.js';
import type { LockedRow } from '../../ports/directory/row-locks.js';
import type { Directory } from '../../ports/directory.js';
import { ManagementError } from './errors.js';
import type { Call, Operation, Reply, Wire } from './operation.js';
import { toVisible } from './property-scopes.js';

/** The row that every change to the resource writes, by path. It is locked while versions are compared. */
const VERSIONED: Readonly<Record<string, LockedRow>> = {
  '/actions/actions/{id}': 'action',
  '/actions/modules/{id}': 'action module',
  '/actions/triggers/{triggerId}/bindings': 'tenant',
  '/attack-protection/brute-force-protection': 'tenant',
  '/attack-protection/suspicious-ip-throttling': 'tenant',
  '/branding': 'tenant',
  '/branding/templates/universal-login': 'page template',
  '/branding/themes/{themeId}': 'tenant',
  '/client-grants/{id}': 'client grant',
  '/clients/{id}': 'application',
  '/connection-profiles/{id}': 'profile',
  '/connections/{id}': 'connection',
  '/connections/{id}/scim-configuration': 'SCIM configuration',
  '/email-templates/{templateName}': 'mail template',
  '/emails/provider': 'mail server',
  '/log-streams/{id}': 'log stream',
  '/organizations/{id}': 'organization',
  '/organizations/{id}/connections/{connection_id}': 'connection of an organization',
  '/organizations/{id}/discovery-domains/{discovery_domain_id}': 'domain of an organization',
  '/organizations/{id}/enabled_connections/{connectionId}': 'connection of an organization',
  '/prompts/{prompt}/custom-text/{language}': 'custom texts',
  '/resource-servers/{id}': 'api',
  '/roles/{id}': 'role',
  '/self-service-profiles/{id}': 'set-up profile',
  '/tenants/settings': 'tenant',
  '/user-attribute-profiles/{id}': 'profile',
  '/users/{id}': 'user',
};

/** True when a read returns a version and a write accepts one. */
export function hasVersions({ method, path }: Pick<Operation, 'method' | 'path'>): boolean {
  return method !== 'post' && Object.hasOwn(VERSIONED, path);
}

/** Returns the primary key of the row: the path's parameters in their order. */
function keysOf(row: LockedRow, { path }: Operation, params: Call['params']): readonly string[] {
  if (row === 'tenant') return [];
  if (row === 'page template') return ['universal-login'];
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => params[name] ?? '');
}

/**
 * Returns the version of the answer that this caller gets for a read. Undefined for a resource without versions, and
 * for an answer that is only a part of a list.
 */
export function findVersion(read: Operation, { caller }: Pick<Call, 'caller'>, reply: Reply): string | undefined {
  if (!hasVersions(read)) return undefined;
  const { page, body, whole = body } = reply;
  if (page !== undefined && page.total !== page.items.length) return undefined;
  const items = page === undefined ? [whole] : page.items;
  const seen = items.map((item) => toVisible(read, caller.scopes, (item ?? {}) as Wire));
  return `"${createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 22)}"`;
}

/** Paging for a read that returns a list. One page is the whole list: the longest, a trigger's bindings, has 20. */
const WHOLE: Call['paging'] = { mode: 'paged', request: { limit: 100, offset: 0, count: true } };

/**
 * Throws 412 when `header` (`If-Match`) is not the current version of the resource that `read` returns. Runs in the
 * transaction of the write and locks the row first. Otherwise two concurrent writers would both find the version that
 * they know, and the later would overwrite the earlier.
 */
export async function checkVersion(
  read: Operation | undefined,
  call: Omit<Call, 'directory'>,
  directory: Directory,
  header: string,
): Promise<void> {
  const row = read && VERSIONED[read.path];
  if (read === undefined || row === undefined)
    throw new ManagementError(412, 'This has no versions: send it without If-Match.', 'no_version');
  await directory.locks.lock(row, keysOf(row, read, call.params));
  const now = await read.run({ ...call, directory, query: {}, body: undefined, paging: WHOLE });
  if (namesVersion(header, findVersion(read, call, now) ?? '')) return;
  throw new ManagementError(
    412,
    'Somebody changed it since you read it. Nothing was done: read it again, compare, and send your change with the new version.',
    'changed_meanwhile',
  );
}
