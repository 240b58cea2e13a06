/** The choice of an organization: from one's own, or by typing its name where the person is not known yet. */
import type { OrganizationPickerPage, OrganizationPromptPage } from '../models.js';
import { ErrorSummary, InputField, UsernameField } from './fields.js';
import { Mark, type View } from './layout.js';
import { Identity, Name, PrimaryButton } from './parts.js';

/** From this many organizations on a filter is offered (by the script; without it the list is simply there). */
const FILTER_FROM = 8;
/** Longer lists have names only: a page must not fetch a hundred pictures, and stays small. */
const MARKS_UP_TO = 24;

/** The choice among one's own organizations, with a search field from eight on. */
export function viewOrganizationPicker(page: OrganizationPickerPage): View {
  const { errors, organizations } = page;
  const withMarks = organizations.length <= MARKS_UP_TO;
  return {
    tab: 'Choose an organization',
    heading: 'Choose an organization',
    sub: (
      <>
        to sign in to <Name>{page.brand.title}</Name>
      </>
    ),
    script: organizations.length >= FILTER_FROM ? ['form', 'filter', 'logo'] : ['form', 'logo'],
    wrong: errors.length > 0,
    markedColors: withMarks ? organizations.map((organization) => organization.primaryColor) : [],
    content: (
      <>
        <ErrorSummary errors={errors} fields={[]} />
        <Identity email={page.email} editUrl={page.editUrl} />
        {organizations.length >= FILTER_FROM && <Filter />}
        <form method="post" action={page.action} noValidate>
          <ul class="list" id="organizations">
            {organizations.map(({ id, ...organization }) => (
              <li key={id}>
                {/* biome-ignore lint/a11y/useButtonType: submit is what a button does by default, and there may be a hundred */}
                <button name="organization" value={id}>
                  {withMarks && <Mark brand={organization} lazy />}
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

/** The question for an organization, for applications that ask before the person signs in. */
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
