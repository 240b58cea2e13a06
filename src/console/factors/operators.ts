/**
 * Reads whether operators must have a second factor, a setting of their own organization, and who may require one. The
 * first page needs it, so it imports no dialog.
 */
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { readServerFacts } from '../server-facts';
import { usePowers } from '../session/powers';

export const OPERATORS_KEY = ['operators-mfa'] as const;

/** The sentence while operators need no second factor. */
export const OPERATORS_NEED_NONE =
  'Operators need no second factor: a password alone can open this console, with all the power of its owner.';

async function readMfa() {
  const { data } = await api.GET('/organizations/{id}', { params: { path: { id: readServerFacts().organizationId } } });
  return data.mfa ?? 'none';
}

export const useOperatorsMfa = () => useQuery({ queryKey: OPERATORS_KEY, queryFn: readMfa });

/** Returns whether the operator may require a factor, and switch factors on for it. */
export function useMayRequire(): boolean {
  const may = usePowers();
  return ['update:organizations', 'update:mfa_policies', 'update:guardian_factors'].every(may);
}
