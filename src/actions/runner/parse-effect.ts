/**
 * Checks the effects that a process sent, as untrusted input: their shape, their size, and whether the trigger allows
 * them. So an Action that took over its process can request only effects of its trigger.
 */
import {
  type Effect,
  type EffectKind,
  type Json,
  MAX_FACTOR_TYPES,
  MULTIFACTOR_PROVIDERS,
  type TriggerId,
} from '../../domain/actions/action.js';
import { ACTION_FACTOR_TYPES } from '../../facts/factors.js';

const MAX_DEPTH = 64;
const MAX_TEXT = 8_192;
const MAX_EFFECTS = 2_000;

const METADATA: readonly EffectKind[] = ['user_metadata', 'app_metadata'];
const BY_TRIGGER: Record<TriggerId, readonly EffectKind[]> = {
  'post-login': [
    ...METADATA,
    'claim',
    'scope',
    'primary_user',
    'record_method',
    'multifactor',
    'factor_command',
    'session_expiry',
    'session_idle_expiry',
    'session_cookie',
    'session_metadata',
    'refresh_token_expiry',
    'refresh_token_idle_expiry',
    'refresh_token_metadata',
    'revoke',
    'transaction_metadata',
  ],
  'credentials-exchange': ['claim', 'scope'],
  'pre-user-registration': METADATA,
  'post-user-registration': [],
  'post-change-password': [],
  'login-post-identifier': ['route'],
  'organization-admission': ['admit'],
};

export type Fields = Readonly<Record<string, unknown>>;

/** Returns `value` if it is an object, else undefined. */
export function findFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** True for a text of at most `maximum` characters. */
export function isText(value: unknown, maximum = MAX_TEXT): value is string {
  return typeof value === 'string' && value.length <= maximum;
}

function isOneOf<Value extends string>(value: unknown, values: readonly Value[]): value is Value {
  return values.includes(value as Value);
}

/** True for JSON of bounded depth without members named `__proto__`, which would replace a prototype when merged. */
function isJson(value: unknown, depth = 0): value is Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  return Object.entries(value).every(([name, item]) => name !== '__proto__' && isJson(item, depth + 1));
}

function isName(value: unknown): value is string {
  return isText(value, 512) && value !== '' && value !== '__proto__';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e15;
}

function isTypes(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_FACTOR_TYPES) return false;
  return value.every((type) => isOneOf(type, ACTION_FACTOR_TYPES));
}

/** The expected shape of each kind of effect; members that a shape does not list are dropped. */
const SHAPES: Record<EffectKind, (fields: Fields) => Effect | undefined> = {
  claim: ({ token, name, value }) =>
    isOneOf(token, ['id', 'access']) && isName(name) && isJson(value)
      ? { kind: 'claim', token, name, value }
      : undefined,
  scope: ({ change, scope }) =>
    isOneOf(change, ['add', 'remove']) && isText(scope, 280) ? { kind: 'scope', change, scope } : undefined,
  user_metadata: (fields) => toNamed('user_metadata', fields),
  app_metadata: (fields) => toNamed('app_metadata', fields),
  session_metadata: (fields) => toNamed('session_metadata', fields),
  refresh_token_metadata: (fields) => toNamed('refresh_token_metadata', fields),
  transaction_metadata: (fields) => toNamed('transaction_metadata', fields),
  primary_user: ({ userId }) => (isName(userId) ? { kind: 'primary_user', userId } : undefined),
  // Attack: code that took over its process records the method `mfa`, so that no factor is asked for in this session.
  record_method: ({ method }) =>
    isName(method) && /^https?:\/\//.test(method) ? { kind: 'record_method', method } : undefined,
  multifactor: ({ provider, remembers }) =>
    isOneOf(provider, MULTIFACTOR_PROVIDERS) && typeof remembers === 'boolean'
      ? { kind: 'multifactor', provider, remembers }
      : undefined,
  factor_command: ({ does, types }) =>
    isOneOf(does, ['challenge', 'enrol']) && isTypes(types) ? { kind: 'factor_command', does, types } : undefined,
  session_expiry: ({ at }) => (isTime(at) ? { kind: 'session_expiry', at } : undefined),
  session_idle_expiry: ({ at }) => (isTime(at) ? { kind: 'session_idle_expiry', at } : undefined),
  refresh_token_expiry: ({ at }) => (isTime(at) ? { kind: 'refresh_token_expiry', at } : undefined),
  refresh_token_idle_expiry: ({ at }) => (isTime(at) ? { kind: 'refresh_token_idle_expiry', at } : undefined),
  session_cookie: ({ mode }) =>
    isOneOf(mode, ['persistent', 'non-persistent']) ? { kind: 'session_cookie', mode } : undefined,
  revoke: ({ what, reason }) =>
    isOneOf(what, ['session', 'refresh_token']) && isText(reason) ? { kind: 'revoke', what, reason } : undefined,
  route: ({ to, name }) =>
    isOneOf(to, ['connection', 'organization']) && isName(name) ? { kind: 'route', to, name } : undefined,
  admit: ({ roles }) =>
    Array.isArray(roles) && roles.length <= 50 && roles.every(isName) ? { kind: 'admit', roles } : undefined,
};

type NamedKind = Extract<Effect, { name: string; value: Json }>['kind'];

function toNamed(kind: Exclude<NamedKind, 'claim'>, { name, value }: Fields): Effect | undefined {
  return isName(name) && isJson(value) ? { kind, name, value } : undefined;
}

/** Parses the effects of a result; undefined when one of them is not allowed for `trigger`. */
export function parseEffects(value: unknown, trigger: TriggerId): readonly Effect[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_EFFECTS) return undefined;
  const effects: Effect[] = [];
  for (const item of value as readonly unknown[]) {
    const fields = findFields(item);
    const kind = BY_TRIGGER[trigger].find((one) => one === fields?.kind);
    const effect = fields && kind && SHAPES[kind](fields);
    if (effect === undefined) return undefined;
    effects.push(effect);
  }
  return effects;
}
