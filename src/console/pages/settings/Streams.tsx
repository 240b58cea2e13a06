/**
 * Log streams, which forward log lines by HTTP: what is delivered, and the last failure. A stream's secret is shown
 * once, when it is created.
 */
import { Alert, Badge, Group, Stack, Text, Title } from '@mantine/core';
import type { Row } from '../../api/answers';
import { api } from '../../api/client';
import { useList } from '../../api/list';
import { LinesKept } from '../../lines/LinesKept';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { CopyText } from '../../parts/CopyText';
import type { FieldsOf } from '../../parts/form-fields';
import { ListTable } from '../../parts/ListTable';
import { MakeForm } from '../../parts/MakeDialog';
import { Moment } from '../../parts/Moment';
import { RoleNote } from '../../parts/RoleNote';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';
import { CATEGORY_FIELD, StreamFilters, toFilters } from './StreamFilters';
import { sayCategories } from './stream-categories';

type Stream = Row<'/log-streams'>;

const KEY = ['log-streams'];
const COLORS = { active: 'green', paused: 'gray', suspended: 'red' } as const;

async function read() {
  const { data } = await api.GET('/log-streams');
  return { items: data, next: undefined };
}

const patch = (id: string, status: 'active' | 'paused') =>
  api.PATCH('/log-streams/{id}', { params: { path: { id } }, body: { status } });

function Switch({ stream: { id, name, status } }: { readonly stream: Stream }) {
  const isOn = status === 'active';
  return (
    <ConfirmButton
      verb={isOn ? 'Pause stream' : 'Resume stream'}
      question={isOn ? `Pause ${name}?` : `Resume ${name}?`}
      effect={
        isOn
          ? 'Entries are kept and sent when you resume, unless they are older than the log is kept.'
          : 'Sending continues where it stopped, in order.'
      }
      size="xs"
      run={() => patch(id, isOn ? 'paused' : 'active')}
      changes={[KEY]}
    />
  );
}

const FIELDS: FieldsOf<{ readonly name: string; readonly endpoint: string; readonly filters: readonly string[] }> = {
  name: { kind: 'text', label: 'Name', required: true },
  endpoint: {
    kind: 'text',
    label: 'Address',
    at: 'sink.httpEndpoint',
    type: 'url',
    required: true,
    description: 'An https address. Each batch of entries is sent there by POST, at least once and in order.',
  },
  filters: CATEGORY_FIELD,
};

function Create() {
  const make = useMake({
    fields: FIELDS,
    run: async ({ name, endpoint, filters }) => {
      const body = { name, type: 'http' as const, filters: toFilters(filters), sink: { httpEndpoint: endpoint } };
      return (await api.POST('/log-streams', { body })).data;
    },
    changes: KEY,
    clears: true,
  });
  const secret = make.made?.signing_secret;
  return (
    <Stack maw={560}>
      <Title order={2} size="h4">
        New log stream
      </Title>
      <MakeForm
        make={make}
        verb="Create log stream"
        below={
          secret !== undefined && (
            <Alert title="Copy the secret of this stream" variant="light">
              <Text size="sm">The receiver can verify each batch with this secret. Only owners can view it again.</Text>
              <CopyText text={secret} name="the secret" />
            </Alert>
          )
        }
      />
    </Stack>
  );
}

export function Streams() {
  const list = useList(KEY, read);
  const allows = usePowers();
  return (
    <Stack gap="xl">
      <Text maw={640}>
        Log streams send log entries to another system, for example to store or monitor them. <LinesKept />
      </Text>
      <RoleNote scopes={['update:log_streams', 'create:log_streams']} shown="the streams" />
      <ListTable
        caption="Log streams"
        list={list}
        rowKey={({ id }) => id}
        empty="There are no log streams yet."
        columns={[
          {
            name: 'Stream',
            cell: ({ name, sink }) => (
              <>
                <Text dir="auto">{name}</Text>
                <Text size="sm" c="dimmed">
                  {sink.httpEndpoint}
                </Text>
              </>
            ),
          },
          {
            name: 'State',
            isPlain: true,
            cell: ({ status, trouble }) => (
              <>
                <Badge color={COLORS[status]} variant="light" autoContrast>
                  {status}
                </Badge>
                {trouble && (
                  <Text size="sm" c="dimmed">
                    Delivery has failed since <Moment at={trouble.since} />: {trouble.reason}
                  </Text>
                )}
              </>
            ),
          },
          { name: 'Categories', wide: true, cell: ({ filters }) => sayCategories(filters.map(({ name }) => name)) },
          {
            name: 'Change',
            isButtons: true,
            cell: (stream) =>
              allows('update:log_streams') && (
                <Group gap="xs">
                  <Switch stream={stream} />
                  <StreamFilters id={stream.id} name={stream.name} changes={KEY} />
                  <ConfirmButton
                    verb="Delete stream"
                    question={`Delete ${stream.name}?`}
                    effect="Entries that were not sent yet will not be sent. They stay in the log here."
                    danger
                    size="xs"
                    run={() => api.DELETE('/log-streams/{id}', { params: { path: { id: stream.id } } })}
                    changes={[KEY]}
                  />
                </Group>
              ),
          },
        ]}
      />
      {allows('create:log_streams') && <Create />}
    </Stack>
  );
}
