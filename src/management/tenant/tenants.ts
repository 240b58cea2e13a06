/**
 * `/tenants/settings`. Lifetimes are in hours in JSON, in seconds in the database. Settings without an effect here are
 * only stored and returned.
 */
import type { TenantSettings } from '../../ports/directory/tenant.js';
import { badBody } from '../api/errors.js';
import { namesOf, toChanges } from '../api/fields.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, changed, listOf, mergeKept, openTo, rowsOf, viewOf } from '../api/wire.js';
import {
  TENANT_COLUMNS,
  TENANT_FIELDS,
  TENANT_FLAG_DEFAULTS,
  TENANT_KEPT_DEFAULTS,
  type TenantSettingsBody,
} from './fields.js';

interface SettingsBody extends TenantSettingsBody {
  readonly session_lifetime?: number;
  readonly session_lifetime_in_minutes?: number;
  readonly idle_session_lifetime?: number;
  readonly idle_session_lifetime_in_minutes?: number;
}

/** Properties that are not stored in `extra`: they have a column or are computed. */
const OWN_PROPERTIES: ReadonlySet<string> = new Set([
  ...namesOf(TENANT_COLUMNS),
  'session_lifetime_in_minutes',
  'idle_session_lifetime_in_minutes',
]);
const SECONDS_PER_HOUR = 3_600;
const MAX_HOURS = 8_760;

function toSeconds(hours: number | undefined, minutes: number | undefined, name: string): number | undefined {
  const seconds = minutes === undefined ? (hours === undefined ? undefined : hours * SECONDS_PER_HOUR) : minutes * 60;
  if (seconds !== undefined && seconds > MAX_HOURS * SECONDS_PER_HOUR)
    throw badBody(`${name} takes at most ${MAX_HOURS} hours.`);
  return seconds;
}

const { sandbox_version: SANDBOX } = TENANT_KEPT_DEFAULTS;
const { defaultRedirectionUri: _shownEmpty, ...OTHER_FIELDS } = TENANT_FIELDS;
const SETTINGS = viewOf<TenantSettings>({
  sandbox_version: ['string', ({ extra }) => extra.sandbox_version ?? SANDBOX],
  flags: [ANY_OBJECT, ({ extra }) => ({ ...TENANT_FLAG_DEFAULTS, ...(extra.flags as Wire | undefined) })],
  sandbox_versions_available: [listOf('string'), () => [SANDBOX]],
  default_redirection_uri: ['string', ({ defaultRedirectionUri }) => defaultRedirectionUri ?? ''],
  ...rowsOf(OTHER_FIELDS),
  session_lifetime: ['number', ({ sessionLifetimeSeconds }) => sessionLifetimeSeconds / SECONDS_PER_HOUR],
  idle_session_lifetime: ['number', ({ idleSessionLifetimeSeconds }) => idleSessionLifetimeSeconds / SECONDS_PER_HOUR],
});

function toWire(settings: TenantSettings): Wire {
  return { ...TENANT_KEPT_DEFAULTS, ...settings.extra, ...SETTINGS.show(settings) };
}

const mergeFlags = (extra: Wire, flags: Wire): Wire => mergeKept((extra.flags ?? {}) as Wire, Object.entries(flags));

const PAGES: ReadonlySet<string> = new Set(['change_password', 'error_page', 'guardian_mfa_page']);

/** True for an empty page of the tenant's own. deploy-cli reads such a page as `{}` and sends it as `html: ''`. */
const isNoPage = (name: string, value: unknown) =>
  PAGES.has(name) && Object.values((value ?? {}) as Wire).every((part) => part === '' || part === false);

function toKept(name: string, value: unknown, before: TenantSettings): unknown {
  if (name === 'flags' && value) return mergeFlags(before.extra, value as Wire);
  return isNoPage(name, value) ? null : value;
}

async function update(call: Call): Promise<Reply> {
  const body = call.body as SettingsBody;
  const before = await call.directory.tenant.getSettingsForUpdate();
  const rest = Object.entries(body)
    .filter(([name]) => !OWN_PROPERTIES.has(name))
    .map(([name, value]) => [name, toKept(name, value, before)] as const);
  const session = toSeconds(body.session_lifetime, body.session_lifetime_in_minutes, 'session_lifetime');
  const idle = toSeconds(body.idle_session_lifetime, body.idle_session_lifetime_in_minutes, 'idle_session_lifetime');
  if ((idle ?? before.idleSessionLifetimeSeconds) > (session ?? before.sessionLifetimeSeconds)) {
    throw badBody('idle_session_lifetime must not be longer than session_lifetime.');
  }
  const after = await call.directory.tenant.updateSettings({
    ...toChanges(TENANT_FIELDS, body),
    ...(body.default_redirection_uri === '' && { defaultRedirectionUri: undefined }),
    ...changed<Pick<TenantSettings, 'sessionLifetimeSeconds' | 'idleSessionLifetimeSeconds' | 'extra'>>({
      sessionLifetimeSeconds: session,
      idleSessionLifetimeSeconds: idle,
      extra: rest.length === 0 ? undefined : mergeKept(before.extra, rest),
    }),
  });
  return { body: toWire(after) };
}

const REPLY = openTo(SETTINGS.schema);

/** Returns the operations on `/tenants/settings`. */
export function tenantOperations(): Operation[] {
  const path = '/tenants/settings';
  return [
    {
      method: 'get',
      path,
      summary: 'Get the settings of the tenant',
      reply: REPLY,
      fields: true,
      run: async (call) => ({ body: toWire(await call.directory.tenant.getSettings()) }),
    },
    {
      method: 'patch',
      path,
      summary: 'Update the settings of the tenant',
      reply: REPLY,
      run: update,
    },
  ];
}
