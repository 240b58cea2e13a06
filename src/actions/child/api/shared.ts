/** Parts of `api` that several triggers share: denial, metadata of the user, the cache. */
import { type EffectKind, type Json, type JsonObject, MAX_ASKED } from '../../../domain/actions/action.js';
import { showEffect } from '../event.js';
import { toJson, toName } from '../json.js';
import type { ApiContext } from './context.js';

const CACHE = {
  keyBytes: 64,
  valueBytes: 4_096,
  totalBytes: 8_192,
  entries: 20,
  lifetimeMs: 86_400_000,
  defaultMs: 900_000,
};

/** Converts a reason of any type to text for a person or an application. */
export function toReason(value: unknown): string {
  return (typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value)).slice(
    0,
    2_000,
  );
}

/** Denies access; most triggers offer it as `api.access.deny`. */
export function deny(context: ApiContext, reason: unknown, more: { code?: string; userMessage?: string } = {}): void {
  context.decide({ kind: 'denied', reason: toReason(reason), code: more.code, userMessage: more.userMessage });
}

function at(event: JsonObject, parent: string, member: string): JsonObject {
  const part = event[parent];
  const found = typeof part === 'object' && part !== null ? (part as JsonObject)[member] : undefined;
  return typeof found === 'object' && found !== null ? (found as JsonObject) : {};
}

type Metadata = Extract<
  EffectKind,
  'user_metadata' | 'app_metadata' | 'transaction_metadata' | 'session_metadata' | 'refresh_token_metadata'
>;

interface MetadataPlace {
  readonly kind: Metadata;
  readonly parent: string;
  readonly member: string;
}

/**
 * Requests that one property of a metadata object is set; null removes it. Throws when the whole object would exceed
 * its limit.
 */
function setMetadata(context: ApiContext, place: MetadataPlace, key: unknown, value: unknown): void {
  const name = toName(key, 'the name of a metadata property');
  const maxBytes = MAX_ASKED[place.kind];
  const json: Json = toJson(value, `metadata property ${name}`, maxBytes) ?? null;
  const whole = { ...at(context.event, place.parent, place.member) } as Record<string, Json>;
  for (const effect of context.asked()) {
    if (effect.kind === place.kind) whole[effect.name] = effect.value;
  }
  whole[name] = json;
  if (JSON.stringify(whole).length > maxBytes) {
    throw new RangeError(`${place.member} would be larger than ${maxBytes} bytes`);
  }
  context.push({ kind: place.kind, name, value: json });
}

/** Requests a change of one metadata property, and shows it at once in the Action's own event. */
export function setVisibleMetadata(context: ApiContext, place: MetadataPlace, key: unknown, value: unknown): void {
  setMetadata(context, place, key, value);
  const last = context.asked().at(-1);
  if (last !== undefined) showEffect(context.event as Record<string, unknown>, last);
}

const USER = { kind: 'user_metadata', parent: 'user', member: 'user_metadata' } as const;
const APP = { kind: 'app_metadata', parent: 'user', member: 'app_metadata' } as const;

/** Creates `api.user`. Its two setters return the whole `api` object for chaining. */
export function userPart(context: ApiContext, api: () => unknown) {
  return {
    setUserMetadata(key: unknown, value: unknown) {
      setMetadata(context, USER, key, value);
      return api();
    },
    setAppMetadata(key: unknown, value: unknown) {
      setMetadata(context, APP, key, value);
      return api();
    },
  };
}

/**
 * Creates `api.cache`. Its methods return an error with Auth0's code instead of throwing. Limits of
 * https://auth0.com/docs/customize/actions/limitations.
 */
export function cachePart(context: ApiContext) {
  const { cache } = context;
  const read = (key: string) => {
    const record = cache.get(key);
    return record !== undefined && record.expiresAt > context.now() ? record : undefined;
  };
  const total = (without: string): number => {
    let bytes = 0;
    for (const [key, record] of cache)
      if (key !== without) bytes += Buffer.byteLength(key) + Buffer.byteLength(record.value);
    return bytes;
  };
  const fail = (code: string) => ({ type: 'error', code });
  return {
    get(key: unknown) {
      const record = read(String(key));
      return record && { value: record.value, expires_at: record.expiresAt };
    },
    set(given: unknown, value: unknown, options?: { ttl?: unknown; expires_at?: unknown }) {
      const key = String(given);
      if (typeof value !== 'string') return fail('FailedToSetCacheRecord');
      if (Buffer.byteLength(key) > CACHE.keyBytes) return fail('CacheKeySizeExceeded');
      if (Buffer.byteLength(value) > CACHE.valueBytes) return fail('CacheValueSizeExceeded');
      const isNew = !cache.has(key);
      const bytes = total(key) + Buffer.byteLength(key) + Buffer.byteLength(value);
      if (bytes > CACHE.totalBytes || (isNew && cache.size >= CACHE.entries)) return fail('CacheSizeExceeded');
      const now = context.now();
      const { ttl, expires_at: until } = options ?? {};
      if ([ttl, until].some((time) => time !== undefined && !Number.isFinite(time))) return fail('InvalidExpiry');
      const limits = [ttl === undefined ? Infinity : now + Number(ttl), until === undefined ? Infinity : Number(until)];
      const asked = Math.min(...limits);
      const expiresAt = Math.min(asked === Infinity ? now + CACHE.defaultMs : asked, now + CACHE.lifetimeMs);
      if (expiresAt <= now) return fail('ItemAlreadyExpired');
      const record = { value, expiresAt };
      cache.set(key, record);
      context.changeCache({ key, record });
      return { type: 'success', record: { value, expires_at: expiresAt } };
    },
    delete(given: unknown) {
      const key = String(given);
      if (read(key) === undefined) return fail('CacheKeyDoesNotExist');
      cache.delete(key);
      context.changeCache({ key, record: undefined });
      return { type: 'success' };
    },
  };
}
