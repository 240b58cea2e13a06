/** The draft: code with its findings, packages, name; saved as one, compared with another operator's. No login runs a draft. */
import { Grid, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useCallback, useRef, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { SaveBar } from '../../parts/SaveBar';
import { type Clash, type Edit, useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import { type Action, type Dependency, type Finding, triggerOf } from './answers';
import { CodeDifference } from './CodeDifference';
import { CodeEditor, type CodeEditorHandle } from './CodeEditor';
import { DeployDeeds } from './DeployDeeds';
import { Findings } from './Findings';
import { ACTIONS, checkCode, readAction } from './queries';
import { Secrets } from './Secrets';

interface DraftValues extends Record<string, unknown> {
  readonly name: string;
  readonly code: string;
  /** `name@version`. */
  readonly packages: readonly string[];
}

const toValues = ({ name, code, dependencies }: Action): DraftValues => ({
  name,
  code,
  packages: dependencies.map((one) => `${one.name}@${one.version}`),
});

/** A package as it is typed: `axios`, `axios@1.7.9`, `@okta/jwt@2`. */
function toDependency(text: string): Dependency {
  const at = text.lastIndexOf('@');
  return at > 0 ? { name: text.slice(0, at), version: text.slice(at + 1) } : { name: text, version: 'latest' };
}

async function write(
  id: string,
  { name, code, packages }: Partial<DraftValues>,
  version: string | undefined,
): Promise<void> {
  const body = {
    ...(name !== undefined && { name }),
    ...(code !== undefined && { code }),
    ...(packages !== undefined && { dependencies: packages.map(toDependency) }),
  };
  await api.PATCH('/actions/actions/{id}', { ...ifStill(version), params: { path: { id } }, body });
  await queryClient.invalidateQueries({ queryKey: ACTIONS });
}

/** The difference of two drafts of code, where two operators changed it. */
const compareCode = ({ name, theirs, mine }: Clash) =>
  name === 'code' ? (
    <CodeDifference key={name} before={String(theirs)} after={String(mine)} label="Their code, and yours" />
  ) : undefined;

/** Asks for the findings, and keeps the last answer for the list below the editor. */
function useFindings(action: Action, packages: readonly string[]) {
  const [findings, setFindings] = useState<readonly Finding[]>();
  const check = useCallback(
    async (code: string) => {
      const found = await checkCode({
        code,
        triggerId: triggerOf(action),
        dependencies: packages.map(toDependency),
        secretNames: action.secrets.map(({ name }) => name),
      });
      setFindings(found);
      return found;
    },
    [action, packages],
  );
  return { findings, check };
}

function Side({
  action,
  edit,
  isReadOnly,
}: {
  readonly action: Action;
  readonly edit: Edit<DraftValues>;
  readonly isReadOnly: boolean;
}) {
  return (
    <Stack>
      <TextInput
        label="Name"
        value={edit.values.name}
        onChange={(event) => edit.set({ name: event.currentTarget.value })}
        maxLength={255}
        readOnly={isReadOnly}
        dir="auto"
      />
      <TagsInput
        label="Packages"
        description="Those that come with this server, as name@version. Enter adds one."
        value={[...edit.values.packages]}
        onChange={(packages) => edit.set({ packages })}
        maxTags={10}
        readOnly={isReadOnly}
      />
      <Secrets action={action} isReadOnly={isReadOnly} />
      <Text size="sm" c="dimmed">
        Runtime: {action.runtime}, as it was asked for; the code runs on the Node.js of this server.
      </Text>
    </Stack>
  );
}

export function DraftForm({ action }: { readonly action: Action }) {
  const may = usePowers();
  const isReadOnly = !may('update:actions');
  const editor = useRef<CodeEditorHandle>(null);
  const edit = useEdit<DraftValues>({
    loaded: toValues(action),
    reload: async () => carry(await readAction(action.id), toValues),
    write: (changes, version) => write(action.id, changes, version),
  });
  const { findings, check } = useFindings(action, edit.values.packages);
  return (
    <Stack>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="xs">
            <CodeEditor
              ref={editor}
              code={edit.values.code}
              isReadOnly={isReadOnly}
              onChange={(code) => edit.set({ code })}
              check={isReadOnly ? undefined : check}
            />
            {!isReadOnly && (
              <Text size="sm" c="dimmed">
                Tab indents. To leave the editor by keyboard, press Escape, then Tab.
              </Text>
            )}
            <Findings findings={findings} onChoose={(line, column) => editor.current?.goTo(line, column)} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Side action={action} edit={edit} isReadOnly={isReadOnly} />
        </Grid.Col>
      </Grid>
      {!isReadOnly && (
        <SaveBar edit={edit} labels={{ name: 'Name', packages: 'Packages', code: 'Code' }} compare={compareCode} />
      )}
      <DeployDeeds action={action} isDirty={edit.isDirty} />
    </Stack>
  );
}
