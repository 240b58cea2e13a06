/** The form of an Action's draft: code with its findings, packages, modules, name. No login runs a draft. */
import { Stack, Text } from '@mantine/core';
import { useCallback } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { TextInput } from '../../parts/inputs';
import { type Edit, useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import { ActionModules } from './ActionModules';
import { type Action, triggerOf } from './answers';
import { CodeForm } from './CodeForm';
import { checkCode } from './check-code';
import {
  type CodeValues,
  splitVersion,
  toCodeBody,
  toCodeValues,
  toDependency,
  toModuleBody,
  toModuleText,
} from './code-values';
import { DeployButtons } from './DeployButtons';
import { ACTIONS, actionKey, MODULES, readAction } from './queries';
import { Secrets, type SecretsPlace } from './Secrets';

interface DraftValues extends CodeValues {
  readonly name: string;
  /** The modules that the draft loads, each as `name@version`. */
  readonly modules: readonly string[];
}

const toValues = (action: Action): DraftValues => ({
  ...toCodeValues(action),
  name: action.name,
  modules: action.modules.map(toModuleText),
});

async function write(id: string, changes: Partial<DraftValues>, version: string | undefined): Promise<void> {
  const { name, modules } = changes;
  const body = {
    ...toCodeBody(changes),
    ...(name !== undefined && { name }),
    ...(modules !== undefined && { modules: modules.map(toModuleBody) }),
  };
  await api.PATCH('/actions/actions/{id}', { ...ifStill(version), params: { path: { id } }, body });
  await Promise.all([ACTIONS, MODULES].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

const secretsOf = ({ id, secrets }: Action): SecretsPlace => ({
  secrets,
  inCode: 'event.secrets.NAME',
  kept: 'The deployed version keeps its own copy until the next deployment.',
  readNames: async () => (await readAction(id)).secrets.map(({ name }) => name),
  write: (list) =>
    api.PATCH('/actions/actions/{id}', {
      params: { path: { id } },
      body: { secrets: list.map((one) => ({ ...one })) },
    }),
  changes: actionKey(id),
});

/** Checks code together with this form's packages and modules. */
function useCheck(action: Action, { packages, modules }: DraftValues) {
  return useCallback(
    (code: string) =>
      checkCode({
        code,
        triggerId: triggerOf(action),
        dependencies: packages.map(toDependency),
        secretNames: action.secrets.map(({ name }) => name),
        moduleNames: modules.map((text) => splitVersion(text).name),
      }),
    [action, packages, modules],
  );
}

function Name({ edit, isReadOnly }: { readonly edit: Edit<DraftValues>; readonly isReadOnly: boolean }) {
  return (
    <TextInput
      fills="name"
      label="Name"
      value={edit.values.name}
      onChange={(event) => edit.set({ name: event.currentTarget.value })}
      maxLength={255}
      readOnly={isReadOnly}
      dir="auto"
    />
  );
}

export function DraftForm({ action }: { readonly action: Action }) {
  const may = usePowers();
  const isReadOnly = !may('update:actions');
  const edit = useEdit<DraftValues>({
    loaded: toValues(action),
    reload: async () => carry(await readAction(action.id), toValues),
    write: (changes, version) => write(action.id, changes, version),
  });
  return (
    <Stack>
      <CodeForm
        label="Code of the Action"
        edit={edit}
        isReadOnly={isReadOnly}
        check={useCheck(action, edit.values)}
        labels={{ name: 'Name', modules: 'Modules' }}
        above={<Name edit={edit} isReadOnly={isReadOnly} />}
        below={
          <>
            <ActionModules
              chosen={edit.values.modules}
              isReadOnly={isReadOnly}
              onChange={(modules) => edit.set({ modules })}
            />
            <Secrets place={secretsOf(action)} isReadOnly={isReadOnly} />
            <Text size="sm" c="dimmed">
              Runtime: {action.runtime} (as requested). The code runs on this server’s Node.js version.
            </Text>
          </>
        }
      />
      <DeployButtons action={action} isDirty={edit.isDirty} />
    </Stack>
  );
}
