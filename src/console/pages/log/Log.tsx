/**
 * The page of the log, newest lines first. Shows refusals unless another filter is chosen, and can follow new lines
 * live. Reads only.
 */
import { Button, Stack, Switch, Text, VisuallyHidden } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { List } from '../../api/list';
import type { LogLine } from '../../lines/answers';
import { LinesKept } from '../../lines/LinesKept';
import { LINE_COLUMNS } from '../../lines/line-columns';
import { readPage, withoutRepeats } from '../../lines/read-lines';
import { type LogSearch, shownKind } from '../../lines/search';
import { FailureNote } from '../../parts/FailureNote';
import { type Column, ListTable } from '../../parts/ListTable';
import { Page } from '../../parts/Page';
import { usePages } from '../../parts/use-pages';
import { Filters } from './Filters';
import { useFollow } from './use-follow';

const route = getRouteApi('/log');

function Empty({ search, onClear }: { readonly search: LogSearch; onClear(): void }) {
  if (Object.keys(search).length === 0)
    return (
      <Stack align="center" gap="xs">
        <Text fw={600}>No refusals</Text>
        <Text c="dimmed">People who are refused see a reference (V-…). Enter it above to find the reason.</Text>
      </Stack>
    );
  return (
    <Stack align="center" gap="xs">
      <Text fw={600}>No entries match these filters</Text>
      {search.reference !== undefined && (
        <Text c="dimmed" maw={480}>
          Check the spelling of the reference. If one network causes very many refusals, only some get an entry. The
          others are only counted in the server’s own log.
        </Text>
      )}
      <Button variant="default" onClick={onClear}>
        Remove filters
      </Button>
    </Stack>
  );
}

/** Opens a log line's own page if a search by reference found exactly this line. */
function useOnlyLine(search: LogSearch, list: List<LogLine>): void {
  const navigate = useNavigate();
  const only = search.reference !== undefined && list.items.length === 1 ? list.items[0]?.log_id : undefined;
  const fits = list.items[0]?.details?.reference === search.reference;
  useEffect(() => {
    if (only !== undefined && fits) void navigate({ to: `/log/${encodeURIComponent(only)}`, replace: true });
  }, [only, fits, navigate]);
}

function Fresh({ lines, error }: { readonly lines: readonly LogLine[]; readonly error: unknown }) {
  const said =
    lines.length === 0 ? 'Following. No new entries yet.' : `${lines.length} new since you started to follow.`;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed" role="status" aria-live="polite">
        {said}
      </Text>
      {error !== null && <FailureNote error={error} />}
    </Stack>
  );
}

/** Marks lines that arrived while the page followed the log: with a bar, and with the word "new" for screen readers. */
function markFresh(columns: readonly Column<LogLine>[], fresh: ReadonlySet<string>): readonly Column<LogLine>[] {
  return columns.map((column, index) =>
    index > 0
      ? column
      : {
          ...column,
          cell: (line) => (
            <div data-fresh={fresh.has(line.log_id) || undefined}>
              {column.cell(line)}
              {fresh.has(line.log_id) && <VisuallyHidden>, new</VisuallyHidden>}
            </div>
          ),
        },
  );
}

export function Log() {
  // `after` says which page of the list is shown. It is a search parameter like the filters, but no filter.
  const { after: _, ...search } = route.useSearch() as LogSearch & { readonly after?: string };
  const navigate = useNavigate();
  const [follows, setFollows] = useState(false);
  const list = usePages(['log', 'list', search], (from) => readPage(search, from));
  const isNewest = !list.pages?.hasBefore;
  const fresh = useFollow(search, list.items[0]?.log_id, follows && isNewest && !list.isLoading);
  useOnlyLine(search, list);
  const change = (next: LogSearch) => void navigate({ to: '/log', search: next });
  const items = withoutRepeats([...fresh.lines, ...list.items]);
  return (
    <Page
      title="Refusals and log"
      lead={
        <>
          Each refusal has an entry with the reference that the person saw and the reasons for the decision.{' '}
          <LinesKept />
        </>
      }
      buttons={
        search.to === undefined &&
        isNewest && (
          <Switch label="Follow live" checked={follows} onChange={(event) => setFollows(event.currentTarget.checked)} />
        )
      }
    >
      <Filters key={JSON.stringify([search.from, search.to])} search={search} onChange={change} />
      {follows && isNewest && <Fresh lines={fresh.lines} error={fresh.error} />}
      <ListTable
        caption={shownKind(search) === 'refusals' ? 'Refused sign-ins, newest first' : 'Log entries, newest first'}
        list={{ ...list, items }}
        columns={markFresh(LINE_COLUMNS, new Set(fresh.lines.map(({ log_id }) => log_id)))}
        rowKey={({ log_id }) => log_id}
        empty={<Empty search={search} onClear={() => change({})} />}
      />
    </Page>
  );
}
