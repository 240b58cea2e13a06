/**
 * The settings that a rollout changes: the domain proof, home realm discovery, `sso_rollout`, auto-membership. Each is read, written and
 * written back by the same three functions, so that a rollback gives exactly the value from before. Every write reads first: a write whose
 * answer was lost is found done.
 */
import type { Json } from '../remote/exchange.js';
import type { Endpoint } from '../remote/tenant.js';
import { until } from './until.js';

/** `open` is changed before the people, `close` after all of them: a door is shut when nobody stands in it any more. */
export type Phase = 'open' | 'close';

export interface SettingChange {
  /** `domain:acme.example`, `alias:acme.example`, `auto_membership`, `sso_rollout`. */
  readonly id: string;
  readonly phase: Phase;
  /** JSON values; null where the thing did not exist. */
  readonly before: string | boolean | null;
  readonly after: string | boolean | null;
  /** People who could not sign in any more after this change; it is left out of a plan unless the operator accepts that. */
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

async function readOptions(tenant: Endpoint, place: Place): Promise<Json> {
  const body = (await tenant.get(pathOf(place).connection)) as Json;
  return (body.options ?? {}) as Json;
}

function aliasesOf(options: Json): readonly string[] {
  return Array.isArray(options.domain_aliases) ? (options.domain_aliases as string[]) : [];
}

const ENABLEMENT_FIELD: Readonly<Record<string, string>> = {
  auto_membership: 'assign_membership_on_login',
  sso_rollout: 'sso_rollout',
};

/** The value of a setting now. */
export async function readSetting(tenant: Endpoint, place: Place, id: string): Promise<Value> {
  const [kind, name = ''] = id.split(/:(.*)/s);
  if (kind === 'domain') {
    const domain = await findDomain(tenant, place, name);
    return typeof domain?.status === 'string' ? domain.status : null;
  }
  if (kind === 'alias') return aliasesOf(await readOptions(tenant, place)).includes(name);
  const enabled = (await tenant.get(pathOf(place).enabled)) as Json;
  return (enabled[ENABLEMENT_FIELD[id] ?? ''] ?? null) as Value;
}

async function writeDomain(tenant: Endpoint, place: Place, domain: string, value: Value): Promise<void> {
  const found = await findDomain(tenant, place, domain);
  const { domains } = pathOf(place);
  if (value === null) {
    if (found !== undefined) await tenant.send('DELETE', `${domains}/${encodeURIComponent(String(found.id))}`);
  } else if (found === undefined) {
    await tenant.send('POST', domains, { domain, status: value });
  } else {
    await tenant.send('PATCH', `${domains}/${encodeURIComponent(String(found.id))}`, { status: value });
  }
}

async function writeAlias(tenant: Endpoint, place: Place, domain: string, value: Value): Promise<void> {
  // Both kinds of tenant replace `options` as a whole: all of them are sent back as they were read.
  const options = await readOptions(tenant, place);
  const others = aliasesOf(options).filter((alias) => alias !== domain);
  const aliases = value === true ? [...others, domain] : others;
  await tenant.send('PATCH', pathOf(place).connection, { options: { ...options, domain_aliases: aliases } });
}

async function writeOnce(tenant: Endpoint, place: Place, id: string, value: Value): Promise<void> {
  const [kind, name = ''] = id.split(/:(.*)/s);
  if (kind === 'domain') return writeDomain(tenant, place, name, value);
  if (kind === 'alias') return writeAlias(tenant, place, name, value);
  await tenant.send('PATCH', pathOf(place).enabled, { [ENABLEMENT_FIELD[id] ?? id]: value });
}

/** Sets `id` to `value`, unless it has it. */
export async function writeSetting(tenant: Endpoint, place: Place, id: string, value: Value): Promise<void> {
  await until(
    async () => (await readSetting(tenant, place, id)) === value,
    () => writeOnce(tenant, place, id, value),
  );
}
