/**
 * The commands of a rollout with this organization's names, to run where the files are. The console runs none of them.
 */
import { Stack, Text } from '@mantine/core';
import { CopyText } from '../../../parts/CopyText';

export interface CommandsProps {
  readonly organization: string;
  /** Name of the connection; while it is undefined, the command has a placeholder. */
  readonly connection: string | undefined;
  readonly file: string;
}

/** Quotes a word for a shell where that is necessary. */
const quoted = (word: string) => (/^[\w./@:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export function Commands({ organization, connection, file }: CommandsProps) {
  const plan = quoted(file);
  const steps = [
    [
      'Plan: reads, and writes the plan',
      `vestibule rollout plan --organization ${quoted(organization)} --connection ${quoted(connection ?? 'CONNECTION')} --directory people.csv --out ${plan}`,
    ],
    ['A pilot group first', `vestibule rollout apply ${plan} --limit 5`],
    ['The rest; after an interruption the same again', `vestibule rollout apply ${plan}`],
    ['Ask the server how each sign-in would end now', `vestibule rollout verify ${plan}`],
    ['Take everything back', `vestibule rollout rollback ${plan}`],
  ] as const;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        They run on any machine that has the package and the files, with AUTH0_DOMAIN, AUTH0_CLIENT_ID and
        AUTH0_CLIENT_SECRET set to this server and to a machine application with a grant for the Management API. Each
        says first which permissions it lacks.
      </Text>
      {steps.map(([says, command]) => (
        <div key={says}>
          <Text size="sm">{says}</Text>
          <CopyText text={command} name={`the command: ${says}`} />
        </div>
      ))}
    </Stack>
  );
}
