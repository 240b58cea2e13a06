/** The look of an organization's sign-in page, previewed while typing. Empty fields use the tenant's look. */
import { Alert, SimpleGrid, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { contrastOnWhite } from '../../parts/contrast';
import { ColorInput, Refusals, TextInput } from '../../parts/inputs';
import { SaveBar } from '../../parts/SaveBar';
import { SignInSketch } from '../../parts/SignInSketch';
import { useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import type { Organization } from './answers';
import { OrganizationFrame } from './OrganizationFrame';
import { organizationKey, readOrganization } from './queries';

type Look = { readonly logo_url: string; readonly primary: string; readonly page_background: string };

const DEFAULTS = { primary: '#2558c4', page_background: '#ffffff' };
const LABELS = { logo_url: 'Logo', primary: 'Button colour', page_background: 'Background' };

/** Renders the colour picker inside `<main>` instead of a portal, so that screen readers find it in a landmark. */
const PICKER = {
  popoverProps: { withinPortal: false },
  eyeDropperButtonProps: { 'aria-label': 'Pick a colour from the screen' },
};

function toLook({ branding }: Organization): Look {
  return {
    logo_url: branding?.logo_url ?? '',
    primary: branding?.colors?.primary ?? '',
    page_background: branding?.colors?.page_background ?? '',
  };
}

/** The API requires both colours or none, and replaces the look as a whole. */
function toBranding({ logo_url: logo, primary, page_background: background }: Look) {
  const hasColours = primary !== '' || background !== '';
  return {
    ...(logo !== '' && { logo_url: logo }),
    ...(hasColours && {
      colors: {
        primary: primary || DEFAULTS.primary,
        page_background: background || DEFAULTS.page_background,
      },
    }),
  };
}

function Contrast({ primary }: { readonly primary: string }) {
  const contrast = contrastOnWhite(primary);
  if (contrast === undefined) return null;
  const says = `White text on this colour has a contrast of ${contrast.toFixed(1)} to 1.`;
  return contrast >= 4.5 ? (
    <Text size="sm" role="status">
      {says} It is readable.
    </Text>
  ) : (
    <Alert color="yellow" variant="light" title="Too little contrast" role="status">
      <Text size="sm">{says} The minimum is 4.5. The sign-in page will darken the colour or use black text.</Text>
    </Alert>
  );
}

function LookForm({ organization }: { readonly organization: Organization }) {
  const { id } = organization;
  const reload = async () => carry(await readOrganization(id), toLook);
  const edit = useEdit<Look>({
    loaded: toLook(organization),
    reload,
    async write(changes, version) {
      const branding = toBranding({ ...(await reload()), ...changes });
      await api.PATCH('/organizations/{id}', {
        ...ifStill(version),
        params: { path: { id } },
        body: { branding },
      });
      await queryClient.invalidateQueries({ queryKey: organizationKey(id) });
    },
  });
  const disabled = !usePowers()('update:organizations');
  const { values, set } = edit;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
      <Refusals error={edit.error}>
        <form onSubmit={(event: FormEvent) => event.preventDefault()}>
          <Stack>
            <TextInput
              fills="branding.logo_url"
              label="Logo"
              description="The https address of an image"
              placeholder="https://acme.example/logo.svg"
              value={values.logo_url}
              onChange={(event) => set({ logo_url: event.currentTarget.value })}
              spellCheck={false}
              disabled={disabled}
            />
            <ColorInput
              fills="branding.colors.primary"
              label="Button colour"
              placeholder="As set under Settings, Branding"
              value={values.primary}
              onChange={(primary) => set({ primary })}
              disabled={disabled}
              {...PICKER}
            />
            <Contrast primary={values.primary} />
            <ColorInput
              fills="branding.colors.page_background"
              label="Background"
              placeholder="As set under Settings, Branding"
              value={values.page_background}
              onChange={(background) => set({ page_background: background })}
              disabled={disabled}
              {...PICKER}
            />
            {!disabled && <SaveBar edit={edit} labels={LABELS} />}
          </Stack>
        </form>
      </Refusals>
      <Stack gap="xs">
        <SignInSketch
          name={organization.display_name}
          logoUrl={values.logo_url}
          primary={values.primary}
          background={values.page_background}
        />
        <Text size="sm" c="dimmed">
          This is a preview. The real page also follows the browser’s light or dark mode.
        </Text>
      </Stack>
    </SimpleGrid>
  );
}

export function Branding() {
  const { organizationId } = useParams({ from: '/organizations/$organizationId/branding' });
  return (
    <OrganizationFrame id={organizationId}>
      {(organization) => <LookForm key={organization.id} organization={organization} />}
    </OrganizationFrame>
  );
}
