/**
 * The environment of the answering node, read once for every page that shows a part of it. It is set where the server
 * starts, and never changed here.
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

/** Reads the server's settings, unless the role does not permit that. */
export function useServerSettings() {
  const isOpen = usePowers()('read:tenant_settings');
  return useQuery({ ...settings, enabled: isOpen });
}

/** Returns the value in force; undefined where none is set, it is unknown, or it is a secret. */
export function findVariable(settings: ServerSettings | undefined, name: string) {
  const variable = settings?.variables.find((one) => one.name === name);
  return variable?.value ?? undefined;
}
