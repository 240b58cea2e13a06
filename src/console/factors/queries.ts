/** Reads and writes of the tenant's second factors, and their cache keys. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { countsAlone, isOffered, type OfferedFactor } from './words';

export const FACTORS_KEY = ['second-factors'] as const;

/** Reads which of the offered factors are switched on. Rejects with ApiFailure. */
export async function readFactors(): Promise<readonly OfferedFactor[]> {
  const { data } = await api.GET('/guardian/factors');
  return data.flatMap(({ name, enabled }) => (enabled && isOffered(name) ? [name] : []));
}

/** Switches a factor on or off. Rejects with ApiFailure. */
export const switchFactor = (name: OfferedFactor, enabled: boolean) =>
  api.PUT('/guardian/factors/{name}', { params: { path: { name } }, body: { enabled } });

/** The factors that one click switches on where none counts alone: most people have a device for one of them. */
export const FIRST_FACTORS = ['otp', 'webauthn-platform', 'recovery-code'] as const satisfies readonly OfferedFactor[];

/** Returns the factors that must be switched on before anybody can be required to have one; none if one counts alone. */
export const missingFactors = (on: readonly OfferedFactor[]): readonly OfferedFactor[] =>
  on.some(countsAlone) ? [] : FIRST_FACTORS.filter((name) => !on.includes(name));

export const useFactors = () => useQuery({ queryKey: FACTORS_KEY, queryFn: readFactors });
