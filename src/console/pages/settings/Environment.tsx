/**
 * Lists the environment variables of the node that answered. The console has no fields for them, and the list tells
 * operators where to change them. Never shows the value of a secret.
 */
import { Anchor, Code, Group, Stack, Text, Title } from '@mantine/core';
import { findHelp } from '../../help-pages';
import { Facts } from '../../parts/Facts';
import { Loaded } from '../../parts/Loaded';
import { Moment } from '../../parts/Moment';
import { type EnvironmentVariable, type ServerSettings, useServerSettings } from '../../server-settings';
import { VARIABLE_GROUPS } from './environment-words';

function sayValue(variable: EnvironmentVariable, unit = ''): string {
  if (variable.is_secret) return variable.is_set ? 'set (not shown)' : 'not set';
  const { value } = variable;
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'not set';
  if (Array.isArray(value)) return value.join(', ');
  return /^\d/.test(String(value)) ? `${value}${unit}` : String(value);
}

function Value({ variable, unit }: { readonly variable: EnvironmentVariable; readonly unit: string | undefined }) {
  return (
    <Group gap="xs">
      <span>{sayValue(variable, unit)}</span>
      <Code>{variable.name}</Code>
    </Group>
  );
}

function Variables({ settings, names }: { settings: ServerSettings; names: (typeof VARIABLE_GROUPS)[number] }) {
  const facts = names.variables.flatMap(({ name, label, unit }) => {
    const variable = settings.variables.find((one) => one.name === name);
    return variable === undefined ? [] : [[label, <Value key={name} variable={variable} unit={unit} />] as const];
  });
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {names.title}
      </Title>
      <Facts facts={facts} />
    </Stack>
  );
}

function Node({ settings: { version, issuer, node } }: { readonly settings: ServerSettings }) {
  return (
    <Facts
      facts={[
        ['Version', version],
        ['Issuer', issuer],
        ['Node', node.name],
        ['Runs on', node.runtime],
        ['Started', <Moment key="started" at={node.started_at} />],
      ]}
    />
  );
}

export function Environment() {
  const query = useServerSettings();
  if (!query.isEnabled) return null;
  return (
    <Stack maw={860}>
      <div>
        <Title order={2} size="h4">
          Settings from the server’s environment
        </Title>
        <Text size="sm" c="dimmed">
          These settings come from environment variables and cannot be changed here. They are those of the node that
          answered. After a change, restart the server.{' '}
          <Anchor href={findHelp('/settings').href} target="_blank" rel="noopener">
            Read about these variables
          </Anchor>
        </Text>
      </div>
      <Loaded query={query}>
        {(settings) => (
          <Stack gap="lg">
            <Node settings={settings} />
            {VARIABLE_GROUPS.map((group) => (
              <Variables key={group.title} settings={settings} names={group} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}
