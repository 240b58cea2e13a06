/**
 * The look of the sign-in pages for organizations without their own. The server corrects colours on which text cannot
 * be read.
 */
import { Code, Grid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { contrastOnWhite, READABLE } from '../../parts/contrast';
import { EditForm } from '../../parts/EditForm';
import { ColorInput, RefusalText, TextInput } from '../../parts/inputs';
import { Loaded } from '../../parts/Loaded';
import { SignInSketch } from '../../parts/SignInSketch';
import { useEdit } from '../../parts/use-edit';
import { GroundField } from './GroundField';
import { type Ground, isGround, toGround, toPageBackground } from './ground';

interface Values {
  readonly logo_url: string;
  readonly favicon_url: string;
  readonly primary: string;
  readonly page_background: Ground;
  readonly [name: string]: unknown;
}

type Branding = Answer<'/branding'>;

const LABELS = {
  logo_url: 'Logo',
  favicon_url: 'Browser tab icon',
  primary: 'Primary colour',
  page_background: 'Page background',
};

function toValues(branding: Branding): Values {
  return {
    logo_url: branding.logo_url ?? '',
    favicon_url: branding.favicon_url ?? '',
    primary: branding.colors?.primary ?? '',
    page_background: toGround(branding.colors?.page_background),
  };
}

const read = async () => carry((await api.GET('/branding')).data, toValues);

const orNull = (text: string) => (text === '' ? null : text);

function write(
  { logo_url, favicon_url, primary, page_background }: Partial<Values>,
  version: string | undefined,
): Promise<unknown> {
  const colors = {
    ...(primary !== undefined && { primary: orNull(primary) }),
    ...(page_background !== undefined && { page_background: toPageBackground(page_background) }),
  };
  const body = {
    ...(logo_url !== undefined && { logo_url: orNull(logo_url) }),
    ...(favicon_url !== undefined && { favicon_url: orNull(favicon_url) }),
    ...(Object.keys(colors).length > 0 && { colors }),
  };
  return api.PATCH('/branding', { ...ifStill(version), body });
}

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
  const edit = useEdit({ loaded, reload: read, write });
  const { values, set } = edit;
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <EditForm edit={edit} labels={LABELS} scope="update:branding" maw="100%">
          {(['logo_url', 'favicon_url'] as const).map((name) => (
            <TextInput
              fills={name}
              key={name}
              type="url"
              label={LABELS[name]}
              description="An https address that does not redirect to another host."
              value={values[name]}
              onChange={(event) => set({ [name]: event.currentTarget.value })}
            />
          ))}
          <ColorInput
            fills="colors.primary"
            label={LABELS.primary}
            description="Used for buttons and links."
            value={values.primary}
            onChange={(primary) => set({ primary })}
            eyeDropperButtonProps={{ 'aria-label': 'Pick a colour from the screen' }}
          />
          <Contrast color={values.primary} />
          <RefusalText property="colors.page_background" />
          <GroundField
            label={LABELS.page_background}
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
