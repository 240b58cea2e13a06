/** The lines that the tenant's Actions printed during a login, grouped by Action. */
import { Code, Stack, Text, Title } from '@mantine/core';
import type { ActionRun } from '../../lines/answers';

export function ActionRuns({ runs }: { readonly runs: readonly ActionRun[] }) {
  const printed = runs.flatMap(({ trigger, reason, results = [] }) =>
    results.map(({ name, console: lines = [] }) => ({ trigger, reason, name, lines })),
  );
  if (printed.length === 0) return null;
  return (
    <section aria-labelledby="actions">
      <Title order={2} size="h4" id="actions" mb="sm">
        Output of Actions
      </Title>
      <Stack gap="sm">
        {printed.map(({ trigger, reason, name, lines }) => (
          <div key={`${trigger} ${name}`}>
            <Text fw={600} size="sm" dir="auto">
              {name} ({trigger}){reason === undefined ? '' : `: ${reason}`}
            </Text>
            {lines.length === 0 ? (
              <Text size="sm" c="dimmed">
                No output.
              </Text>
            ) : (
              <Code block tabIndex={0}>
                {lines.join('\n')}
              </Code>
            )}
          </div>
        ))}
      </Stack>
    </section>
  );
}
