/** The part of an Action's draft that chooses its modules and the version of each. They are saved with the draft. */
import { Anchor, Button, Group, Select, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Module } from './answers';
import { splitVersion } from './code-values';
import { useEveryModule, useVersionNumbers } from './module-queries';

/** Maximum number of modules of one Action, as in the API. */
const MOST_OF_ACTION = 3;

interface ChosenProps {
  /** The chosen module and version, as `name@version`. */
  readonly text: string;
  /** The module. Undefined while the modules are loading, and if it was deleted. */
  readonly module: Module | undefined;
  readonly isReadOnly: boolean;
  onChange(text: string | undefined): void;
}

function VersionSelect({ text, module, onChange }: Omit<ChosenProps, 'isReadOnly'>) {
  const { name, version = '' } = splitVersion(text);
  const { data = [] } = useVersionNumbers(module?.id);
  const numbers = new Set([version, ...data.map(String)]);
  return (
    <Select
      size="xs"
      w={130}
      aria-label={`Version of ${name}`}
      data={[...numbers].map((number) => ({ value: number, label: `version ${number}` }))}
      value={version}
      onChange={(number) => number !== null && onChange(`${name}@${number}`)}
      allowDeselect={false}
    />
  );
}

function Chosen({ text, module, isReadOnly, onChange }: ChosenProps) {
  const { name, version } = splitVersion(text);
  const newest = module?.latest_version_number;
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <div style={{ overflowWrap: 'anywhere' }}>
          {module === undefined ? (
            <Text size="sm" dir="auto">
              {name}
            </Text>
          ) : (
            <Anchor size="sm" component={Link} to={`/actions/modules/${module.id}`} dir="auto">
              {name}
            </Anchor>
          )}
        </div>
        {isReadOnly ? (
          <Text size="sm">version {version}</Text>
        ) : (
          <Group gap="xs" wrap="nowrap">
            <VersionSelect text={text} module={module} onChange={onChange} />
            <Button size="xs" variant="default" onClick={() => onChange(undefined)} aria-label={`Remove ${name}`}>
              Remove
            </Button>
          </Group>
        )}
      </Group>
      {newest !== undefined && String(newest) !== version && (
        <Text size="xs" c="dimmed">
          A newer version exists: {newest}.
        </Text>
      )}
    </div>
  );
}

interface AddProps {
  readonly modules: readonly Module[];
  readonly chosen: readonly string[];
  onAdd(text: string): void;
}

function AddModule({ modules, chosen, onAdd }: AddProps) {
  const taken = new Set(chosen.map((text) => splitVersion(text).name));
  const free = modules.filter(({ name, latest_version_number: latest }) => latest !== undefined && !taken.has(name));
  if (chosen.length >= MOST_OF_ACTION)
    return (
      <Text size="xs" c="dimmed">
        An Action can load at most {MOST_OF_ACTION} modules.
      </Text>
    );
  if (free.length === 0) return null;
  return (
    <Select
      size="xs"
      aria-label="Add a module"
      placeholder="Add a module"
      data={free.map(({ name, latest_version_number: latest }) => ({ value: `${name}@${latest}`, label: name }))}
      value={null}
      onChange={(text) => text !== null && onAdd(text)}
      searchable
    />
  );
}

export interface ActionModulesProps {
  readonly chosen: readonly string[];
  readonly isReadOnly: boolean;
  onChange(chosen: readonly string[]): void;
}

export function ActionModules({ chosen, isReadOnly, onChange }: ActionModulesProps) {
  const { data: modules = [] } = useEveryModule();
  const replace = (at: number, text: string | undefined) =>
    onChange(text === undefined ? chosen.toSpliced(at, 1) : chosen.toSpliced(at, 1, text));
  return (
    <Stack gap="xs" component="section" aria-label="Modules">
      <Text size="sm" fw={500}>
        Modules
      </Text>
      {chosen.length === 0 && (
        <Text size="sm" c="dimmed">
          No modules.{' '}
          {modules.length === 0 && (
            <Anchor size="sm" component={Link} to="/actions/modules">
              Create a module to share code between Actions.
            </Anchor>
          )}
        </Text>
      )}
      {chosen.map((text, at) => (
        <Chosen
          key={splitVersion(text).name}
          text={text}
          module={modules.find(({ name }) => name === splitVersion(text).name)}
          isReadOnly={isReadOnly}
          onChange={(changed) => replace(at, changed)}
        />
      ))}
      {chosen.length > 0 && (
        <Text size="xs" c="dimmed">
          Load a module in the code with require('actions:NAME').
        </Text>
      )}
      {!isReadOnly && <AddModule modules={modules} chosen={chosen} onAdd={(text) => onChange([...chosen, text])} />}
    </Stack>
  );
}
