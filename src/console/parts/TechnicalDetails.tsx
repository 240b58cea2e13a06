/** The API's own text, folded, for operators who look an error up or report it. */
import { Code, Text } from '@mantine/core';

export function TechnicalDetails({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details>
      <summary>
        <Text size="sm" span>
          Technical details
        </Text>
      </summary>
      <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {lines.join('\n')}
      </Code>
    </details>
  );
}
