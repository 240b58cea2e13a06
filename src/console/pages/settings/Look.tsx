/**
 * The look of the sign-in pages for organizations without their own. The server corrects colours on which text cannot
 * be read.
 */
import { Code, Grid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { contrastOnWhite, READABLE } from '../../parts/contrast';
import { EditForm } from '../../parts/EditForm';
import { Fields } from '../../parts/Fields';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { RefusalText } from '../../parts/inputs';
import { Loaded } from '../../parts/Loaded';
import { SignInSketch } from '../../parts/SignInSketch';
import { useEdit } from '../../parts/use-edit';
import { GroundField } from './GroundField';
import { type Ground, isGround, toGround, toPageBackground } from './ground';

type Values = {
  readonly logo_url: string;
  readonly favicon_url: string;
  readonly primary: string;
  readonly page_background: Ground;
};

const orNull = (text: string) => (text === '' ? null : text);

const ADDRESS = {
  kind: 'text',
  type: 'url',
  description: 'An https address that does not redirect to another host.',
  write: orNull,
} as const;

const FIELDS: FieldsOf<Values> = {
  logo_url: { ...ADDRESS, label: 'Logo' },
  favicon_url: { ...ADDRESS, label: 'Browser tab icon' },
  primary: {
    kind: 'color',
    label: 'Primary colour',
    at: 'colors.primary',
    description: 'Used for buttons and links.',
    write: orNull,
    eyeDropperButtonProps: { 'aria-label': 'Pick a colour from the screen' },
  },
  page_background: {
    kind: 'own',
    label: 'Page background',
    at: 'colors.page_background',
    read: (stored) => toGround(stored as Parameters<typeof toGround>[0]),
    write: toPageBackground,
  },
};

const read = async () => carry((await api.GET('/branding')).data, (branding) => toValues(FIELDS, branding));

const write = (changes: Partial<Values>, version: string | undefined) =>
  api.PATCH('/branding', { ...ifStill(version), body: toBody<SentBodyOf<'/branding', 'patch'>>(FIELDS, changes) });

function Contrast({ color }: { readonly color: string }) {
  const contrast = contrastOnWhite(color);
  if (contrast === undefined) return null;
  return (
    <Text size="sm" c="dimmed" role="status">
      White text on this colour has a contrast of {contrast.toFixed(1)} : 1
      {contrast < READABLE ? ', which is too low. The pages darken the colour or use black text.' : '.'}
    </Text>
  );
}

function LookForm({ loaded }: { readonly loaded: Values }) {
  const edit = useEdit({ fields: FIELDS, loaded, reload: read, write });
  const { values, set } = edit;
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <EditForm edit={edit} scope="update:branding" maw="100%">
          <Fields form={edit} />
          <Contrast color={values.primary} />
          <RefusalText property="colors.page_background" />
          <GroundField
            label={FIELDS.page_background.label}
            value={values.page_background}
            onChange={(page_background) => set({ page_background })}
          />
        </EditForm>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <SignInSketch
          name="Acme"
          logoUrl={values.logo_url}
          primary={values.primary}
          background={isGround(values.page_background) ? values.page_background : undefined}
        />
        <Text size="sm" c="dimmed" mt="xs">
          This is a preview. Pages use each person’s system fonts. They load no web fonts, because a font host would see
          every sign-in (<Code>font.url</Code> is stored but not used). An organization’s branding takes precedence.
        </Text>
      </Grid.Col>
    </Grid>
  );
}

export function Look() {
  const query = useQuery({ queryKey: ['branding'], queryFn: read, staleTime: 0 });
  return <Loaded query={query}>{(loaded) => <LookForm loaded={loaded} />}</Loaded>;
}
