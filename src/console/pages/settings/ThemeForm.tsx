/** The fields of a theme, group by group, beside the preview. Saves the theme as a whole, as the API requires. */
import { Accordion, Alert, Code, Grid, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Answer, SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { contrastOf, READABLE } from '../../parts/contrast';
import { EditForm } from '../../parts/EditForm';
import { Fields } from '../../parts/Fields';
import { useEdit } from '../../parts/use-edit';
import { ThemeSketch } from './ThemeSketch';
import { THEME_FIELDS, THEME_GROUPS, type ThemeValues, toThemeValues, withThemeValues } from './theme-fields';

export type StoredTheme = Answer<'/branding/themes/{themeId}'>;

/** Pairs of colours: a text's, and its background's. */
const PAIRS = [
  ['header', 'widget_background'],
  ['body_text', 'widget_background'],
  ['input_labels_placeholders', 'widget_background'],
  ['links_focused_components', 'widget_background'],
  ['error', 'widget_background'],
  ['input_filled_text', 'input_background'],
  ['primary_button_label', 'primary_button'],
] as const;
function Pale({ values }: { readonly values: ThemeValues }) {
  const of = (name: string) => String(values[`colors.${name}`]);
  const pale = PAIRS.filter(([text, ground]) => (contrastOf(of(text), of(ground)) ?? READABLE) < READABLE);
  if (pale.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" title="Too little contrast" role="status">
      <Text size="sm">
        {pale.map(([text]) => THEME_FIELDS[`colors.${text}`]?.label).join(', ')}. The pages darken or lighten these
        colours until they are readable.
      </Text>
    </Alert>
  );
}

export interface ThemeFormProps {
  readonly theme: StoredTheme;
  /** Key of the query that must be read again after saving. */
  readonly changes: readonly unknown[];
}

/** Reads a theme with its version. Rejects with {@link ApiFailure}. */
export async function readTheme(themeId: string): Promise<StoredTheme> {
  const options = { params: { path: { themeId } } };
  return (await api.GET('/branding/themes/{themeId}', options)).data;
}

export function ThemeForm({ theme, changes: changed }: ThemeFormProps) {
  const { themeId } = theme;
  const edit = useEdit<ThemeValues>({
    fields: THEME_FIELDS,
    loaded: toThemeValues(theme),
    reload: async () => carry(await readTheme(themeId), toThemeValues),
    async write(changes, version) {
      const { themeId: _, ...whole } = withThemeValues(await readTheme(themeId), changes as ThemeValues);
      const body = whole as SentBodyOf<'/branding/themes/{themeId}', 'patch'>;
      const options = { ...ifStill(version), params: { path: { themeId } }, body };
      await api.PATCH('/branding/themes/{themeId}', options);
      await queryClient.invalidateQueries({ queryKey: changed });
    },
  });
  const { values } = edit;
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <EditForm edit={edit} scope="update:branding" lock="disabled" maw="100%">
          <Accordion defaultValue={THEME_GROUPS[0]?.title ?? null} variant="separated" order={2}>
            {THEME_GROUPS.map(({ title, fields }) => (
              <Accordion.Item key={title} value={title}>
                <Accordion.Control>{title}</Accordion.Control>
                <Accordion.Panel>
                  <SimpleGrid cols={{ base: 1, xs: 2 }}>
                    <Fields form={edit} names={fields.map(([path]) => path)} />
                  </SimpleGrid>
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </EditForm>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack>
          <ThemeSketch values={values} />
          <Pale values={values} />
          <Text size="sm" c="dimmed">
            This is a preview. Pages use each person’s system fonts and load no web fonts (<Code>font_url</Code> is
            stored but not used). An organization’s branding takes precedence over the theme.
          </Text>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
