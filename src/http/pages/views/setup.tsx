/**
 * The set-up pages for a customer's administrator: one question on each page, with the list of steps above it. They
 * work without script; only the copy buttons need it.
 */
import type { SetupBody, SetupPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { toSafeUrl } from './parts.js';
import { SetupStepBody } from './setup-steps.js';
import { ENGLISH_TALK } from './talk.js';

function Steps({ page }: { page: SetupPage }) {
  return (
    <nav aria-label="Steps of the set-up">
      <ol class="steps">
        {page.steps.map(({ name, title, url, isDone }) => (
          <li key={name} class={isDone ? 'done' : undefined}>
            <a href={toSafeUrl(url)} aria-current={name === page.body.step ? 'step' : undefined}>
              {title}
              {isDone && <span class="sr"> (done)</span>}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

const HEADINGS: Readonly<Record<SetupBody['step'], string>> = {
  provider: 'Which provider does your company sign in with?',
  connection: 'Connect your provider',
  domains: 'Prove your domain',
  try: 'Try a sign-in',
  people: 'Who may come in',
  switch: 'Switch it on',
};

function fieldsOf({ body }: SetupPage): readonly string[] {
  if (body.step === 'connection') return body.fields.map(({ name }) => name);
  return body.step === 'domains' ? ['domain'] : body.step === 'switch' ? ['pilot'] : [];
}

/** Renders a step of the set-up as a whole page. */
export function viewSetup(page: SetupPage): View {
  const { brand, body, errors, notice } = page;
  return {
    tab: `${HEADINGS[body.step]} · ${brand.title}`,
    heading: HEADINGS[body.step],
    sub: body.step === 'connection' ? body.provider : undefined,
    unnamed: true,
    wide: true,
    script: body.step === 'try' && body.trial !== undefined ? ['form', 'copy', 'trial'] : ['form', 'copy'],
    wrong: errors.length > 0,
    content: (
      <>
        <Steps page={page} />
        {notice && (
          <p class="note" role="status">
            {notice}
          </p>
        )}
        <ErrorSummary talk={ENGLISH_TALK} errors={errors} fields={fieldsOf(page)} />
        <SetupStepBody page={page} />
      </>
    ),
  };
}
