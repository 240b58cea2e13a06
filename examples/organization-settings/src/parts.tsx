/** The parts that all pages share: a section, what happened, a field, a value to copy, a button, a form. */
import { type ComponentProps, type FormEvent, type ReactNode, use, useEffect, useId, useRef, useState } from 'react';
import { Problem } from './api';
import { type Change, ChangeContext, type Request, useSession } from './session';
import { labelOf } from './strategies';

type Told = Problem | string | undefined;
type Values = Readonly<Record<string, string>>;

/** Shows an error as the API said it, or a sentence about what was done. Comes into sight when it changes. */
export function Said({ what }: { what: Told }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (what !== undefined) place.current?.scrollIntoView({ block: 'nearest' });
  }, [what]);
  return (
    <div className="said" aria-live="polite" ref={place}>
      {typeof what === 'string' && <p className="done">{what}</p>}
      {what instanceof Problem && (
        <div className="problem" role="alert">
          <b>{what.title}</b>
          {[...what.lines, ...what.faults.map(({ pointer = '', detail }) => `${labelOf(pointer)} ${detail}`)].map(
            (line) => (
              <p key={line}>{line}</p>
            ),
          )}
        </div>
      )}
    </div>
  );
}

type SectionProps = { title: string; lead: string; said: Told; change: Change; children: ReactNode };

export function Section({ title, lead, said, change, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className="lead">{lead}</p>
      <Said what={said} />
      <ChangeContext value={change}>{children}</ChangeContext>
    </section>
  );
}

type FieldProps = { label: string; hint?: string; area?: boolean } & ComponentProps<'input'>;

export function Field({ label, hint, area, ...given }: FieldProps) {
  const id = useId();
  // No browser fills in a stored password: it is another one's.
  const autoComplete = given.type === 'password' ? 'new-password' : 'off';
  const input = { id, autoComplete, 'aria-describedby': hint && `${id}-hint`, ...given };
  // Browsers show the title when a value does not fit the pattern.
  const title = given.pattern && hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {area ? <textarea rows={5} {...(input as object)} /> : <input title={title} {...input} />}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/** Shows a value that belongs somewhere else, with a button that copies it. */
export function Copy({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState('');
  const word = copied === value ? 'Copied' : 'Copy';
  const copy = () => navigator.clipboard.writeText(value).then(() => setCopied(value));
  return (
    <div className="row copy">
      <span>{label}</span>
      <code>{value}</code>
      <button type="button" className="quiet" onClick={copy} aria-label={`${word} ${label}`}>
        {word}
      </button>
    </div>
  );
}

interface PressProps<A> {
  /** The scope without which there is no button. */
  needs: string;
  send: Request;
  /** The sentence about what was done, or how the answer makes one. */
  done: string | ((answer: A) => string);
  children: string;
  /** The thing that the button is about: its name ends with it. `label` is another name. */
  of?: string;
  label?: string;
  /** Asked before. */
  sure?: string | false;
}

/** A button that changes something at once. */
export function Press<A = unknown>({ needs, send, done, children, of, label, sure }: PressProps<A>) {
  const change = use(ChangeContext);
  const { can } = useSession();
  if (!can(needs)) return null;
  const tell = (answer: A) => (typeof done === 'string' ? done : done(answer));
  // Not `disabled`: the focus would be lost at each change.
  return (
    <button
      type="button"
      className={sure ? 'danger' : 'quiet'}
      aria-label={label ?? (of && `${children} ${of}`)}
      aria-disabled={change.busy}
      onClick={() => (!sure || confirm(sure)) && void change.send(send, tell)}
    >
      {children}
    </button>
  );
}

interface FormProps<A> {
  needs: string;
  send: (values: Values, data: FormData) => Request;
  done: (answer: A, values: Values) => string;
  button: string;
  label?: string;
  children: ReactNode;
}

/**
 * A form that sends its filled-in fields. When that worked it goes back to what is stored, and closes the `details` around it.
 * Without its scope it only shows.
 */
export function Form<A = unknown>({ needs, send, done, button, label, children }: FormProps<A>) {
  const change = use(ChangeContext);
  const mayChange = useSession().can(needs);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const filled = [...data].filter(([, value]) => typeof value === 'string' && value.trim() !== '');
    const values = Object.fromEntries(filled.map(([name, value]) => [name, String(value).trim()]));
    if (await change.send<A>(send(values, data), (answer) => done(answer, values))) {
      form.reset();
      const details = form.closest('details');
      details?.removeAttribute('open');
      details?.querySelector('summary')?.focus({ preventScroll: true });
    }
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!mayChange}>{children}</fieldset>
      {mayChange && (
        <button type="submit" aria-label={label} aria-disabled={change.busy}>
          {button}
        </button>
      )}
    </form>
  );
}
