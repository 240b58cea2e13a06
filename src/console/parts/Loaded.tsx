/** Renders a query: a skeleton while it loads, an error in words if it failed, otherwise its children with the data. */
import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FailureNote } from './FailureNote';

export interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  children(data: Data): ReactNode;
}

export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <FailureNote error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="xs" aria-busy>
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      <Skeleton height={36} />
      <Skeleton height={36} width="70%" />
      <Skeleton height={36} width="85%" />
    </Stack>
  );
}
