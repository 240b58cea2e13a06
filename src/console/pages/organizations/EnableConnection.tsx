/**
 * Enables a connection for an organization with cautious settings: signing in makes nobody a member, and passwords
 * still work.
 */
import { Anchor, Button, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { type FirstUses, sayUses, useFirstOrganizations } from '../../parts/connection-uses';
import { Fields } from '../../parts/Fields';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { sayStrategy } from '../../parts/strategy-words';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';
import type { Organization } from './answers';
import { type ConnectionFacts, enablementsKey, useConnections } from './queries';

export interface EnableConnectionProps {
  readonly organization: Organization;
  /** Ids of connections that are already enabled. */
  readonly taken: ReadonlySet<string>;
}

type Uses = ReadonlyMap<string, FirstUses>;

/**
 * Sorts the choice: first the connections that no organization uses, then the others with the organizations that use
 * them.
 */
function toChoice(free: readonly ConnectionFacts[], uses: Uses | undefined) {
  const nameOf = ({ name, strategy }: ConnectionFacts) => `${name} (${sayStrategy(strategy)})`;
  if (uses === undefined) return free.map((one) => ({ value: one.id, label: nameOf(one) }));
  const isShared = ({ id }: ConnectionFacts) => (uses.get(id)?.total ?? 0) > 0;
  const [own, shared] = [free.filter((one) => !isShared(one)), free.filter(isShared)];
  const toItem = (one: ConnectionFacts) => {
    const of = uses.get(one.id);
    return {
      value: one.id,
      label: of === undefined || of.total === 0 ? nameOf(one) : `${nameOf(one)}: ${sayUses(of)}`,
    };
  };
  return [
    ...(own.length > 0 ? [{ group: 'Not used by other organizations', items: own.map(toItem) }] : []),
    ...(shared.length > 0 ? [{ group: 'Used by other organizations', items: shared.map(toItem) }] : []),
  ];
}

function SharedNote({ uses }: { readonly uses: FirstUses | undefined }) {
  if (uses === undefined || uses.total === 0) return null;
  return (
    <Text size="sm" role="status">
      <bdi>{sayUses(uses)}</bdi> {uses.total === 1 ? 'uses' : 'use'} this connection. Enable a company’s own provider
      only if the people of this organization also sign in there.
    </Text>
  );
}

/** Reads the connections that are not enabled yet, and the organizations that use each. */
function useFree(taken: ReadonlySet<string>) {
  const may = usePowers();
  const { data: all = [], error, isFetching } = useConnections();
  const free = all.filter((connection) => !taken.has(connection.id));
  const uses = useFirstOrganizations(
    free.map(({ id }) => id),
    may('read:organization_connections'),
  );
  return { free, uses: uses.data, error, isFetching };
}

function Nothing({ organization: { id, display_name: title } }: Pick<EnableConnectionProps, 'organization'>) {
  return (
    <Stack align="start">
      <Text>There is no other connection to enable for {title}. Add a connection for the company first.</Text>
      <Button component={Link} to="/connections/new" search={{ organization: id } as never}>
        Add connection
      </Button>
    </Stack>
  );
}

function Form({ organization, taken, onDone }: EnableConnectionProps & { readonly onDone: () => void }) {
  const { id, display_name: title } = organization;
  const { free, uses, error, isFetching } = useFree(taken);
  const fields: FieldsOf<{ readonly connection_id: string | null }> = {
    connection_id: {
      kind: 'select',
      label: 'Connection',
      start: null,
      data: toChoice(free, uses),
      allowDeselect: true,
      searchable: true,
      nothingFoundMessage: 'No other connection',
      ...FIRST,
    },
  };
  const make = useMake({
    fields,
    run: ({ connection_id: wanted }) =>
      api.POST('/organizations/{id}/enabled_connections', {
        params: { path: { id } },
        body: { connection_id: wanted ?? '', assign_membership_on_login: false },
      }),
    changes: enablementsKey(id),
    onMade: onDone,
  });
  const { connection_id: wanted } = make.values;
  // The form stays while its dialog closes, although the last connection is enabled by then.
  if (free.length === 0 && error === null && !isFetching && !make.isSent)
    return <Nothing organization={organization} />;
  return (
    <MakeForm make={make} verb="Enable connection" isBarred={wanted === null} error={error} onLeave={onDone}>
      <Fields form={make} />
      <SharedNote uses={wanted === null ? undefined : uses?.get(wanted)} />
      <Text size="sm">
        Members of {title} and invited people can then sign in with this connection. Auto-membership is off, and
        passwords keep working. You can change both on the connection’s page.
      </Text>
      <Text size="sm">
        Is the company’s provider missing?{' '}
        <Anchor component={Link} to="/connections/new" search={{ organization: id } as never}>
          Add connection
        </Anchor>
        .
      </Text>
    </MakeForm>
  );
}

export function EnableConnection(props: EnableConnectionProps) {
  return (
    <MakeDialog verb="Enable connection" variant="default">
      {(close) => <Form {...props} onDone={close} />}
    </MakeDialog>
  );
}
