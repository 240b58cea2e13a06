/** Which organization? By choosing from one's own, or by typing its name where nobody is known yet. */
import type { OrganizationPickerPage, OrganizationPromptPage } from '../models.js';
import { ErrorSummary, InputField, UsernameField } from './fields.js';
import { Mark, type View } from './layout.js';
import { Identity, Name, PrimaryButton } from './parts.js';

/** From this many on a filter is offered (by the script; without it the list is simply there). */
const FILTER_FROM = 8;
/** In longer lists only initials: a page must not fetch a hundred pictures. */
const LOGOS_UP_TO = 24;

export function viewOrganizationPicker(page: OrganizationPickerPage): View {
  const { errors, organizations } = page;
  const withLogos = organizations.length <= LOGOS_UP_TO;
  return {
    tab: 'Choose an organization',
    heading: 'Choose an organization',
    script: organizations.length >= FILTER_FROM ? ['form', 'filter', 'logo'] : ['form', 'logo'],
    wrong: errors.length > 0,
    markedColors: organizations.map((organization) => organization.primaryColor),
    content: (
      <>
        <ErrorSummary errors={errors} fields={[]} />
        <Identity email={page.email} editUrl={page.editUrl} />
        {organizations.length >= FILTER_FROM && <Filter />}
        <form method="post" action={page.action} noValidate>
          <ul class="list" id="organizations">
            {organizations.map(({ id, logoUrl, ...organization }) => (
              <li key={id}>
                <button class="button plain" type="submit" name="organization" value={id}>
                  <Mark brand={withLogos && logoUrl ? { ...organization, logoUrl } : organization} lazy />
                  <Name>{organization.title}</Name>
                </button>
              </li>
            ))}
          </ul>
        </form>
      </>
    ),
  };
}

/** Outside the form: Enter in it must not choose the first organization. */
function Filter() {
  return (
    <div class="field" hidden>
      <label for="filter">Find by name</label>
      <input id="filter" type="search" autocomplete="off" spellcheck={false} dir="auto" aria-controls="organizations" />
      <p class="hint" id="count" role="status" />
    </div>
  );
}

export function viewOrganizationPrompt(page: OrganizationPromptPage): View {
  const { errors } = page;
  const shared = { id: 'organization', value: page.value, errors, first: true };
  return {
    tab: `Sign in to ${page.applicationName}`,
    heading: (
      <>
        Sign in to <Name>{page.applicationName}</Name>
      </>
    ),
    sub: page.byEmail
      ? 'Your address tells us which organization you belong to.'
      : 'First, the organization you want to sign in to.',
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={['organization']} />
        <form method="post" action={page.action} noValidate>
          {page.byEmail ? (
            <UsernameField {...shared} label="Email address" />
          ) : (
            <InputField
              {...shared}
              label="Organization"
              hint="Its short name here, such as acme. Your administrator knows it."
              input={{
                type: 'text',
                autocomplete: 'organization',
                autocapitalize: 'none',
                spellcheck: false,
                dir: 'auto',
                maxLength: 255,
                value: page.value,
              }}
            />
          )}
          <PrimaryButton />
        </form>
      </>
    ),
  };
}
