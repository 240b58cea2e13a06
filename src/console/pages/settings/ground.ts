/** Converts the background of the sign-in pages (none, one color, or two colors) between the form and the API. Pure. */
import type { Gradient } from '../../parts/SignInSketch';

/** The background in the form: '' for none, a color, or a gradient. */
export type Ground = string | Gradient;

export const isGround = (ground: Ground): boolean => ground !== '';
export const isGradient = (ground: Ground): ground is Gradient => typeof ground !== 'string';

/** Converts the API's `colors.page_background`. Any object other than a gradient of two colors becomes '' (none). */
export function toGround(given: unknown): Ground {
  if (typeof given === 'string') return given;
  const { start, end, angle_deg: angle } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof start !== 'string' || typeof end !== 'string') return '';
  return { start, end, angle: typeof angle === 'number' ? angle : 0 };
}

/** Returns the value for the API's `colors.page_background`; null removes the background. */
export function toPageBackground(ground: Ground): unknown {
  if (!isGradient(ground)) return ground === '' ? null : ground;
  return { type: 'linear-gradient', start: ground.start, end: ground.end, angle_deg: ground.angle };
}
