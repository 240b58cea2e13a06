/**
 * The settings that a rollout changes: domain proof, home realm discovery (and showing the connection), `sso_rollout`,
 * auto-membership. The same functions read, write and restore each, so that a rollback restores the exact former value.
 * Every write may be repeated: one with an unknown result is sent again, and counts as done if an earlier copy did it.
 */
import { type Json, RemoteError } from '../remote/exchange.js';
import type { Endpoint } from '../remote/tenant.js';

/**
 * When a setting is changed. `open`: before the people; `close`: after all of them, so that sign-in by password is
 * closed only when nobody needs it.
 */
export type Phase = 'open' | 'close';

export interface SettingChange {
  /** `domain:acme.example`, `alias:acme.example`, `auto_membership`, `sso_rollout`, `show_as_button`. */
  readonly id: string;
  readonly phase: Phase;
  /**
   * JSON values before and after the change; null for a domain that is not listed, or a connection that is not enabled.
   */
  readonly before: string | boolean | null;
  readonly after: string | boolean | null;
  /** Number of people whom this change locks out; a plan leaves it out unless the operator accepts that. */
  readonly locksOut: number;
}

export interface Place {
  readonly organizationId: string;
  readonly connectionId: string;
}

type Value = SettingChange['before'];

function pathOf({ organizationId, connectionId }: Place) {
  const organization = `/organizations/${encodeURIComponent(organizationId)}`;
  return {
    domains: `${organization}/discovery-domains`,
    enabled: `${organization}/enabled_connections/${encodeURIComponent(connectionId)}`,
    connection: `/connections/${encodeURIComponent(connectionId)}`,
  };
}

async function findDomain(tenant: Endpoint, place: Place, domain: string): Promise<Json | undefined> {
  const found = await tenant.find(`${pathOf(place).domains}/name/${encodeURIComponent(domain)}`);
  return found as Json | undefined;
}

interface Options {
  readonly options: Json;
  /** Revision of the options, which a conditional write names; Vestibule only. */
  readonly revision: string | undefined;
}

/**
 * Reads the connection's options; none where the connection is gone. Throws {@link RemoteError} for an answer without
 * options: a write replaces them all, so it would erase issuer, client and secret.
 */
async function readOptions(tenant: Endpoint, place: Place): Promise<Options> {
  const body = (await tenant.find(pathOf(place).connection)) as Json | undefined;
  if (body === undefined) return { options: {}, revision: undefined };
  const { options, options_revision: revision } = body;
  if (typeof options === 'object' && options !== null)
    return { options: options as Json, revision: typeof revision === 'string' ? revision : undefined };
  throw new RemoteError(
    'refused',
    'The tenant shows the connection without its options.',
    'The client needs read:connections_options: without it, a write would leave nothing of them.',
  );
}

/** Reads the domains that lead to the connection. */
export async function readAliases(tenant: Endpoint, place: Place): Promise<readonly string[]> {
  return aliasesOf((await readOptions(tenant, place)).options);
}

function aliasesOf(options: Json): readonly string[] {
  return Array.isArray(options.domain_aliases) ? (options.domain_aliases as string[]) : [];
}

const ENABLEMENT_FIELD: Readonly<Record<string, string>> = {
  auto_membership: 'assign_membership_on_login',
  sso_rollout: 'sso_rollout',
  show_as_button: 'show_as_button',
};
/** Defaults: an answer omits a setting that has its default value, and null cannot be written. */
const DEFAULTS: Readonly<Record<string, Value>> = {
  auto_membership: false,
  sso_rollout: 'optional',
  show_as_button: true,
};

/**
 * Reads the current value of a setting; null for a domain that is not listed, or a connection that is no longer
 * enabled.
 */
export async function readSetting(tenant: Endpoint, place: Place, id: string): Promise<Value> {
  const [kind, name = ''] = id.split(/:(.*)/s);
  if (kind === 'domain') {
    const domain = await findDomain(tenant, place, name);
    return typeof domain?.status === 'string' ? domain.status : null;
  }
  if (kind === 'alias') return (await readAliases(tenant, place)).includes(name);
  const enabled = (await tenant.find(pathOf(place).enabled)) as Json | undefined;
  if (enabled === undefined) return null;
  return (enabled[ENABLEMENT_FIELD[id] ?? ''] ?? DEFAULTS[id] ?? null) as Value;
}

const READS = 3;
const TRIES = 8;

/**
 * Reads a setting that was just changed. The value `doubted` may be an outdated answer, so it is believed only after
 * three reads.
 */
export async function readBeyond(tenant: Endpoint, place: Place, id: string, doubted: Value): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    const now = await readSetting(tenant, place, id);
    if (now !== doubted || attempt === READS) return now;
    await tenant.pause(attempt);
  }
}

async function writeDomain(tenant: Endpoint, place: Place, domain: string, value: Value): Promise<void> {
  const found = await findDomain(tenant, place, domain);
  const { domains } = pathOf(place);
  if ((found?.status ?? null) === value) return;
  if (found === undefined) {
    await tenant.send('POST', domains, { domain, status: value });
    return;
  }
  const path = `${domains}/${encodeURIComponent(String(found.id))}`;
  if (value === null) await tenant.send('DELETE', path);
  else await tenant.send('PATCH', path, { status: value });
}

/** True where the connection's options have a list of domains, even an empty one. */
export async function hasAliases(tenant: Endpoint, place: Place): Promise<boolean> {
  return Array.isArray((await readOptions(tenant, place)).options.domain_aliases);
}

export interface SettingWrite {
  readonly id: string;
  readonly value: Value;
}

