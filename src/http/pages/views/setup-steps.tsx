/**
 * The content of each step of the set-up: its question, its form, the values to copy. Builds no address: the model
 * supplies all.
 */
import type { SetupBody, SetupDomain, SetupPage, SetupTrial } from '../models.js';
import { InputField } from './fields.js';
import { Name, PlainButton, PrimaryButton, QuietButton } from './parts.js';
import { Choice, Form, GoOn, Logo, LongField, Value } from './setup-parts.js';
import { People } from './setup-people.js';
import { ENGLISH_TALK } from './talk.js';

type Of<Step extends SetupBody['step']> = Extract<SetupBody, { step: Step }>;
type PageOf<Step extends SetupBody['step']> = SetupPage & { readonly body: Of<Step> };

function Provider({ page }: { page: PageOf<'provider'> }) {
  const { providers, chosen } = page.body;
  return (
    <Form page={page}>
      <fieldset class="choices">
        <legend class="sr">Your provider</legend>
        {providers.map(({ name, title, hint }) => (
          <Choice key={name} name="provider" value={name} isChosen={name === chosen}>
            <span class="provider">
              <Logo name={name} />
              <span>
                {title}
                <span class="small">{hint}</span>
              </span>
            </span>
          </Choice>
        ))}
      </fieldset>
      <PrimaryButton>Continue</PrimaryButton>
    </Form>
  );
}

