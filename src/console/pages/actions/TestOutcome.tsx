/**
 * Shows the result of a test: how the sign-in would continue, the changes that the draft requested, and the lines that
 * it printed.
 */
import { Alert, Stack, Text } from '@mantine/core';
import type { TestResult } from './answers';
import { Printed } from './Printed';

function sayOutcome({ end }: TestResult): { readonly title: string; readonly color: string; readonly body: string } {
  if (end.kind === 'denied')
    return { title: 'The draft refuses the sign-in', color: 'yellow', body: end.user_message ?? end.reason ?? '' };
  if (end.kind === 'redirect')
    return { title: 'The draft sends the person to a page', color: 'blue', body: end.url ?? '' };
  if (end.kind === 'factor')
    return { title: 'The draft asks for a second factor', color: 'blue', body: 'Later Actions run after it.' };
  if (end.kind === 'failed')
    return { title: 'The draft fails, so the sign-in would be refused', color: 'red', body: end.message ?? '' };
  return { title: 'The draft allows the sign-in', color: 'teal', body: '' };
}

/** Returns a requested change as text: `{kind: 'claim', token: 'id'}` becomes `claim: token "id"`. */
function sayEffect({ kind, ...rest }: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return `${String(kind)}: ${parts.join(', ')}`;
}

export function TestOutcome({ result }: { readonly result: TestResult }) {
  const { title, color, body } = sayOutcome(result);
  const printed = result.results.flatMap((one) => one.console ?? []);
  const error = result.results.find((one) => one.error !== undefined)?.error;
  return (
    <Stack gap="sm" role="status" aria-label="Outcome of the test">
      <Alert variant="light" color={color} title={title}>
        {body}
      </Alert>
      {error !== undefined && <Printed text={error.stack ?? `${error.id}: ${error.msg}`} />}
      <Text fw={600} size="sm">
        Requested changes
      </Text>
      {result.effects.length === 0 ? (
        <Text size="sm">nothing</Text>
      ) : (
        <Printed text={result.effects.map(sayEffect).join('\n')} />
      )}
      <Text fw={600} size="sm">
        Output
      </Text>
      {printed.length === 0 ? <Text size="sm">nothing</Text> : <Printed text={printed.join('\n')} />}
    </Stack>
  );
}
