/**
 * The page that lists the runs of an Action, read from the log. Shows the result, the printed lines, and the place of a
 * failure.
 */
import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { List } from '../../api/list';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { ActionFrame } from './ActionFrame';
import type { Action, LogLine } from './answers';
import { findRuns, type Run, sayEnd } from './executions';
import { Printed } from './Printed';
import { useLogLines } from './queries';

function RunCard({ run, actionId }: { readonly run: Run; readonly actionId: string }) {
  const { line, report, end } = run;
  const who = line.user_name ?? line.user_id ?? line.client_name ?? 'Somebody';
  return (
    <Paper component="li" withBorder p="md">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Text dir="auto" style={{ overflowWrap: 'anywhere' }}>
            <strong>{who}</strong>
            {line.organization_name !== undefined && ` at ${line.organization_name}`}: {sayEnd(end)}
          </Text>
          <Text size="sm" c="dimmed">
            <Moment at={line.date} />, {Math.round(report.durationMs)} ms
          </Text>
        </Group>
        {report.error !== undefined && (
          <Printed text={report.error.stack || `${report.error.name}: ${report.error.message}`} />
        )}
        {report.console.length > 0 ? (
          <Printed text={report.console.join('\n')} />
        ) : (
          <Text size="sm" c="dimmed">
            No output.
          </Text>
        )}
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link to="/actions/$actionId/test" params={{ actionId }} search={{ login: line.log_id }} {...props} />
          )}
        >
          Test the draft with this event
        </Anchor>
      </Stack>
    </Paper>
  );
}

function sayEmpty(lines: List<LogLine>): string {
  if (lines.isLoading) return 'Reading the log…';
  return lines.hasMore ? `No executions in the newest ${lines.items.length} log entries.` : 'No executions in the log.';
}

function Body({ action }: { readonly action: Action }) {
  const lines = useLogLines();
  const runs = findRuns(lines.items, action.id);
  return (
    <Stack maw={860}>
      {lines.error !== null && <FailureNote error={lines.error} onRetry={lines.retry} />}
      {runs.length === 0 && lines.error === null && <Text c="dimmed">{sayEmpty(lines)}</Text>}
      <ol
        style={{
          listStyle: 'none',
          margin: 0,
          padding: 0,
          display: 'grid',
          gridTemplateColumns: 'minmax(0, 1fr)',
          gap: 12,
        }}
        aria-label="Executions"
      >
        {runs.map((run) => (
          <RunCard key={run.key} run={run} actionId={action.id} />
        ))}
      </ol>
      {lines.hasMore && (
        <Button variant="default" loading={lines.isLoadingMore} onClick={lines.more} style={{ alignSelf: 'start' }}>
          Search older entries
        </Button>
      )}
    </Stack>
  );
}

export function Executions() {
  return <ActionFrame>{(action) => <Body action={action} />}</ActionFrame>;
}
