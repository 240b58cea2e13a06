/** The look of an organization's sign-in page, previewed while typing. Empty fields use the tenant's look. */
import { Alert, SimpleGrid, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { contrastOnWhite } from '../../parts/contrast';
import { EditForm } from '../../parts/EditForm';
import { Field, Fields } from '../../parts/Fields';
import { type FieldsOf, toValues } from '../../parts/form-fields';
import { SignInSketch } from '../../parts/SignInSketch';
import { useEdit } from '../../parts/use-edit';
import type { Organization } from './answers';
import { OrganizationFrame } from './OrganizationFrame';
import { organizationKey, readOrganization } from './queries';

type Look = { readonly logo_url: string; readonly primary: string; readonly page_background: string };

const DEFAULTS = { primary: '#2558c4', page_background: '#ffffff' };

/** The colour picker is inside `<main>` instead of a portal, so that screen readers find it in a landmark. */
const COLOUR = {
  kind: 'color',
  placeholder: 'As set under Settings, Branding',
  popoverProps: { withinPortal: false },
  eyeDropperButtonProps: { 'aria-label': 'Pick a colour from the screen' },
} as const;

const FIELDS: FieldsOf<Look> = {
  logo_url: {
    kind: 'text',
    label: 'Logo',
    at: 'branding.logo_url',
    description: 'The https address of an image',
    placeholder: 'https://acme.example/logo.svg',
    spellCheck: false,
  },
  primary: { ...COLOUR, label: 'Button colour', at: 'branding.colors.primary' },
  page_background: { ...COLOUR, label: 'Background', at: 'branding.colors.page_background' },
};

const toLook = (organization: Organization) => toValues(FIELDS, organization);

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
    fields: FIELDS,
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
  const { values } = edit;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
      <EditForm edit={edit} scope="update:organizations" lock="disabled" maw="100%">
        <Fields form={edit} names={['logo_url', 'primary']} />
        <Contrast primary={values.primary} />
        <Field form={edit} name="page_background" />
      </EditForm>
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
