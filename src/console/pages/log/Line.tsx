/**
 * The page of one log line: the event, its remedy, facts about it, the steps of the decision, and the whole line to
 * copy. Loading the page changes nothing; its buttons say what they change.
 */
import { Alert, Code, Grid, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { findUnasked } from '../../../facts/unasked.js';
import { api } from '../../api/client';
import type { LogLine } from '../../lines/answers';
import { codeOf } from '../../lines/answers';
import { LineBadge } from '../../lines/LineBadge';
import { findCheckHelp } from '../../lines/provider-checks';
import { findRefusal } from '../../lines/refusal-table';
import { Trace } from '../../lines/Trace';
import { fillNames, tellLine } from '../../lines/tell-line';
import { traceOf } from '../../lines/tell-trace';
import { Copy } from '../../parts/CopyText';
import { FailureNote } from '../../parts/FailureNote';
import { useOrganizationNames } from '../../parts/organization-names';
import { Page } from '../../parts/Page';
import { ActionRuns } from './ActionRuns';
import { Explanation } from './Explanation';
import { LineFacts } from './LineFacts';
import { LogButtons } from './LogButtons';

const route = getRouteApi('/log/$logId');
const CRUMBS = [{ to: '/log', name: 'Refusals and log' }] as const;

/** Shows the reason of a refusal, the remedy, and the buttons that help. */
function Answer({ line }: { readonly line: LogLine }) {
  const row = findRefusal(codeOf(line));
  const { detail } = line.details ?? {};
  if (row === undefined && line.details?.trace === undefined) return null;
  const why = row === undefined ? line.description : fillNames(row.when, line);
  if (why === undefined) return null;
  const next = findCheckHelp(line) ?? row?.do;
  const unasked = line.details?.trace?.map(({ evidence = {} }) => findUnasked(evidence)).find(Boolean);
  // If admission was refused, the title says everything, so the server's own text is left out.
  const own = codeOf(line)?.startsWith('admit.') ? undefined : (detail ?? line.description);
  return (
    <Alert variant="light" color={row === undefined ? 'gray' : 'red'} title={why}>
      <Stack gap="sm">
        {own !== undefined && own !== why && (
          <Text size="sm" c="dimmed" dir="auto" style={{ overflowWrap: 'anywhere' }}>
            {own}
          </Text>
        )}
        {next !== undefined && <Text>{fillNames(next, line)}</Text>}
        {unasked !== undefined && line.type.startsWith('f') && (
          <Text>
            Members were not looked up, because {unasked.because}. If they are one: {unasked.do}
          </Text>
        )}
        <LogButtons line={line} row={row} />
      </Stack>
    </Alert>
  );
}

function Raw({ line }: { readonly line: LogLine }) {
  const text = JSON.stringify(line, null, 2);
  return (
    <details>
      <summary>Complete entry, as the API returns it</summary>
      <Group justify="end" mt="xs">
        <Copy text={text} name="the entry" />
      </Group>
      <Code block tabIndex={0} mah={480} mt="xs" style={{ overflow: 'auto' }}>
        {text}
      </Code>
    </details>
  );
}

function Decided({ steps }: Parameters<typeof Trace>[0]) {
  return (
    <section aria-labelledby="decided">
      <Title order={2} size="h4" id="decided" mb="sm">
        How this was decided
      </Title>
      <Trace steps={steps} />
    </section>
  );
}

/** Renders the steps of the decision first. The facts are beside them, or below them on a narrow screen. */
function Shown({ line }: { readonly line: LogLine }) {
  const steps = traceOf(line);
  const facts = (
    <Paper withBorder p="md">
      <LineFacts line={line} />
    </Paper>
  );
  return (
    <>
      <Answer line={line} />
      {steps === undefined ? (
        facts
      ) : (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 8 }}>
            <Decided steps={steps} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 4 }}>{facts}</Grid.Col>
        </Grid>
      )}
      <ActionRuns runs={line.details?.actions ?? []} />
      <Explanation line={line} />
      <Raw line={line} />
    </>
  );
}

/**
 * Returns the page's title, which uses the organization's display name. If the short name in the log line is a
 * different one, the title shows both.
 */
function useTitle(line: LogLine | undefined): string {
  const title = useOrganizationNames(line?.organization_id)?.display_name;
  if (line === undefined) return 'Log entry';
  const { organization_name: name } = line;
  if (title === undefined) return tellLine(line);
  const isSame = name === undefined || name.toLowerCase() === title.toLowerCase();
  return tellLine({ ...line, organization_name: isSame ? title : `${title} (${name})` });
}

export function Line() {
  const { logId } = route.useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['log', 'line', logId],
    queryFn: async () => {
      const answer = await api.GET('/logs/{id}', { params: { path: { id: logId } } });
      return answer.data;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const title = useTitle(data);
  if (error)
    return (
      <Page title={title} crumbs={CRUMBS}>
        <FailureNote error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (data === undefined)
    return (
      <Page title={title} crumbs={CRUMBS}>
        <Skeleton height={120} aria-label="Loading" />
      </Page>
    );
  return (
    <Page title={title} crumbs={CRUMBS} buttons={<LineBadge type={data.type} />}>
      <Shown line={data} />
    </Page>
  );
}
