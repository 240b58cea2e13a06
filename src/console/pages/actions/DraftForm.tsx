/** The form of an Action's draft: code with its findings, packages, modules, name. No login runs a draft. */
import { Stack, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { Field } from '../../parts/Fields';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import { ActionModules } from './ActionModules';
import { type Action, triggerOf } from './answers';
import { CodeForm } from './CodeForm';
import { checkCode } from './check-code';
import { CODE_FIELDS, type CodeValues, splitVersion, toDependency, toModuleBody, toModuleText } from './code-values';
import { DeployButtons } from './DeployButtons';
import { ACTIONS, actionKey, MODULES, readAction } from './queries';
import { Secrets, type SecretsPlace } from './Secrets';

type DraftValues = CodeValues & {
  readonly name: string;
  /** The modules that the draft loads, each as `name@version`. */
  readonly modules: readonly string[];
};

const FIELDS: FieldsOf<DraftValues> = {
  ...(CODE_FIELDS as FieldsOf<DraftValues>),
  name: { kind: 'text', label: 'Name', maxLength: 255, dir: 'auto' },
  modules: {
    kind: 'own',
    label: 'Modules',
    read: (stored) => (stored as Action['modules']).map(toModuleText),
    write: (modules) => modules.map(toModuleBody),
  },
};

const toForm = (action: Action) => toValues(FIELDS, action);

async function write(id: string, changes: Partial<DraftValues>, version: string | undefined): Promise<void> {
  const body = toBody<SentBodyOf<'/actions/actions/{id}', 'patch'>>(FIELDS, changes);
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

export function DraftForm({ action }: { readonly action: Action }) {
  const may = usePowers();
  const isReadOnly = !may('update:actions');
  const edit = useEdit<DraftValues>({
    fields: FIELDS,
    loaded: toForm(action),
    reload: async () => carry(await readAction(action.id), toForm),
    write: (changes, version) => write(action.id, changes, version),
  });
  return (
    <Stack>
      <CodeForm
        label="Code of the Action"
        edit={edit}
        isReadOnly={isReadOnly}
        names={{ trigger: triggerOf(action), secrets: action.secrets.map(({ name }) => name) }}
        check={useCheck(action, edit.values)}
        above={<Field form={edit} name="name" />}
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
