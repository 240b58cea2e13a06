/** Types of the load driver, as far as the benchmark uses it. */

export class Jar {}
export const agent: { close(): Promise<void> };
export function makeHttp(
  jar: Jar,
  stat: unknown,
  backend?: boolean,
  /** Connections to use; those of the driver if absent. */
  dispatcher?: object,
  /** Headers of each request. */
  always?: Readonly<Record<string, string>>,
): (
  url: string | URL,
  options?: { method?: string; body?: URLSearchParams; headers?: Readonly<Record<string, string>> },
) => Promise<{ status: number; text: string; json(): unknown }>;
export function login(scenario: object, index: number): Promise<{ ok: boolean; error?: unknown }>;
export function closedLoop(
  run: (index: number) => Promise<{ ok: boolean; error?: unknown }>,
  /**
   * `restMs` is the average rest of each of the `c` people before a login. A rest keeps the processors from being full.
   */
  options: { n: number; c: number; first?: number; restMs?: number },
): Promise<{ ok: number; errors: Record<string, number>; rate: number; p50: number; p99: number }>;
