/** Reads whether operators must have a second factor. It is a setting of their own organization. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { readServerFacts } from '../server-facts';

export const OPERATORS_KEY = ['operators-mfa'] as const;

async function readMfa() {
  const { data } = await api.GET('/organizations/{id}', { params: { path: { id: readServerFacts().organizationId } } });
  return data.mfa ?? 'none';
}

export const useOperatorsMfa = () => useQuery({ queryKey: OPERATORS_KEY, queryFn: readMfa });
