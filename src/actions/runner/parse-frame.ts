/** Parses messages of a process from bytes to the types of the protocol. Returns undefined for anything else. */
import type { TriggerId } from '../../domain/actions/action.js';
import type { CacheChange, ChildEnd, ErrorText, FromChild } from '../protocol.js';
import { type Fields, findFields, isText, parseEffects } from './parse-effect.js';

function parseError(value: unknown): ErrorText | undefined {
  const fields = findFields(value);
  if (fields === undefined) return undefined;
  const { name, message, stack } = fields;
  return isText(name, 200) && isText(message, 4_000) && isText(stack, 8_000) ? { name, message, stack } : undefined;
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || isText(value);
}

function parseEnd(value: unknown, trigger: TriggerId): ChildEnd | undefined {
  const fields = findFields(value) ?? {};
  const { kind, reason, code, userMessage, url, index, failure } = fields;
  if (kind === 'done') return { kind };
  if (kind === 'denied' && isText(reason) && isOptionalText(code) && isOptionalText(userMessage))
    return { kind, reason, code, userMessage };
  if (
    kind === 'redirect' &&
    trigger === 'post-login' &&
    isText(url) &&
    Number.isInteger(index) &&
    /^https?:\/\//.test(url)
  )
    return { kind, url, index: Number(index) };
  if (kind === 'factor' && trigger === 'post-login' && Number.isInteger(index)) return { kind, index: Number(index) };
  const error = parseError(fields.error);
  if (kind === 'failed' && error && (failure === 'threw' || failure === 'not_available' || failure === 'result'))
    return { kind, failure, error };
  return undefined;
}

function parseCache(value: unknown): readonly CacheChange[] | undefined {
  if (!Array.isArray(value) || value.length > 1_000) return undefined;
  const changes: CacheChange[] = [];
  for (const item of value as readonly unknown[]) {
    const { key, record } = findFields(item) ?? {};
    const { value: text, expiresAt } = findFields(record) ?? {};
    if (!isText(key, 64)) return undefined;
    if (record === undefined) changes.push({ key, record });
    else if (isText(text, 4_096) && typeof expiresAt === 'number')
      changes.push({ key, record: { value: text, expiresAt } });
    else return undefined;
  }
  return changes;
}

function parseResult(fields: Fields, trigger: TriggerId): FromChild | undefined {
  const end = parseEnd(fields.end, trigger);
  const effects = parseEffects(fields.effects, trigger);
  const cache = parseCache(fields.cache);
  return end && effects && cache && { kind: 'result', end, effects, cache };
}

/** Parses one message; undefined when it is malformed. `trigger` decides which effects it may have. */
export function parseMessage(bytes: Buffer, trigger: TriggerId): FromChild | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
  const fields = findFields(value) ?? {};
  const { kind, index, text, durationMs, error, leftover } = fields;
  switch (kind) {
    case 'ready':
      return { kind };
    case 'begin':
      return Number.isInteger(index) ? { kind, index: Number(index) } : undefined;
    case 'line':
      return isText(text) ? { kind, text } : undefined;
    case 'end': {
      const failed = error === undefined ? undefined : parseError(error);
      const isWhole =
        typeof durationMs === 'number' && durationMs >= 0 && (error === undefined || failed !== undefined);
      return isWhole ? { kind, durationMs, error: failed } : undefined;
    }
    case 'result':
      return parseResult(fields, trigger);
    case 'clean':
      return isOptionalText(leftover) ? { kind, leftover } : undefined;
    default:
      return undefined;
  }
}
