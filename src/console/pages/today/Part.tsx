/** A part of the page Today, under its own heading. */
import { Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function Part({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return (
    <Paper withBorder p="md" h="100%" component="section" aria-labelledby={id}>
      <Stack gap="sm">
        <div style={{ display: 'flex', justifyContent: 'space-between', gap: '1rem', flexWrap: 'wrap' }}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {more}
        </div>
        {children}
      </Stack>
    </Paper>
  );
}
