/** The parts that all pages share: a section, what happened, a field, a value to copy, a button, a form. */
import { type ComponentProps, type FormEvent, type ReactNode, useId, useState } from 'react';
import { Problem } from './api';
import type { Change } from './session';

type Told = Problem | string | undefined;

/** Shows an error as the API said it, or a sentence about what was done. Stays in sight. */
export function Said({ what }: { what: Told }) {
  return (
    <div className="said" aria-live="polite">
      {typeof what === 'string' && <p className="done">{what}</p>}
      {what instanceof Problem && (
        <div className="problem" role="alert">
          <b>{what.title}</b>
          {what.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
    </div>
  );
}

export function Section(props: { title: string; lead: string; said: Told; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      <p className="lead">{props.lead}</p>
      <Said what={props.said} />
      {props.children}
    </section>
  );
}

type FieldProps = { label: string; hint?: string; area?: boolean } & ComponentProps<'input'>;

export function Field({ label, hint, area, ...given }: FieldProps) {
  const id = useId();
  // No browser fills in a stored password: it is another one's.
  const autoComplete = given.type === 'password' ? 'new-password' : 'off';
  const input = { id, autoComplete, 'aria-describedby': hint && `${id}-hint`, ...given };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {area ? <textarea rows={5} {...(input as object)} /> : <input {...input} />}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/** Shows a value that belongs somewhere else, with a button that copies it. */
export function Copy({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState('');
  const word = copied === value ? 'Copied' : 'Copy';
  return (
    <div className="row copy">
      <span>{label}</span>
      <code>{value}</code>
      <button
        type="button"
        className="quiet"
        onClick={() => navigator.clipboard.writeText(value).then(() => setCopied(value))}
        aria-label={`${word} ${label}`}
      >
        {word}
      </button>
    </div>
  );
}

/** A button that changes something at once. `sure` is asked before. */
export function Press(props: {
  change: Change;
  work: () => Promise<string | undefined>;
  children: ReactNode;
  label?: string;
  sure?: string | undefined;
}) {
  const { change, work, children, label, sure } = props;
  const press = () => (sure === undefined || confirm(sure)) && void change.run(work);
  // Not `disabled`: the focus would be lost at each change.
  return (
    <button
      type="button"
      className={sure ? 'danger' : 'quiet'}
      aria-label={label}
      aria-disabled={change.busy}
      onClick={press}
    >
      {children}
    </button>
  );
}

/** A form that sends its filled-in fields. It goes back to what is stored when that worked. Without `button` it only shows. */
export function Form(props: {
  change: Change;
  send: (values: Record<string, string>, data: FormData) => Promise<string | undefined>;
  button: string | false;
  label?: string;
  children: ReactNode;
}) {
  const { change, send, button, label, children } = props;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const filled = [...data].filter(([, value]) => typeof value === 'string' && value.trim() !== '');
    const values = Object.fromEntries(filled.map(([name, value]) => [name, String(value).trim()]));
    if (await change.run(() => send(values, data))) form.reset();
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!button}>{children}</fieldset>
      {button && (
        <button type="submit" aria-label={label} aria-disabled={change.busy}>
          {button}
        </button>
      )}
    </form>
  );
}