/** Reads options newer than the revision `refused`, which the tenant called outdated; at most three times. */
async function readOptionsBeyond(tenant: Endpoint, place: Place, refused: string | undefined): Promise<Options> {
  for (let attempt = 1; ; attempt += 1) {
    const read = await readOptions(tenant, place);
    if (refused === undefined || read.revision !== refused || attempt === READS) return read;
  }
}

/**
 * Returns the options with the domains of `writes` added or removed. `keepsList`: an empty list of domains is kept as a
 * list.
 */
function withAliases(
  { domain_aliases: listed, ...options }: Json,
  writes: readonly SettingWrite[],
  keepsList: boolean,
) {
  const wanted = new Map(writes.map(({ id, value }) => [id.slice('alias:'.length), value === true]));
  const others = aliasesOf({ domain_aliases: listed }).filter((alias) => !wanted.has(alias));
  const aliases = [...others, ...[...wanted].flatMap(([alias, isListed]) => (isListed ? [alias] : []))];
  return { ...options, ...(aliases.length > 0 || keepsList ? { domain_aliases: aliases } : {}) };
}

function areThere(aliases: readonly string[], writes: readonly SettingWrite[]): boolean {
  return writes.every(({ id, value }) => aliases.includes(id.slice('alias:'.length)) === (value === true));
}

/**
 * True when an earlier attempt has already written the domains. Writing them again would refuse logins in progress. An
 * answer counts only after three reads, as in {@link readBeyond}.
 */
async function areWritten(tenant: Endpoint, place: Place, writes: readonly SettingWrite[]): Promise<boolean> {
  if (writes.some(({ id }) => !id.startsWith('alias:'))) return false;
  for (let read = 0; read < READS; read += 1) {
    if (!areThere(await readAliases(tenant, place), writes)) return false;
  }
  return true;
}

/**
 * Reads the domains back, several times, because Auth0 has no conditional writes and a read may be older than the
 * write. Throws {@link RemoteError} where somebody removed them again.
 */
async function checkAliases(tenant: Endpoint, place: Place, writes: readonly SettingWrite[]): Promise<void> {
  for (let read = 1; read <= READS; read += 1) {
    if (areThere(await readAliases(tenant, place), writes)) return;
    await tenant.pause(read);
  }
  throw new RemoteError(
    'unknown',
    'The domains of the connection are not those that were written: somebody else writes its options at the same time.',
    'Let them end, look at the options, then run the command again.',
  );
}

/**
 * Writes the list of domains. Both kinds of tenant replace `options` as a whole, so all of them are sent back as read.
 * On Vestibule, the write names the revision that it was made from: a change that somebody made meanwhile is not
 * overwritten, but read and kept by the next attempt.
 */
async function writeAliases(tenant: Endpoint, place: Place, writes: readonly SettingWrite[], keepsList: boolean) {
  let refused: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const { options, revision } = await readOptionsBeyond(tenant, place, refused);
    const condition = revision === undefined ? '' : `?options_revision=${encodeURIComponent(revision)}`;
    const body = { options: withAliases(options, writes, keepsList) };
    try {
      await tenant.send('PATCH', `${pathOf(place).connection}${condition}`, body);
      return revision === undefined ? await checkAliases(tenant, place, writes) : undefined;
    } catch (error) {
      const isChanged = error instanceof RemoteError && error.code === 'options_changed';
      if (!isChanged || attempt === TRIES) throw error;
      refused = revision;
    }
    if (await areWritten(tenant, place, writes)) return;
  }
}

/**
 * Groups settings into requests: the domains of a connection are one list, and separate requests would each have to
 * read the other's result. Every other setting is a request of its own. Keeps the order.
 */
export function toRequests<T extends { readonly id: string }>(changes: readonly T[]): readonly (readonly T[])[] {
  const aliases = changes.filter(({ id }) => id.startsWith('alias:'));
  return changes.flatMap((change) => {
    if (!change.id.startsWith('alias:')) return [[change]];
    return change === aliases[0] ? [aliases] : [];
  });
}

async function writeOnce(tenant: Endpoint, place: Place, writes: readonly SettingWrite[], keepsList: boolean) {
  for (const { id, value } of writes) {
    const [kind, name = ''] = id.split(/:(.*)/s);
    if (kind === 'alias') return writeAliases(tenant, place, writes, keepsList);
    if (kind === 'domain') await writeDomain(tenant, place, name, value);
    else await tenant.send('PATCH', pathOf(place).enabled, { [ENABLEMENT_FIELD[id] ?? id]: value });
  }
}

/** Refusals that an earlier copy of the same request can cause: the domain exists already, or is already gone. */
const FORESTALLED: ReadonlySet<number> = new Set([404, 409]);
const FORESTALLED_TRIES = 3;

/** Returns how often a write that failed in this way is attempted at most. */
function triesOf({ end, status }: RemoteError): number {
  if (end === 'unknown') return TRIES;
  return FORESTALLED.has(status ?? 0) ? FORESTALLED_TRIES : 1;
}

/**
 * Writes the settings of one request ({@link toRequests}). Repeats it while its result is unknown. Throws {@link
 * RemoteError}.
 */
export async function writeSettings(
  tenant: Endpoint,
  place: Place,
  writes: readonly SettingWrite[],
  { keepsList = true } = {},
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await writeOnce(tenant, place, writes, keepsList);
      return;
    } catch (error) {
      if (!(error instanceof RemoteError) || attempt >= triesOf(error)) throw error;
    }
    await tenant.pause(attempt);
    // A read is repeated until the tenant answers again; a write alone would use up its attempts while a server starts.
    await readSetting(tenant, place, writes[0]?.id ?? '');
    if (await areWritten(tenant, place, writes)) return;
  }
}
