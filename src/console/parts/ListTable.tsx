/**
 * A list as a table in each of its states: loading, refused, empty, with rows, with further pages. On a narrow screen,
 * `wide` columns are hidden and each row is a block of lines. Further rows are loaded only on request. A list with
 * `pages` shows one page at a time; other lists grow.
 */
import { Button, Center, Group, Loader, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { List, Pages } from '../api/list';
import { FailureNote } from './FailureNote';
import classes from './ListTable.module.css';

export interface Column<Item> {
  readonly name: string;
  /** True for a column that is hidden in windows narrower than 768 pixels. */
  readonly wide?: boolean;
  /** True for a column that is understood without its label on a narrow screen: a sentence, a badge. */
  readonly isPlain?: boolean;
  /** True for the column of buttons at the end of each row. Its name is only for screen readers. */
  readonly isButtons?: boolean;
  cell(item: Item): ReactNode;
}

export interface ListTableProps<Item> {
  /** The table's name for screen readers. */
  readonly caption: string;
  readonly list: List<Item>;
  readonly columns: readonly Column<Item>[];
  rowKey(item: Item): string;
  /** Shown instead of an empty table: says why it is empty, and offers the action that fills it. */
  readonly empty: ReactNode;
}

type RowsProps<Item> = Pick<ListTableProps<Item>, 'caption' | 'columns' | 'rowKey'> & {
  readonly items: readonly Item[];
};

function Turn({ list, pages }: { readonly list: List<unknown>; readonly pages: Pages }) {
  const { number, hasBefore, back } = pages;
  if (!hasBefore && !list.hasMore && !list.isLoadingMore) return null;
  // On the last page the button stays (disabled), so that the keyboard focus is not lost.
  const turn = (name: string, can: boolean, go: () => void) => (
    <Button
      variant="default"
      aria-disabled={!can}
      {...(!can && { 'data-disabled': true })}
      onClick={() => can && !list.isLoadingMore && go()}
    >
      {name}
    </Button>
  );
  return (
    <Group component="nav" justify="center" gap="sm" aria-label="Pages of the list">
      {turn(number === undefined ? 'First page' : 'Previous page', hasBefore, back)}
      <Text size="sm" c="dimmed" role="status" miw={60} ta="center">
        {list.isLoadingMore ? 'Loading' : number !== undefined && `Page ${number}`}
      </Text>
      {turn('Next page', list.hasMore, list.more)}
    </Group>
  );
}

function More({ list }: { readonly list: List<unknown> }) {
  return (
    <>
      {list.hasMore && (
        <Center>
          <Button variant="default" loading={list.isLoadingMore} onClick={list.more}>
            Show more
          </Button>
        </Center>
      )}
      {list.isLoadingMore && <Loader size="xs" aria-label="Loading more" />}
    </>
  );
}

const from = (wide: boolean | undefined) => (wide ? { visibleFrom: 'sm' } : {});

/**
 * The ARIA roles are explicit because a narrow screen draws rows as blocks, for which browsers would drop the role of a
 * table row.
 */
function Rows<Item>({ caption, items, columns, rowKey }: RowsProps<Item>) {
  return (
    <Table verticalSpacing="sm" highlightOnHover className={classes.table ?? ''} role="table">
      <caption className="unseen">{caption}</caption>
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {columns.map(({ name, wide, isButtons }) => (
            <Table.Th key={name} role="columnheader" {...from(wide)}>
              {isButtons ? <VisuallyHidden>{name}</VisuallyHidden> : name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {items.map((item) => (
          <Table.Tr key={rowKey(item)} role="row">
            {columns.map(({ name, wide, isButtons, isPlain, cell }) => (
              <Table.Td
                key={name}
                role="cell"
                {...(isButtons ? { className: classes.buttons ?? '' } : !isPlain && { 'data-name': name })}
                {...from(wide)}
              >
                {cell(item)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const LOADING_ROWS = ['a', 'b', 'c', 'd', 'e'];

export function ListTable<Item>({ caption, list, columns, rowKey, empty }: ListTableProps<Item>) {
  const turn = list.pages !== undefined && <Turn list={list} pages={list.pages} />;
  if (list.error && list.items.length === 0)
    return (
      <Stack gap="sm">
        <FailureNote error={list.error} onRetry={list.retry} />
        {list.pages?.hasBefore && turn}
      </Stack>
    );
  if (list.isLoading)
    return (
      <Stack gap="xs" aria-busy>
        <VisuallyHidden role="status">Loading</VisuallyHidden>
        {LOADING_ROWS.map((row) => (
          <Skeleton key={row} height={36} />
        ))}
      </Stack>
    );
  if (list.items.length === 0 && list.pages?.hasBefore)
    return (
      <Stack gap="sm">
        <Text c="dimmed" ta="center">
          There are no more entries. Go back to the previous page.
        </Text>
        {turn}
      </Stack>
    );
  if (list.items.length === 0)
    return (
      <Center className={classes.none}>{typeof empty === 'string' ? <Text c="dimmed">{empty}</Text> : empty}</Center>
    );
  return (
    <Stack gap="sm">
      <Rows caption={caption} items={list.items} columns={columns} rowKey={rowKey} />
      {list.cutAt !== undefined && (
        <Text c="dimmed" ta="center">
          Only the first {list.cutAt.toLocaleString('en')} results are shown. To find others, type more letters or
          choose a filter.
        </Text>
      )}
      {list.error !== null && <FailureNote error={list.error} onRetry={list.pages ? list.retry : list.more} />}
      {turn || <More list={list} />}
    </Stack>
  );
}
