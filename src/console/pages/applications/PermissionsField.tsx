/**
 * The form field for the permissions of a grant. They are chosen one by one, pasted as a list of names, or all chosen
 * at once. Names that the API does not have are reported and left out. Saves nothing.
 */
import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { type ClipboardEvent, useState } from 'react';
import { MultiSelect } from '../../parts/inputs';
import type { Api } from './answers';
import classes from './PermissionsField.module.css';
import { readPermissions } from './permission-text';

export type Permitted = {
  readonly scope: readonly string[];
  /** True if the grant also has all permissions that are added to the API later. */
  readonly all: boolean;
};

export const NOTHING_PERMITTED: Permitted = { scope: [], all: false };
export const ALL_LABEL = 'All permissions, including future ones';

/** Maximum number of unknown names that the message about them lists. */
const MOST_TOLD = 20;

export interface PermissionsFieldProps {
  /** The API that has the permissions; undefined until the operator has chosen an API and it is loaded. */
  readonly api: Api | undefined;
  readonly value: Permitted;
  onChange(changes: Partial<Permitted>): void;
}

const namesOf = (api: Api | undefined) => (api?.scopes ?? []).map(({ value }) => value);

function sayChosen(api: Api, chosen: readonly string[]): string {
  const offered = namesOf(api);
  if (chosen.length === 0) return 'None chosen. Tokens will contain no permissions.';
  const isWhole = offered.every((name) => chosen.includes(name));
  if (!isWhole) return `${chosen.length} of ${offered.length} chosen.`;
  const power = api.is_system ? 'on this server, like an owner' : 'that this API allows today';
  return `All ${offered.length} chosen. The application can do everything ${power}. Permissions added to the API later are not included.`;
}

function Unknown({ names }: { readonly names: readonly string[] }) {
  const rest = names.length - MOST_TOLD;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: 'anywhere' }}>
      Left out, because the API has no such permissions: {names.slice(0, MOST_TOLD).join(', ')}
      {rest > 0 && ` and ${rest} more`}.
    </Text>
  );
}

/**
 * Returns a handler for pasted lists of names. A single unknown word is not handled, so that it is typed into the
 * search as usual.
 */
function usePaste({ api, value, onChange }: PermissionsFieldProps) {
  const [unknown, setUnknown] = useState<readonly string[]>([]);
  const paste = (event: ClipboardEvent) => {
    const read = readPermissions(event.clipboardData.getData('text/plain'), namesOf(api));
    if (read.known.length === 0 && read.unknown.length < 2) return;
    event.preventDefault();
    setUnknown(read.unknown);
    onChange({ scope: [...new Set([...value.scope, ...read.known])] });
  };
  return { paste, unknown };
}

function Choice({ api, value, onChange }: PermissionsFieldProps) {
  const { paste, unknown } = usePaste({ api, value, onChange });
  const offered = namesOf(api);
  return (
    <>
      <MultiSelect
        fills={['scope', 'allow_all_scopes']}
        label="Permissions"
        description="Choose permissions, or paste a list separated by spaces, commas or line breaks."
        data={offered}
        value={[...value.scope]}
        onChange={(scope) => onChange({ scope })}
        onPaste={paste}
        classNames={{ pillsList: classes.chosen ?? '' }}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear selection' }}
        disabled={api === undefined}
      />
      {unknown.length > 0 && <Unknown names={unknown} />}
      {api !== undefined && (
        <Group gap="sm" wrap="nowrap" align="start">
          <Button
            variant="default"
            size="xs"
            style={{ flex: 'none' }}
            disabled={offered.length === 0}
            onClick={() => onChange({ scope: [...new Set([...value.scope, ...offered])] })}
          >
            Choose all {offered.length}
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {sayChosen(api, value.scope)}
          </Text>
        </Group>
      )}
    </>
  );
}

export function PermissionsField(props: PermissionsFieldProps) {
  const { api, value, onChange } = props;
  return (
    <Stack gap="xs">
      {!value.all && <Choice {...props} />}
      {/* Not offered for this server's own API. Later versions of the server add permissions to it, and each must be
          granted by name. */}
      {api !== undefined && !api.is_system && (
        <Switch
          label={ALL_LABEL}
          description="The application gets every permission of this API, and automatically those that are added later."
          checked={value.all}
          onChange={(event) => onChange({ all: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
