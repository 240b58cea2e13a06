/** Converts the background of the sign-in pages (none, a colour, or two colours) between form and API. Pure. */
import type { Gradient } from '../../parts/SignInSketch';

/** The background: '' for none, a colour, or a gradient. */
export type Ground = string | Gradient;

export const isGround = (ground: Ground): boolean => ground !== '';
export const isGradient = (ground: Ground): ground is Gradient => typeof ground !== 'string';

/** Reads `colors.page_background`. Any object except a gradient of two colours counts as none. */
export function toGround(given: unknown): Ground {
  if (typeof given === 'string') return given;
  const { start, end, angle_deg: angle } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof start !== 'string' || typeof end !== 'string') return '';
  return { start, end, angle: typeof angle === 'number' ? angle : 0 };
}

/** Writes `colors.page_background`; null removes it. */
export function toPageBackground(ground: Ground): unknown {
  if (!isGradient(ground)) return ground === '' ? null : ground;
  return { type: 'linear-gradient', start: ground.start, end: ground.end, angle_deg: ground.angle };
}
