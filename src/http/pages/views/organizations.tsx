/** The pages that choose an organization: from one's own, or by its name before the person is known. */
import type { OrganizationPickerPage, OrganizationPromptPage } from '../models.js';
import { ErrorSummary, InputField, UsernameField } from './fields.js';
import { Mark, type View } from './layout.js';
import { Identity, Name, PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

/** Least number of organizations with a filter (made by the script; without it the list is shown whole). */
const FILTER_FROM = 8;
/** Longer lists have only names: a page must not fetch a hundred pictures, and stays small. */
const MARKS_UP_TO = 24;

/** The choice among one's own organizations, with a search field from eight on. */
export function viewOrganizationPicker(page: OrganizationPickerPage, talk: Talk): View {
  const { errors, organizations } = page;
  const { words, say } = talk;
  const withMarks = organizations.length <= MARKS_UP_TO;
  return {
    tab: words.organizations.heading,
    heading: words.organizations.heading,
    sub: say(words.organizations.sub, { brand: page.brand.title }),
    script: organizations.length >= FILTER_FROM ? ['form', 'filter', 'logo'] : ['form', 'logo'],
    wrong: errors.length > 0,
    markedColors: withMarks ? organizations.map((organization) => organization.primaryColor) : [],
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[]} />
        <Identity talk={talk} email={page.email} editUrl={page.editUrl} />
        {organizations.length >= FILTER_FROM && <Filter talk={talk} />}
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

/** A field that filters the list. Outside the form, so that Enter in it does not choose the first organization. */
function Filter({ talk: { words } }: { talk: Talk }) {
  return (
    <div class="field" hidden>
      <label for="filter">{words.organizations.filter}</label>
      <input id="filter" type="search" autocomplete="off" spellcheck={false} dir="auto" aria-controls="organizations" />
      <p
        class="hint"
        id="count"
        role="status"
        data-none={words.organizations.none}
        data-shown={words.organizations.shown}
      />
    </div>
  );
}

/** The question for an organization, for applications that ask before the person signs in. */
export function viewOrganizationPrompt(page: OrganizationPromptPage, talk: Talk): View {
  const { errors } = page;
  const { words, say, plain } = talk;
  const names = { application: page.applicationName, brand: page.brand.title };
  const shared = { talk, id: 'organization', value: page.value, errors, first: true };
  return {
    tab: plain(words.prompt.heading, names),
    heading: say(words.prompt.heading, names),
    sub: say(page.byEmail ? words.prompt.byEmail : words.prompt.byName, names),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={['organization']} />
        <form method="post" action={page.action} noValidate>
          {page.byEmail ? (
            <UsernameField {...shared} label={words.page.emailAddress} />
          ) : (
            <InputField
              {...shared}
              label={words.prompt.organization}
              hint={words.prompt.hint}
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
          <PrimaryButton>{words.page.continue}</PrimaryButton>
        </form>
      </>
    ),
  };
}
