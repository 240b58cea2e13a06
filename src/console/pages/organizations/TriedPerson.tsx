/**
 * Shows one person with whose claims a condition was tested: the result, and the claims. A button copies the claims to
 * the field where they can be edited.
 */
import { Badge, Button, CloseButton, Code, Group, Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Claims } from './conditions';

export interface TriedPersonProps {
  readonly title: string;
  /** Text that says which sign-in the claims come from, and when it was. */
  readonly origin: ReactNode;
  /** True if the person meets the condition; undefined while the result is unknown. */
  readonly holds: boolean | undefined;
  readonly claims: Claims | undefined;
  readonly scimGroups?: readonly string[];
  onCopy(claims: Claims): void;
  onRemove?(): void;
}

export function TriedPerson({ title, origin, holds, claims, scimGroups = [], onCopy, onRemove }: TriedPersonProps) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={title}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs">
            <Text fw={550} dir="auto" style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Text>
            {holds !== undefined && (
              <Badge color={holds ? 'green' : 'yellow'} variant="light" tt="none" role="status">
                {holds ? 'Met' : 'Not met'}
              </Badge>
            )}
          </Group>
          {onRemove && <CloseButton aria-label={`Remove ${title}`} onClick={onRemove} />}
        </Group>
        <Text size="sm" c="dimmed">
          {origin}
        </Text>
        {scimGroups.length > 0 && (
          <Text size="sm" dir="auto">
            SCIM groups: {scimGroups.join(', ')}
          </Text>
        )}
        {claims !== undefined && (
          <>
            <details>
              <summary>Claims</summary>
              <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {JSON.stringify(claims, null, 2)}
              </Code>
            </details>
            <Button variant="subtle" size="compact-sm" onClick={() => onCopy(claims)} style={{ alignSelf: 'start' }}>
              Edit a copy of these claims
            </Button>
          </>
        )}
      </Stack>
    </Paper>
  );
}
