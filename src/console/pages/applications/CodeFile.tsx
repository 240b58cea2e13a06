/** One file of the ready code, or a list of commands: its name, its text, and a button that copies the text. */
import { Group, Paper, Text } from '@mantine/core';
import { Copy } from '../../parts/CopyText';

export function CodeFile({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <Paper withBorder component="section" aria-label={name} style={{ overflow: 'hidden' }}>
      <Group
        justify="space-between"
        px="md"
        py={4}
        style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
      >
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Copy text={text} name={name} />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are read by scrolling, by keyboard too. */}
      <pre tabIndex={0} dir="ltr" style={{ margin: 0, padding: 16, overflowX: 'auto', fontSize: 13 }}>
        {text}
      </pre>
    </Paper>
  );
}
