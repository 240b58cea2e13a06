/** The page with the reference of this server's Management API: its OpenAPI document, with search. */
import { Accordion, Anchor, Badge, Code, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ApiFailure } from '../../api/failure';
import { Loaded } from '../../parts/Loaded';
import { Page } from '../../parts/Page';
import { listOperations, type OpenApi, type ShownOperation } from './operations';

const URL = '/api/v2/openapi.json';
const MOST_SHOWN = 60;
const route = getRouteApi('/settings/api');

async function read(): Promise<readonly ShownOperation[]> {
  const response = await fetch(URL);
  if (!response.ok)
    throw new ApiFailure(response.status, 'Couldn’t load the API document. Reload the page.', undefined);
  return listOperations((await response.json()) as OpenApi);
}

const COLORS: Readonly<Record<string, string>> = {
  GET: 'blue',
  POST: 'green',
  PATCH: 'yellow',
  PUT: 'yellow',
  DELETE: 'red',
};

function Operation({ operation }: { readonly operation: ShownOperation }) {
  const { parameters, body, scopes, description, statuses } = operation;
  return (
    <Stack gap="sm">
      {description && <Text size="sm">{description}</Text>}
      <Text size="sm">
        Required scope:{' '}
        {scopes.length === 0 ? 'none, any token is accepted' : scopes.map((scope) => <Code key={scope}>{scope} </Code>)}
      </Text>
      {parameters.length > 0 && (
        <Table.ScrollContainer minWidth={300}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Parameter</Table.Th>
                <Table.Th>In</Table.Th>
                <Table.Th>Type</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {parameters.map(({ name, place, type, required }) => (
                <Table.Tr key={`${place} ${name}`}>
                  <Table.Td>
                    <Code>{name}</Code>
                    {required && ' (required)'}
                  </Table.Td>
                  <Table.Td>{place}</Table.Td>
                  <Table.Td>{type}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {body !== undefined && (
        <Code block tabIndex={0} aria-label="The body as JSON schema" mah={360} style={{ overflow: 'auto' }}>
          {body}
        </Code>
      )}
      <Text size="sm" c="dimmed">
        Answers {statuses.join(', ')}
      </Text>
    </Stack>
  );
}

function Operations({ all }: { readonly all: readonly ShownOperation[] }) {
  const { find = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const words = find.toLowerCase().split(/\s+/);
  const found = all.filter(({ searched }) => words.every((word) => searched.includes(word)));
  return (
    <Stack>
      <TextInput
        label="Find an operation"
        description="Search by path, words or scope."
        value={find}
        maw={420}
        onChange={(event) => void navigate({ search: { find: event.currentTarget.value }, replace: true })}
      />
      <Text size="sm" c="dimmed" role="status">
        {found.length} of {all.length} operations
        {found.length > MOST_SHOWN && `; the first ${MOST_SHOWN} are shown`}
      </Text>
      <Accordion variant="separated" order={2}>
        {found.slice(0, MOST_SHOWN).map((operation) => (
          <Accordion.Item key={operation.key} value={operation.key.replaceAll(/\W+/g, '-')}>
            <Accordion.Control>
              <Group gap="sm" wrap="nowrap">
                <Badge color={COLORS[operation.method] ?? 'gray'} variant="light" autoContrast w={72}>
                  {operation.method}
                </Badge>
                <span>
                  <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                    {operation.path}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {operation.summary}
                  </Text>
                </span>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Operation operation={operation} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

export function ApiReference() {
  const query = useQuery({ queryKey: ['openapi'], queryFn: read, staleTime: Number.POSITIVE_INFINITY });
  return (
    <Page
      title="API reference"
      crumbs={[{ to: '/settings', name: 'Settings' }]}
      lead={
        <>
          Everything this console does is also available through the Management API. Its OpenAPI document:{' '}
          <Anchor href={URL}>openapi.json</Anchor>
        </>
      }
    >
      <Loaded query={query}>{(all) => <Operations all={all} />}</Loaded>
    </Page>
  );
}
