/**
 * Auth0's `upstream_params` of a connection: extra parameters of the address at the identity provider, static or copied
 * from the request. They must never replace the protocol's own parameters, which the connectors set.
 */
import type { Connection } from '../domain/tenant.js';
import type { RedirectStartOptions } from '../ports/connector.js';

type Rules = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Rules =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface UpstreamParams {
  readonly fixed: Readonly<Record<string, string>>;
  /** Pairs of a parameter's name at the provider, and of the request's parameter that supplies the value. */
  readonly aliases: readonly (readonly [name: string, alias: string])[];
}

/**
 * Parses a connection's rules: `{ name: { value } }` is static, `{ name: { alias } }` copies a parameter of the
 * request.
 */
export function parseUpstream(options: Connection['options']): UpstreamParams {
  const given = isRecord(options.upstream_params) ? options.upstream_params : {};
  const fixed: Record<string, string> = {};
  const aliases: [string, string][] = [];
  for (const [name, rule] of Object.entries(given)) {
    if (!isRecord(rule)) continue;
    if (typeof rule.value === 'string') fixed[name] = rule.value;
    if (typeof rule.alias === 'string') aliases.push([name, rule.alias]);
  }
  return { fixed, aliases };
}

/** Returns the parameters for one sign-in. `login_hint` is the typed address, whatever the request says. */
export function fillUpstream(
  { fixed, aliases }: UpstreamParams,
  { asked, loginHint }: Pick<RedirectStartOptions, 'asked' | 'loginHint'>,
): Record<string, string> {
  const known: Readonly<Record<string, string>> = {
    ...asked,
    ...(loginHint !== undefined && { login_hint: loginHint }),
  };
  const filled = aliases.flatMap(([name, alias]) => {
    const value = Object.hasOwn(known, alias) ? known[alias] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...fixed, ...Object.fromEntries(filled) };
}
