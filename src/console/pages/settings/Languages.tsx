/** The languages of the sign-in pages, and the tenant's own texts. Plain text; markup is shown literally. */
import { Checkbox, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Answer, Sent, SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { type Field, type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { CheckboxGroup } from '../../parts/inputs';
import { Loaded } from '../../parts/Loaded';
import { useEdit } from '../../parts/use-edit';
import { LANGUAGES, PROMPT_KEYS } from './prompt-keys';
import { sayPrompt, sayText } from './prompt-words';

type Offered = { readonly enabled_locales: Answer<'/tenants/settings'>['enabled_locales'] };

const OFFERED: FieldsOf<Offered> = { enabled_locales: { kind: 'own', label: 'Languages', start: [] } };

const readOffered = async () =>
  carry((await api.GET('/tenants/settings')).data, (settings) => toValues(OFFERED, settings));

const writeOffered = (changes: Partial<Offered>, version: string | undefined) =>
  api.PATCH('/tenants/settings', {
    ...ifStill(version),
    body: toBody<SentBodyOf<'/tenants/settings', 'patch'>>(OFFERED, changes),
  });

function OfferedForm({ loaded }: { readonly loaded: Offered }) {
  const edit = useEdit({ fields: OFFERED, loaded, reload: readOffered, write: writeOffered });
  const offered = edit.values.enabled_locales;
  const others = offered.filter((locale) => !LANGUAGES.some(({ tag }) => tag === locale));
  const ours = offered.filter((locale) => !others.includes(locale));
  const set = (locales: readonly string[]) => edit.set({ enabled_locales: [...locales, ...others] });
  return (
    <EditForm edit={edit} scope="update:tenant_settings">
      <CheckboxGroup
        fills="enabled_locales"
        label="Languages of pages and emails"
        description="A page uses the language requested by the application, otherwise the browser’s, otherwise the default."
        value={[...ours]}
        onChange={set}
      >
        <Group mt="xs">
          {LANGUAGES.map(({ tag, name }) => (
            <Checkbox key={tag} value={tag} label={name} />
          ))}
        </Group>
      </CheckboxGroup>
      <Select
        label="Default language"
        allowDeselect={false}
        data={LANGUAGES.filter(({ tag }) => ours.includes(tag)).map(({ tag, name }) => ({ value: tag, label: name }))}
        value={ours[0] ?? null}
        onChange={(first) => first !== null && set([first, ...ours.filter((locale) => locale !== first)])}
      />
    </EditForm>
  );
}

/** Renders the name of a placeholder in the form in which texts contain it: `${name}`. */
const variable = (name: string) => <code>{`$\{${name}}`}</code>;

/** Texts of one prompt by `screen/key`; an empty text means the default. */
type Texts = Readonly<Record<string, string>>;

type CustomText = Sent<'/prompts/{prompt}/custom-text/{language}', 'put'>;

type Screens = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Converts the prompt and the language, which select boxes return as strings, into path parameters of the API. */
const toPath = (prompt: string, language: string) => ({ prompt, language }) as CustomText['params']['path'];

async function readTexts(prompt: string, language: string): Promise<Texts> {
  const path = toPath(prompt, language);
  const { data } = await api.GET('/prompts/{prompt}/custom-text/{language}', { params: { path } });
  return carry(data, (screens) => toTexts(prompt, screens));
}

function toTexts(prompt: string, screens: Screens): Texts {
  const all = Object.entries(screens).flatMap(([screen, keys]) =>
    Object.entries(keys).map(([key, text]) => [`${screen}/${key}`, text] as const),
  );
  const empty = (PROMPT_KEYS[prompt] ?? []).map((name) => [name, ''] as const);
  return Object.fromEntries([...empty, ...all]);
}

/** Reads all texts of the prompt first, because the endpoint replaces them all. */
async function writeTexts(
  prompt: string,
  language: string,
  changes: Texts,
  version: string | undefined,
): Promise<unknown> {
  const screens: Record<string, Record<string, string>> = {};
  for (const [name, text] of Object.entries({ ...(await readTexts(prompt, language)), ...changes })) {
    const [screen = '', key = ''] = name.split('/');
    if (text !== '') screens[screen] = { ...screens[screen], [key]: text };
  }
  const path = toPath(prompt, language);
  return api.PUT('/prompts/{prompt}/custom-text/{language}', {
    ...ifStill(version),
    params: { path },
    body: screens,
  });
}

/** Returns a field for each text; an empty one shows that the default applies. */
function fieldsOf(texts: Texts): FieldsOf<Texts> {
  const screens = new Set(Object.keys(texts).map((name) => name.split('/')[0])).size;
  const toField = (name: string): Field<string, Texts> => ({
    kind: 'text',
    label: sayText(name, screens),
    description: name,
    placeholder: 'Default text',
  });
  return Object.fromEntries(Object.keys(texts).map((name) => [name, toField(name)]));
}

function TextsForm({ prompt, language, loaded }: { prompt: string; language: string; loaded: Texts }) {
  const edit = useEdit<Texts>({
    fields: fieldsOf(loaded),
    loaded,
    reload: () => readTexts(prompt, language),
    write: (changes, version) => writeTexts(prompt, language, changes as Texts, version),
  });
  return <EditForm edit={edit} scope="update:prompts" />;
}

function TextsEditor() {
  const [prompt, setPrompt] = useState('login-id');
  const [language, setLanguage] = useState('en');
  const query = useQuery({
    queryKey: ['texts', prompt, language],
    queryFn: () => readTexts(prompt, language),
    staleTime: 0,
  });
  return (
    <Stack maw={560}>
      <Title order={2} size="h4">
        Custom texts
      </Title>
      <Group grow>
        <Select
          label="Page"
          allowDeselect={false}
          data={Object.keys(PROMPT_KEYS).map((value) => ({ value, label: sayPrompt(value) }))}
          value={prompt}
          onChange={(chosen) => chosen !== null && setPrompt(chosen)}
        />
        <Select
          label="Language"
          allowDeselect={false}
          data={LANGUAGES.map(({ tag, name }) => ({ value: tag, label: name }))}
          value={language}
          onChange={(chosen) => chosen !== null && setLanguage(chosen)}
        />
      </Group>
      <Text size="sm" c="dimmed">
        You can use two placeholders: {variable('clientName')} and {variable('companyName')}.
      </Text>
      <Loaded query={query}>
        {(loaded) => <TextsForm key={`${prompt} ${language}`} prompt={prompt} language={language} loaded={loaded} />}
      </Loaded>
    </Stack>
  );
}

export function Languages() {
  const query = useQuery({ queryKey: ['languages'], queryFn: readOffered, staleTime: 0 });
  return (
    <Stack gap="xl">
      <Loaded query={query}>{(loaded) => <OfferedForm loaded={loaded} />}</Loaded>
      <TextsEditor />
    </Stack>
  );
}
