/**
 * Requests that test a condition of auto-membership: on given claims, and on members who have signed in. The server
 * evaluates the condition and saves nothing.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { organizationKey } from './queries';

export type Claims = Readonly<Record<string, unknown>>;

export type Verdict = Answer<'/organizations/{id}/explain/condition', 'post'>;
/** A member who has signed in by the connection. */
export type Arrival = Answer<'/organizations/{id}/enabled_connections/{connectionId}/people'>['people'][number];

/** An organization and one of its connections. */
export interface Place {
  readonly id: string;
  readonly connectionId: string;
}

const keyOf = ({ id, connectionId }: Place) => [...organizationKey(id), 'conditions', connectionId];

/** Parses typed claims; returns undefined if the text is no JSON object. */
export function parseClaims(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** Tests a condition on given claims. Sends no request while the condition is empty or `claims` is undefined. */
export const useVerdict = (id: string, condition: string, claims: Claims | undefined, email?: string) =>
  useQuery({
    queryKey: ['condition', id, condition, claims, email],
    queryFn: async () => {
      const body = { condition, claims: claims as Record<string, never>, ...(email !== undefined && { email }) };
      const { data } = await api.POST('/organizations/{id}/explain/condition', { params: { path: { id } }, body });
      return data;
    },
    enabled: condition !== '' && claims !== undefined,
    placeholderData: keepPreviousData,
  });

/**
 * Tests a condition on the members who have signed in by the connection. Returns how many meet it, and the result for
 * each of `userIds`.
 */
export const useTried = (place: Place, condition: string, userIds: readonly string[], enabled: boolean) =>
  useQuery({
    queryKey: [...keyOf(place), 'tried', condition, userIds],
    queryFn: async () => {
      const { data } = await api.POST('/organizations/{id}/enabled_connections/{connectionId}/explain/condition', {
        params: { path: { ...place } },
        body: { condition, user_ids: [...userIds] },
      });
      return data;
    },
    enabled: enabled && condition !== '',
    placeholderData: keepPreviousData,
  });

const MOST_FOUND = 10;

/** Reads the first members who have signed in by the connection and whose address begins with `text`. */
export const useArrivals = (place: Place, text: string) =>
  useQuery({
    queryKey: [...keyOf(place), 'found', text],
    queryFn: async () => {
      const query = { take: MOST_FOUND, ...(text !== '' && { starts_with: text }) };
      const params = { path: { ...place }, query };
      const { data } = await api.GET('/organizations/{id}/enabled_connections/{connectionId}/people', { params });
      return data.people;
    },
    placeholderData: keepPreviousData,
  });

/** Reads one member who has signed in, with the identity provider's claims about them. */
export const useArrival = (place: Place, userId: string) =>
  useQuery({
    queryKey: [...keyOf(place), 'one', userId],
    queryFn: async () => {
      const { data } = await api.GET('/organizations/{id}/enabled_connections/{connectionId}/people/{user_id}', {
        params: { path: { ...place, user_id: userId } },
      });
      return data;
    },
  });
