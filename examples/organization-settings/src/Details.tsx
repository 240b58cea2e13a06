/** The organization as people see it: title, logo, colors. */
import type { Details } from './api';
import { Field, Form, Said, Section } from './parts';
import { useChange, useRead, useSession } from './session';

export function DetailsPage() {
  const { call, can } = useSession();
  const { data, problem, reload } = useRead((call) => call<Details>('GET', '/details'));
  const change = useChange();
  const { primary = '#1d4ed8', page_background = '#ffffff' } = data?.branding?.colors ?? {};
  const send = async ({ display_name, logo_url, ...colors }: Record<string, string>) => {
    await call('PATCH', '/details', { display_name, branding: { logo_url: logo_url ?? null, colors } });
    await reload();
    return 'Saved.';
  };
  return (
    <Section title="Details" lead="What your people see when they sign in.">
      <Said what={problem ?? change.said} />
      {data && (
        <Form change={change} send={send} button="Save" keep>
          <fieldset disabled={!can('update:details')}>
            <Field label="Title" name="display_name" defaultValue={data.display_name} required maxLength={255} />
            <Field
              label="Logo"
              name="logo_url"
              type="url"
              defaultValue={data.branding?.logo_url ?? ''}
              hint="https://…"
            />
            <div className="row">
              <Field label="Color of buttons" name="primary" type="color" defaultValue={primary} />
              <Field label="Background" name="page_background" type="color" defaultValue={page_background} />
            </div>
          </fieldset>
        </Form>
      )}
    </Section>
  );
}
