/**
 * `/branding`: the look of the tenant's pages and mails. Answers omit settings that were cleared. Must never store an
 * address that is not https: the schema refuses it.
 */
import { parseColor } from '../../domain/look/color.js';
import { badBody } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, mergeKept, replyOf } from '../api/wire.js';
import type { StoredBranding } from './fields.js';

type Given = Readonly<Record<string, unknown>>;

/**
 * Merges an object of settings with the same object in the request. A null in the request clears the whole object, or
 * one setting in it.
 */
function mergeObject(before: unknown, given: unknown): unknown {
  if (given === null || given === undefined) return given;
  const after = mergeKept((before ?? {}) as Wire, Object.entries(given));
  return Object.keys(after).length === 0 ? null : after;
}

/** Throws 400 for a background that pages cannot show. Stored, it would have no effect, and nobody would know why. */
function checkGround(ground: unknown): void {
  if (ground === undefined || ground === null) return;
  const { start, end } = (typeof ground === 'string' ? { start: ground, end: ground } : ground) as Given;
  const isColor = (value: unknown) => typeof value === 'string' && parseColor(value) !== undefined;
  if (!isColor(start) || !isColor(end))
    throw badBody(
      'colors.page_background takes a color such as #f5f7fa, or {"type": "linear-gradient", "start": "#ffffff", "end": "#000000", "angle_deg": 35}.',
    );
}

async function update(call: Call): Promise<Reply> {
  checkGround((call.body as { readonly colors?: Given | null }).colors?.page_background);
  const before = (await call.directory.branding.getBrandingForUpdate()) as Wire;
  const given = Object.entries(call.body as Given).map(
    ([name, value]) =>
      [name, name === 'colors' || name === 'font' ? mergeObject(before[name], value) : value || null] as const,
  );
  const after = mergeKept(before, given);
  await call.directory.branding.replaceBranding(after as StoredBranding);
  return { body: after };
}

// The background of a page: a color or a gradient.
const COLORS = replyOf({}, { primary: 'string', page_background: { anyOf: [{ type: 'string' }, ANY_OBJECT] } });
const SHAPE = {
  ...replyOf({}, { colors: COLORS, favicon_url: 'string', logo_url: 'string', font: replyOf({}, { url: 'string' }) }),
  additionalProperties: false,
};

/** Returns the operations on `/branding`. */
export function brandingOperations(): Operation[] {
  const declared = { path: '/branding', status: 200, reply: SHAPE, refusals: [] } as const;
  return [
    {
      ...declared,
      method: 'get',
      summary: 'Get the branding of the tenant',
      run: async (call) => ({ body: await call.directory.branding.getBranding() }),
    },
    { ...declared, method: 'patch', summary: 'Update the branding of the tenant', run: update },
  ];
}
