/** The organization as people see it: title, logo, colors. */
import type { Details } from './api';
import { Field, Form, Section } from './parts';
import { usePart, useSession } from './session';

export function DetailsPage() {
  const { call, can } = useSession();
  const { data, said, change } = usePart((call) => call<Details>('GET', '/details'));
  const shown = { primary: '#1d4ed8', page_background: '#ffffff', ...data?.branding?.colors };
  const send = async ({ display_name, logo_url = null, ...colors }: Record<string, string | null>) => {
    // A color field always has a value. A person who does not touch it chooses none.
    const isSame = colors.primary === shown.primary && colors.page_background === shown.page_background;
    const logo = logo_url !== (data?.branding?.logo_url ?? null) && { logo_url };
    const branding = (logo || !isSame) && { branding: { ...logo, ...(!isSame && { colors }) } };
    await call('PATCH', '/details', { display_name, ...branding });
    return 'Saved.';
  };
  return (
    <Section title="Details" lead="What your people see when they sign in." said={said}>
      {data && (
        <Form change={change} send={send} button={can('update:details') && 'Save'}>
          <Field label="Title" name="display_name" defaultValue={data.display_name} required maxLength={255} />
          <Field
            label="Logo"
            name="logo_url"
            type="url"
            defaultValue={data.branding?.logo_url ?? ''}
            hint="https://…"
          />
          <div className="row">
            <Field label="Color of buttons" name="primary" type="color" defaultValue={shown.primary} />
            <Field label="Background" name="page_background" type="color" defaultValue={shown.page_background} />
          </div>
        </Form>
      )}
    </Section>
  );
}
