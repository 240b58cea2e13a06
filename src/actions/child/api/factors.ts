/**
 * Second factors of a login: `api.multifactor`, and the commands of `api.authentication`. They only request; the server
 * asks the person, and checks the answer. Nothing here can pass a factor.
 */
import {
  type FactorCommand,
  MAX_FACTOR_COMMANDS,
  MAX_FACTOR_TYPES,
  MULTIFACTOR_PROVIDERS,
} from '../../../domain/actions/action.js';
import { ACTION_FACTOR_TYPES } from '../../../facts/factors.js';
import { toJson } from '../json.js';
import type { ApiContext } from './context.js';

const MAX_FACTOR = 2_048;

/** Reads `{type, options}`. No option of Auth0's changes a factor that this server has. */
function toType(factor: unknown, call: string): string {
  const given = toJson(factor, 'a factor', MAX_FACTOR);
  const type = typeof given === 'object' && given !== null && 'type' in given ? given.type : undefined;
  if (typeof type !== 'string' || !ACTION_FACTOR_TYPES.includes(type))
    throw new TypeError(`${call} takes factors with a type: ${ACTION_FACTOR_TYPES.join(', ')}`);
  return type;
}

function toTypes(factors: unknown, call: string): readonly string[] {
  if (!Array.isArray(factors)) throw new TypeError(`${call} takes a list of factors`);
  if (factors.length > MAX_FACTOR_TYPES) throw new RangeError(`${call} takes at most ${MAX_FACTOR_TYPES} factors`);
  return factors.map((factor) => toType(factor, call));
}

function command(context: ApiContext, call: string, does: FactorCommand['does'], types: readonly string[]): void {
  const [first] = types;
  if (first === undefined) throw new TypeError(`${call} takes at least one factor`);
  const asked = context.asked().filter((effect) => effect.kind === 'factor_command').length;
  // Attack: the Action catches the exception, and the person gets in without the factor that it asked for.
  if (asked >= MAX_FACTOR_COMMANDS)
    context.refuse(`${call} is not available: a login has at most ${MAX_FACTOR_COMMANDS} commands for second factors.`);
  context.push({ kind: 'factor_command', does, types: [...new Set(types)] });
  context.decide({ kind: 'factor' });
}

/** Creates `challengeWith`, `enrollWith` and their variants. */
export function factorCommands(context: ApiContext, api: () => unknown) {
  const withOne = (name: string, does: FactorCommand['does']) => (factor: unknown, options?: unknown) => {
    const call = `api.authentication.${name}`;
    const more = (options as { additionalFactors?: unknown } | null | undefined)?.additionalFactors ?? [];
    command(context, call, does, [toType(factor, call), ...toTypes(more, call)]);
    return api();
  };
  const withAny = (name: string, does: FactorCommand['does']) => (factors: unknown) => {
    const call = `api.authentication.${name}`;
    command(context, call, does, toTypes(factors, call));
    return api();
  };
  return {
    challengeWith: withOne('challengeWith', 'challenge'),
    challengeWithAny: withAny('challengeWithAny', 'challenge'),
    enrollWith: withOne('enrollWith', 'enrol'),
    enrollWithAny: withAny('enrollWithAny', 'enrol'),
  };
}

/** Creates `api.multifactor`. */
export function multifactorPart(context: ApiContext, api: () => unknown) {
  return {
    enable(name: unknown, options?: { allowRememberBrowser?: unknown } | null) {
      if (name === 'duo')
        context.refuse(
          'api.multifactor.enable with the provider duo is not available: this server has no Duo. The login was refused, not let through.',
        );
      const provider = MULTIFACTOR_PROVIDERS.find((one) => one === name);
      if (provider === undefined)
        throw new TypeError(`api.multifactor.enable takes one of ${MULTIFACTOR_PROVIDERS.join(', ')}`);
      context.push({ kind: 'multifactor', provider, remembers: options?.allowRememberBrowser === true });
      return api();
    },
  };
}
