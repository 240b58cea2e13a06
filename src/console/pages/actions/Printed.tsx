/** Shows lines that code printed, or the stack of a failure. Long lines wrap. */
import { Code } from '@mantine/core';

export function Printed({ text }: { readonly text: string }) {
  return (
    <Code block c="var(--mantine-color-text)" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {text}
    </Code>
  );
}
