/**
 * The pages where people choose an organization: from a list of their own, or by its name before it is known who they
 * are.
 */
import type { OrganizationPickerPage, OrganizationPromptPage } from '../models.js';
import { ErrorSummary, InputField, UsernameField } from './fields.js';
import { Mark, type View } from './layout.js';
import { Identity, InvitationOffer, Name, PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

/**
 * From this number of organizations on, the list has a filter field. The script shows the field; without script people
 * see the whole list.
 */
const FILTER_FROM = 8;
/** Maximum number of organizations that are shown with logos. In a longer list a page would fetch too many pictures. */
const MARKS_UP_TO = 24;

/** The page where people pick one of their organizations. From {@link FILTER_FROM} on it has a filter field. */
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

/**
 * Renders a field that filters the list. It is outside the form, so that Enter in it does not choose the first
 * organization.
 */
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

/** The page that asks for the organization before the person signs in. */
export function viewOrganizationPrompt(page: OrganizationPromptPage, talk: Talk): View {
  const { errors } = page;
  const { words, say, plain } = talk;
  const names = { application: page.applicationName, brand: page.brand.title };
  const shared = { talk, id: 'organization', value: page.value, errors, first: page.invitedTo === undefined };
  return {
    tab: plain(words.prompt.heading, names),
    heading: say(words.prompt.heading, names),
    sub: say(page.byEmail ? words.prompt.byEmail : words.prompt.byName, names),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={['organization']} />
        <InvitationOffer page={page} talk={talk} />
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
