/**
 * A list as a table, in each of its states: loading, refused, empty, a page, more to come. Columns that a narrow screen has no room for are
 * left out there (`wide`). Asks for further rows only when asked to.
 */
import { Button, Center, Loader, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { List } from '../api/list';
import { FailureNote } from './FailureNote';

export interface Column<Item> {
  readonly name: string;
  /** Shown from 768 pixels on only. */
  readonly wide?: boolean;
  cell(item: Item): ReactNode;
}

export interface ListTableProps<Item> {
  /** For screen readers: the rows of this table. */
  readonly caption: string;
  readonly list: List<Item>;
  readonly columns: readonly Column<Item>[];
  rowKey(item: Item): string;
  /** Shown in place of the table: why it is empty, and the deed that fills it. */
  readonly empty: ReactNode;
}

const LOADING_ROWS = ['a', 'b', 'c', 'd', 'e'];

export function ListTable<Item>({ caption, list, columns, rowKey, empty }: ListTableProps<Item>) {
  if (list.error && list.items.length === 0) return <FailureNote error={list.error} onRetry={list.retry} />;
  if (list.isLoading)
    return (
      <Stack gap="xs" aria-busy>
        <VisuallyHidden role="status">Loading</VisuallyHidden>
        {LOADING_ROWS.map((row) => (
          <Skeleton key={row} height={36} />
        ))}
      </Stack>
    );
  if (list.items.length === 0)
    return (
      <Center mih={160} ta="center">
        {typeof empty === 'string' ? <Text c="dimmed">{empty}</Text> : empty}
      </Center>
    );
  const from = (wide: boolean | undefined) => (wide ? { visibleFrom: 'sm' } : {});
  return (
    <Stack gap="sm">
      <Table.ScrollContainer minWidth={320}>
        <Table verticalSpacing="sm" highlightOnHover>
          <caption className="unseen">{caption}</caption>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ name, wide }) => (
                <Table.Th key={name} {...from(wide)}>
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.items.map((item) => (
              <Table.Tr key={rowKey(item)}>
                {columns.map(({ name, wide, cell }) => (
                  <Table.Td key={name} style={{ overflowWrap: 'anywhere' }} {...from(wide)}>
                    {cell(item)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list.error !== null && <FailureNote error={list.error} onRetry={list.more} />}
      {list.hasMore && (
        <Center>
          <Button variant="default" loading={list.isLoadingMore} onClick={list.more}>
            Show more
          </Button>
        </Center>
      )}
      {list.isLoadingMore && <Loader size="xs" aria-label="Loading more" />}
    </Stack>
  );
}
