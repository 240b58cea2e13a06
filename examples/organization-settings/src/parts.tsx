/** The parts that all pages share: a section, what happened, a field, a value to copy, a button. */
import { type ComponentProps, type FormEvent, type ReactNode, useId, useState } from 'react';
import { Problem } from './api';
import type { Change } from './session';

/** Shows an error as the API said it, or a sentence about what was done. */
export function Said({ what }: { what: Problem | string | undefined }) {
  return (
    <div aria-live="polite">
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

export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </section>
  );
}

type FieldProps = { label: string; hint?: string; area?: boolean } & ComponentProps<'input'>;

export function Field({ label, hint, area, ...given }: FieldProps) {
  const id = useId();
  const input = { id, autoComplete: 'off', 'aria-describedby': hint && `${id}-hint`, ...given };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {area ? <textarea id={id} name={given.name} rows={5} /> : <input {...input} />}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

export function Choice({ label, children, ...select }: { label: string } & ComponentProps<'select'>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} {...select}>
        {children}
      </select>
    </div>
  );
}

/** Shows a value that belongs somewhere else, with a button that copies it. */
export function Copy({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(value).then(() => setCopied(true));
  return (
    <div className="copy">
      <span>{label}</span>
      <code>{value}</code>
      <button type="button" className="quiet" onClick={copy} aria-label={`${copied ? 'Copied' : 'Copy'} ${label}`}>
        {copied ? 'Copied' : 'Copy'}
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
  sure?: string;
}) {
  const { change, work, children, label, sure } = props;
  const press = () => (sure === undefined || confirm(sure)) && void change.run(work);
  return (
    <button
      type="button"
      className={sure ? 'danger' : 'quiet'}
      aria-label={label}
      disabled={change.busy}
      onClick={press}
    >
      {children}
    </button>
  );
}

/** A form that sends its filled-in fields. It is emptied when that worked, unless `keep`. */
export function Form(props: {
  change: Change;
  send: (values: Record<string, string>, data: FormData) => Promise<string | undefined>;
  button: string;
  keep?: boolean;
  children: ReactNode;
}) {
  const { change, send, button, keep, children } = props;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const filled = [...data].filter(([, value]) => typeof value === 'string' && value.trim() !== '');
    const values = Object.fromEntries(filled.map(([name, value]) => [name, String(value).trim()]));
    if ((await change.run(() => send(values, data))) && !keep) form.reset();
  };
  return (
    <form onSubmit={submit}>
      {children}
      <button type="submit" disabled={change.busy}>
        {button}
      </button>
    </form>
  );
}
