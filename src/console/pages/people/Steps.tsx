/** The steps of a sign-in in order: each rule with its answer, the deciding one marked, evidence to unfold. */
import { Badge, Code, Group, Text } from '@mantine/core';
import type { TraceLine } from './answers';
import classes from './Steps.module.css';

const STAGES: Readonly<Record<string, string>> = {
  identify: 'Who wants to come where',
  authenticate: 'The proof',
  resolve: 'Which account it is',
  admit: 'Whether the organization lets them in',
  act: 'Actions',
  commit: 'The write',
};

const ANSWERS: Readonly<Record<TraceLine['answer'], { readonly color: string; readonly word: string }>> = {
  pass: { color: 'ink', word: 'passes' },
  ask: { color: 'gray', word: 'asks' },
  refuse: { color: 'red', word: 'refuses' },
};

function Evidence({ line }: { readonly line: TraceLine }) {
  if (Object.keys(line.evidence).length === 0) return null;
  return (
    <details>
      <summary>Evidence</summary>
      <Code block dir="auto">
        {JSON.stringify(line.evidence, null, 2)}
      </Code>
    </details>
  );
}

export interface StepsProps {
  readonly trace: readonly TraceLine[];
  /** The rule that decided. */
  readonly rule: string;
}

export function Steps({ trace, rule }: StepsProps) {
  const lines = trace.map((line, at) => ({ line, at, isFirst: trace[at - 1]?.stage !== line.stage }));
  return (
    <ol className={classes.steps}>
      {lines.map(({ line, at, isFirst }) => (
        <li key={`${line.stage}-${line.rule}-${at}`}>
          {isFirst && (
            <Text size="sm" fw={600} mt="xs">
              {STAGES[line.stage] ?? line.stage}
            </Text>
          )}
          <Group gap="xs" wrap="nowrap" align="baseline">
            <Badge variant="light" color={ANSWERS[line.answer].color} tt="none" style={{ flexShrink: 0 }}>
              {ANSWERS[line.answer].word}
            </Badge>
            <Text size="sm" span fw={line.rule === rule ? 700 : 400} style={{ overflowWrap: 'anywhere' }}>
              {line.rule}
              {line.rule === rule && ' (this decides)'}
            </Text>
          </Group>
          <Evidence line={line} />
        </li>
      ))}
    </ol>
  );
}
