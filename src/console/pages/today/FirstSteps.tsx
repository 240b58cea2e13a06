/**
 * The first steps on a new server, each with a mark when it is done. Hidden once all are done; the last one is a
 * member's sign-in to an organization. Reads only.
 */
import { Anchor, Code, List, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { readSteps, type Step } from './first-steps';
import { Part } from './Part';

function Tick({ isDone }: { readonly isDone: boolean }) {
  return (
    <ThemeIcon variant="light" color={isDone ? 'teal' : 'gray'} size={24} radius="xl" aria-hidden>
      {isDone ? <IconCheck size={16} /> : <IconCircle size={16} />}
    </ThemeIcon>
  );
}

function OneStep({ step }: { readonly step: Step }) {
  return (
    <List.Item icon={<Tick isDone={step.isDone} />}>
      <Stack gap={2}>
        {step.isDone ? (
          <Text span>{step.name}: done</Text>
        ) : (
          <Anchor component={Link} to={step.to}>
            {step.name}
          </Anchor>
        )}
        {!step.isDone && (
          <>
            <Text size="sm" c="dimmed">
              {step.why}
            </Text>
            <details>
              <summary>
                <Text size="sm" span>
                  Or use a command
                </Text>
              </summary>
              <Code block tabIndex={0}>
                {step.command}
              </Code>
            </details>
          </>
        )}
      </Stack>
    </List.Item>
  );
}

export function FirstSteps() {
  const { data } = useQuery({ queryKey: ['today', 'steps'], queryFn: readSteps, staleTime: 0 });
  // The steps are optional: if they cannot be read, the page shows nothing instead of an error.
  if (data === undefined || data.every(({ isDone }) => isDone)) return null;
  return (
    <Part title="First steps">
      <List spacing="sm" center={false}>
        {data.map((step) => (
          <OneStep key={step.name} step={step} />
        ))}
      </List>
    </Part>
  );
}
