/**
 * Auth0's `upstream_params` of a connection: parameters for the address at which its identity provider is asked, static or taken from the
 * request. The protocol's own parameters are the connectors' business: they must not be replaceable from here.
 */
import type { Connection } from '../domain/tenant.js';
import type { RedirectStartOptions } from '../ports/connector.js';

type Rules = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Rules =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface UpstreamParams {
  readonly fixed: Readonly<Record<string, string>>;
  /** Our name at the provider, and the parameter of the request that it takes. */
  readonly aliases: readonly (readonly [name: string, alias: string])[];
}

/** The rules in a connection's options: `{ name: { value } }` is static, `{ name: { alias } }` takes a parameter of the request. */
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

/** The parameters for one sign-in. The address that was typed is `login_hint`, whatever the request says. */
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
