/**
 * Parts that the steps of the set-up share: a value to copy, a form, a choice, a long field, the link to the next step.
 */
import type { ComponentChildren } from 'preact';
import { logoOf } from '../../../facts/provider-logos.js';
import type { SetupField, SetupPage, SetupValue } from '../models.js';
import { toSafeUrl } from './parts.js';

/** Renders a value to copy, and its copy button. */
export function Value({ label, value }: SetupValue) {
  return (
    <div class="reference">
      <div>
        <span class="small">{label}</span>
        <code>{value}</code>
      </div>
      <button class="button plain" type="button" hidden data-copy={value} data-copied="Copied" aria-live="polite">
        Copy
      </button>
    </div>
  );
}

/** Renders the form of a set-up step. */
export function Form({ page, children }: { page: SetupPage; children: ComponentChildren }) {
  return (
    <form method="post" action={page.action} noValidate>
      {children}
    </form>
  );
}

/** Renders one choice as a radio button. */
export function Choice(props: { name: string; value: string; isChosen: boolean; children: ComponentChildren }) {
  const id = `${props.name}-${props.value}`;
  return (
    <div class="choice">
      <input type="radio" id={id} name={props.name} value={props.value} checked={props.isChosen} />
      <label for={id}>{props.children}</label>
    </div>
  );
}

/** Renders an input of several lines. */
export function LongField({ page, field }: { page: SetupPage; field: SetupField }) {
  const error = page.errors.find((one) => one.field === field.name)?.message;
  const described = [field.hint ? `${field.name}-hint` : '', error ? `${field.name}-error` : ''].join(' ').trim();
  return (
    <div class="field">
      <label for={field.name}>{field.label}</label>
      {field.hint && (
        <p class="hint" id={`${field.name}-hint`}>
          {field.hint}
        </p>
      )}
      <textarea
        id={field.name}
        name={field.name}
        rows={5}
        spellcheck={false}
        aria-describedby={described || undefined}
        aria-invalid={error ? 'true' : undefined}
      >
        {field.value}
      </textarea>
      {error && (
        <p class="error" id={`${field.name}-error`}>
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}

/** Renders the picture of an identity provider. Its name is beside it, so screen readers leave the picture out. */
export function Logo({ name }: { name: string }) {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      {logoOf(name).map(({ d, fill }) => (
        <path key={d} d={d} fill={fill} fill-rule="evenodd" />
      ))}
    </svg>
  );
}

/** Renders the link to the next step. */
export function GoOn({ page }: { page: SetupPage }) {
  const next = page.steps.at(page.steps.findIndex(({ name }) => name === page.body.step) + 1)?.url ?? '';
  return (
    <a class="button" href={toSafeUrl(next)}>
      Continue
    </a>
  );
}
