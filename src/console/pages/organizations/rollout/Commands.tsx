/**
 * The commands of a rollout for this organization, to copy. Operators run them where the plan's file is; the console
 * runs none.
 */
import { Stack, Text } from '@mantine/core';
import { CopyText } from '../../../parts/CopyText';

export interface CommandsProps {
  readonly organization: string;
  /** Name of the connection. While it is undefined, the commands show a placeholder. */
  readonly connection: string | undefined;
  readonly file: string;
}

/** Quotes a word for a shell if it has special characters. */
const quoted = (word: string) => (/^[\w./@:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export function Commands({ organization, connection, file }: CommandsProps) {
  const plan = quoted(file);
  const steps = [
    [
      'Create the plan (changes nothing)',
      `vestibule rollout plan --organization ${quoted(organization)} --connection ${quoted(connection ?? 'CONNECTION')} --directory people.csv --out ${plan}`,
    ],
    ['Apply to a pilot group first', `vestibule rollout apply ${plan} --limit 5`],
    ['Apply to the rest (repeat after an interruption)', `vestibule rollout apply ${plan}`],
    ['Check how each sign-in would end now', `vestibule rollout verify ${plan}`],
    ['Undo everything', `vestibule rollout rollback ${plan}`],
  ] as const;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        Run them on any machine with the package and the files. Set AUTH0_DOMAIN to this server, and AUTH0_CLIENT_ID and
        AUTH0_CLIENT_SECRET to a machine application with access to the Management API. Each command first names missing
        permissions.
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
