/** The organization as people see it: title, logo, colors. */
import type { Details } from './api';
import { Field, Form, Section } from './parts';
import { usePart } from './session';

export function DetailsPage() {
  const { data, ...part } = usePart((call) => call<Details>('GET', '/details'));
  const shown = { primary: '#1d4ed8', page_background: '#ffffff', ...data?.branding?.colors };
  const toBody = ({ display_name, logo_url, ...colors }: Readonly<Record<string, string>>) => {
    // A color field always has a value. A person who does not touch it chooses none.
    const isSame = colors.primary === shown.primary && colors.page_background === shown.page_background;
    const logo = (logo_url ?? null) !== (data?.branding?.logo_url ?? null) && { logo_url: logo_url ?? null };
    return { display_name, ...((logo || !isSame) && { branding: { ...logo, ...(!isSame && { colors }) } }) };
  };
  const logo = data?.branding?.logo_url ?? '';
  return (
    <Section title="Details" lead="What your people see when they sign in." {...part}>
      {data && (
        <Form
          needs="update:details"
          send={(values) => ['PATCH', '/details', toBody(values)]}
          done={() => 'Saved.'}
          button="Save"
        >
          <Field label="Title" name="display_name" defaultValue={data.display_name} required maxLength={255} />
          <Field label="Logo" name="logo_url" type="url" defaultValue={logo} hint="https://…" />
          <div className="row">
            <Field label="Color of buttons" name="primary" type="color" defaultValue={shown.primary} />
            <Field label="Background" name="page_background" type="color" defaultValue={shown.page_background} />
          </div>
        </Form>
      )}
    </Section>
  );
}
