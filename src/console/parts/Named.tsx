/**
 * The name of an object as a link, found by its id. Shows the id until the name is known, or if the operator's role may
 * not read it.
 */
import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/client';
import { usePowers } from '../session/powers';
import { useOrganizationNames } from './organization-names';

interface NamedProps {
  readonly id: string;
}

const KEPT_MS = 60_000;

function NameLink({ to, name }: { readonly to: string; readonly name: string }) {
  return (
    <Anchor component={Link} to={to} dir="auto" inherit>
      {name}
    </Anchor>
  );
}

/** Renders the name of an application as a link. */
export function ApplicationName({ id }: NamedProps) {
  const mayRead = usePowers()('read:clients');
  const { data } = useQuery({
    queryKey: ['named', 'applications', id],
    queryFn: async () => {
      const params = { path: { id }, query: { fields: 'name' } };
      return (await api.GET('/clients/{id}', { params })).data.name ?? id;
    },
    enabled: mayRead,
    staleTime: KEPT_MS,
    retry: false,
  });
  return mayRead ? <NameLink to={`/applications/${encodeURIComponent(id)}`} name={data ?? id} /> : id;
}

/** Renders the name of an organization as a link. */
export function OrganizationName({ id }: NamedProps) {
  const mayRead = usePowers()('read:organizations');
  const name = useOrganizationNames(id)?.display_name ?? id;
  return mayRead ? <NameLink to={`/organizations/${id}`} name={name} /> : id;
}
