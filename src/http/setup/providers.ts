/**
 * The identity providers that a set-up offers, and a check for required fields that were left empty.
 * src/facts/providers.ts describes each provider.
 */
import type { SelfServiceProfile } from '../../domain/self-service.js';
import { PROVIDERS, type Provider } from '../../facts/providers.js';
import { isSaml } from '../../facts/strategies.js';

type Typed = Readonly<Record<string, string>>;

/** Returns the providers that the tenant offers and this server supports. */
export function offered(
  { allowedStrategies }: Pick<SelfServiceProfile, 'allowedStrategies'>,
  strategies: readonly string[],
): readonly Provider[] {
  return PROVIDERS.filter(
    ({ name, strategy }) =>
      strategies.includes(strategy) && (allowedStrategies.length === 0 || allowedStrategies.includes(name)),
  );
}

/** Returns the first required field that is empty, with a message; undefined when there is none. */
export function findMissing(
  { fields, strategy }: Provider,
  typed: Typed,
): { field: string; message: string } | undefined {
  const missing = fields.find(({ name, required }) => required && !typed[name]);
  if (missing !== undefined) return { field: missing.name, message: `Type the ${missing.label}.` };
  if (isSaml(strategy) && !typed.metadataUrl && !typed.metadataXml)
    return { field: 'metadataUrl', message: 'Type the address of the metadata, or paste the file’s content below.' };
  return undefined;
}
