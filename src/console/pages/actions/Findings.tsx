/**
 * The linter's findings as a list, so that nobody has to hover over code to read them. Each links to its place in the
 * code.
 */
import { Anchor, List, Text } from '@mantine/core';
import type { Finding } from './answers';

const SEVERITY = { error: 'Error', warning: 'Warning', info: 'Note' } as const;

export interface FindingsProps {
  /** The findings; undefined before the code was checked. */
  readonly findings: readonly Finding[] | undefined;
  onChoose(line: number, column: number): void;
}

export function Findings({ findings, onChoose }: FindingsProps) {
  if (findings === undefined) return null;
  if (findings.length === 0)
    return (
      <Text size="sm" role="status">
        No problems found in this code.
      </Text>
    );
  return (
    <List size="sm" spacing="xs" role="list" aria-label="Findings">
      {findings.map(({ severity, message, fix, line, column = 1 }) => (
        <List.Item key={`${line} ${column} ${message}`}>
          {line === undefined ? (
            <Text span fw={600} size="sm">
              {SEVERITY[severity]}
            </Text>
          ) : (
            <Anchor component="button" type="button" fw={600} size="sm" onClick={() => onChoose(line, column)}>
              {SEVERITY[severity]}, line {line}
            </Anchor>
          )}
          {': '}
          {message}
          {fix !== undefined && (
            <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap' }}>
              {fix}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
}
