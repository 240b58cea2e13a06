/**
 * The environment variables of the node that answers, read once for all pages that show some of them. They are set
 * where the server is started; the console cannot change them.
 */
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Answer } from './api/answers';
import { api } from './api/client';
import { usePowers } from './session/powers';

export type ServerSettings = Answer<'/server/settings'>;
export type EnvironmentVariable = ServerSettings['variables'][number];

export const SERVER_SETTINGS_KEY = ['server-settings'];

const settings = queryOptions({
  queryKey: SERVER_SETTINGS_KEY,
  queryFn: async () => (await api.GET('/server/settings')).data,
});

/** Reads the server's settings, if the operator's role permits it. */
export function useServerSettings() {
  const isOpen = usePowers()('read:tenant_settings');
  return useQuery({ ...settings, enabled: isOpen });
}

/** Returns the value of a variable. Undefined if it is not set, not known, or secret. */
export function findVariable(settings: ServerSettings | undefined, name: string) {
  const variable = settings?.variables.find((one) => one.name === name);
  return variable?.value ?? undefined;
}