function Connection({ page }: { page: PageOf<'connection'> }) {
  const { instructions, ours, fields } = page.body;
  const ids = fields.map(({ name }) => name);
  return (
    <>
      <ol class="todo">
        {instructions.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      {ours.map((value) => (
        <Value key={value.label} {...value} />
      ))}
      <Form page={page}>
        {fields.map((field, index) =>
          field.kind === 'long' ? (
            <LongField key={field.name} page={page} field={field} />
          ) : (
            <InputField
              talk={ENGLISH_TALK}
              key={field.name}
              id={field.name}
              label={field.label}
              {...(field.hint !== undefined && { hint: field.hint })}
              errors={page.errors}
              fields={ids}
              first={index === 0}
              input={{
                type: field.kind === 'secret' ? 'password' : 'text',
                autocomplete: 'off',
                autocapitalize: 'none',
                spellcheck: false,
                required: field.required,
                value: field.value,
              }}
            />
          ),
        )}
        <PrimaryButton>Continue</PrimaryButton>
      </Form>
    </>
  );
}

const DOMAIN_STATES: Readonly<Record<SetupDomain['state'], string>> = {
  proved: 'Verified',
  vouched: 'Confirmed for you',
  waiting: 'Waits for its record',
};

function Domain({ page, domain }: { page: SetupPage; domain: SetupDomain }) {
  return (
    <section class="part">
      <h2>
        <Name>{domain.domain}</Name> <span class={`state ${domain.state}`}>{DOMAIN_STATES[domain.state]}</span>
      </h2>
      {domain.state === 'waiting' && (
        <>
          <p class="hint">Publish a TXT record at your DNS provider, with this name and this content.</p>
          <Value label="Name" value={domain.host} />
          <Value label="Content (TXT)" value={domain.text} />
        </>
      )}
      <Form page={page}>
        {domain.state === 'waiting' && <PrimaryButton value={`check:${domain.id}`}>Check the record</PrimaryButton>}
        {domain.state !== 'vouched' && (
          <p class="quiet">
            <QuietButton value={`remove:${domain.id}`}>
              <span>
                Take <Name>{domain.domain}</Name> away
              </span>
            </QuietButton>
          </p>
        )}
      </Form>
    </section>
  );
}

function Domains({ page }: { page: PageOf<'domains'> }) {
  const { domains, typed, needed } = page.body;
  return (
    <>
      <p class="body">
        People who type an address of a verified domain are led to your provider.{' '}
        {needed ? 'At least one domain has to be verified.' : 'Without one, they choose your provider with a button.'} A
        proof is looked at again every day: leave the record in place.
      </p>
      {domains.map((domain) => (
        <Domain key={domain.id} page={page} domain={domain} />
      ))}
      <section class="part">
        <h2>{domains.length === 0 ? 'Your domain' : 'Another domain'}</h2>
        <Form page={page}>
          <InputField
            talk={ENGLISH_TALK}
            id="domain"
            label="Domain of your company’s addresses"
            hint="The part after the @, such as acme.com."
            errors={page.errors}
            input={{ type: 'text', autocomplete: 'off', autocapitalize: 'none', spellcheck: false, value: typed }}
          />
          <PlainButton value="add">Add this domain</PlainButton>
        </Form>
        {(!needed || domains.some(({ state }) => state !== 'waiting')) && <GoOn page={page} />}
      </section>
    </>
  );
}

function Trial({ trial }: { trial: SetupTrial }) {
  return (
    <section class="part" aria-label="Result of the try" data-trial={trial.handOver}>
      <p class="note">
        <strong>{trial.verdict}</strong> {trial.detail}
      </p>
      {trial.missing.length > 0 && (
        <p class="error">
          <span>
            Your provider does not send {trial.missing.join(', ')}, which is needed. Add it there, then try again.
          </span>
        </p>
      )}
      <details class="technical" open>
        <summary>What your provider said</summary>
        <dl class="facts">
          {trial.claims.map(({ name, value }) => (
            <div key={name}>
              <dt>
                <Name>{name}</Name>
              </dt>
              <dd>
                <Name>{value}</Name>
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}

function Try({ page }: { page: PageOf<'try'> }) {
  const { isPassed, isReady, trial } = page.body;
  return (
    <>
      <p class="body">
        You sign in at your provider with your own account and come back here. Nothing is written: no account, no
        membership, no session. Nobody is led to your provider before this worked once.
      </p>
      {trial && <Trial trial={trial} />}
      {isReady && (
        <Form page={page}>
          {isPassed ? (
            <>
              <GoOn page={page} />
              <PlainButton value="start">Try again</PlainButton>
            </>
          ) : (
            <PrimaryButton value="start">Try a sign-in</PrimaryButton>
          )}
        </Form>
      )}
      {!isReady && <p class="body">These settings are in use. Type new ones under Connection to try them.</p>}
    </>
  );
}

const TARGETS = [
  ['pilot', 'For a pilot group', 'Only the people whom you name; everybody else signs in as before.'],
  ['all', 'For everybody', ''],
  ['off', 'Off', 'People sign in as they did before.'],
] as const;

function Switch({ page }: { page: PageOf<'switch'> }) {
  const { state, chosen, pilot, missing, warning, effects, isChanged } = page.body;
  return (
    <>
      {missing.length > 0 && (
        <div class="note">
          <strong>Before it can be switched on:</strong>
          <ul class="plain">
            {missing.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
      {warning !== undefined && <p class="note">{warning}</p>}
      {isChanged && <p class="note">You typed new settings. They are put into use when you save this page.</p>}
      <p class="body">For the people whom you switch it on for:</p>
      <ul class="body plain">
        {effects.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Form page={page}>
        <fieldset class="choices">
          <legend class="sr">Who signs in at your provider</legend>
          {TARGETS.map(([to, title, hint]) => (
            <Choice key={to} name="to" value={to} isChosen={to === chosen}>
              {title}
              {to === state && <span class="state proved">now</span>}
              {hint !== '' && <span class="small">{hint}</span>}
            </Choice>
          ))}
        </fieldset>
        <LongField
          page={page}
          field={{
            name: 'pilot',
            label: 'People of the pilot group',
            hint: 'An address a line. Only for a pilot group.',
            kind: 'long',
            value: pilot,
            required: false,
          }}
        />
        <PrimaryButton>Save</PrimaryButton>
      </Form>
    </>
  );
}

/** Renders the content of the step that the page shows. */
export function SetupStepBody({ page }: { page: SetupPage }) {
  switch (page.body.step) {
    case 'provider':
      return <Provider page={page as PageOf<'provider'>} />;
    case 'connection':
      return <Connection page={page as PageOf<'connection'>} />;
    case 'domains':
      return <Domains page={page as PageOf<'domains'>} />;
    case 'try':
      return <Try page={page as PageOf<'try'>} />;
    case 'people':
      return <People page={page as PageOf<'people'>} />;
    default:
      return <Switch page={page as PageOf<'switch'>} />;
  }
}
