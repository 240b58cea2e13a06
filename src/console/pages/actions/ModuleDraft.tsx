/** The page of a module's draft: code with its findings, packages, secrets. No Action loads a draft. */
import { Stack } from '@mantine/core';
import { useCallback } from 'react';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { toBody, toValues } from '../../parts/form-fields';
import { useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import type { Module } from './answers';
import { CodeForm } from './CodeForm';
import { checkCode } from './check-code';
import { CODE_FIELDS, type CodeValues, toDependency } from './code-values';
import { ModuleButtons } from './ModuleButtons';
import { ModuleFrame } from './ModuleFrame';
import { moduleKey, readModule } from './module-queries';
import { MODULES } from './queries';
import { Secrets, type SecretsPlace } from './Secrets';

const toForm = (module: Module) => toValues(CODE_FIELDS, module);

async function write(id: string, changes: Partial<CodeValues>, version: string | undefined): Promise<void> {
  await api.PATCH('/actions/modules/{id}', {
    ...ifStill(version),
    params: { path: { id } },
    body: toBody<SentBodyOf<'/actions/modules/{id}', 'patch'>>(CODE_FIELDS, changes),
  });
  await queryClient.invalidateQueries({ queryKey: MODULES });
}

const secretsOf = ({ id, secrets }: Module): SecretsPlace => ({
  secrets,
  inCode: 'actions.secrets.NAME',
  kept: 'Published versions keep their own copies.',
  readNames: async () => (await readModule(id)).secrets.map(({ name }) => name),
  write: (list) =>
    api.PATCH('/actions/modules/{id}', {
      params: { path: { id } },
      body: { secrets: list.map(({ name, value }) => ({ name, ...(value !== undefined && { value }) })) },
    }),
  changes: moduleKey(id),
});

function ModuleForm({ module }: { readonly module: Module }) {
  const may = usePowers();
  const isReadOnly = !may('update:actions');
  const edit = useEdit<CodeValues>({
    fields: CODE_FIELDS,
    loaded: toForm(module),
    reload: async () => carry(await readModule(module.id), toForm),
    write: (changes, version) => write(module.id, changes, version),
  });
  const { packages } = edit.values;
  const check = useCallback(
    (code: string) =>
      checkCode({
        code,
        dependencies: packages.map(toDependency),
        secretNames: module.secrets.map(({ name }) => name),
      }),
    [module, packages],
  );
  return (
    <Stack>
      <CodeForm
        label="Code of the module"
        edit={edit}
        isReadOnly={isReadOnly}
        check={check}
        below={<Secrets place={secretsOf(module)} isReadOnly={isReadOnly} />}
      />
      <ModuleButtons module={module} isDirty={edit.isDirty} />
    </Stack>
  );
}

export function ModuleDraft() {
  return <ModuleFrame>{(module) => <ModuleForm key={module.id} module={module} />}</ModuleFrame>;
}
