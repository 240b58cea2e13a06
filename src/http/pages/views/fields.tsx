/**
 * Form fields, each with its label, hint and error joined by id; and the errors that belong to no field. No field moves
 * the focus by itself: the view says which field has it when the page opens. Errors are shown by words and a sign,
 * never only by color.
 */
import type { ComponentChildren } from 'preact';
import type { FieldError } from '../models.js';
import type { Talk } from './talk.js';

interface FieldProps {
  readonly talk: Talk;
  /** Both the id and the name of the input. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly errors: readonly FieldError[];
  /**
   * True if the field has the focus when the page opens and no field has an error. With errors, the first wrong field
   * has it.
   */
  readonly first?: boolean;
}

type InputProps = Readonly<Record<string, string | number | boolean | undefined>>;

function findError({ errors, talk, id }: FieldProps): string | undefined {
  const error = errors.find(({ field }) => field === id);
  return error && talk.tell(error.message);
}

/** True when this field has the focus as the page opens: the first wrong field, else the first field. */
function isFocused({ id, errors, first }: FieldProps, fields: readonly string[]): boolean {
  const wrong = errors.find((error) => fields.includes(error.field));
  return wrong ? wrong.field === id : first === true && errors.length === 0;
}

interface InputFieldProps extends FieldProps {
  /** Ids of all fields of the page, to find the first one with an error. */
  readonly fields?: readonly string[];
  readonly input: InputProps;
  readonly wrap?: (input: ComponentChildren) => ComponentChildren;
}

/** Renders a labelled input with its hint and its error. */
export function InputField(props: InputFieldProps) {
  const { id, label, hint, input, wrap } = props;
  const error = findError(props);
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter((part) => part !== '').join(' ');
  const element = (
    <input
      id={id}
      name={id}
      // biome-ignore lint/a11y/noAutofocus: a page asks one thing; focus is where it is answered, also without script
      autoFocus={isFocused(props, props.fields ?? [id])}
      required
      aria-describedby={described || undefined}
      aria-invalid={error ? 'true' : undefined}
      {...input}
    />
  );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrap ? wrap(element) : element}
      {error && (
        <p class="error" id={`${id}-error`}>
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}

/**
 * Renders the field for an email address. Its type is `text`, because browsers change what is typed into `type=email`.
 * `passkeys`: the browser offers them in the field.
 */
export function UsernameField(props: FieldProps & { value: string; fields?: readonly string[]; passkeys?: boolean }) {
  return (
    <InputField
      {...props}
      input={{
        type: 'text',
        inputmode: 'email',
        autocomplete: props.passkeys ? 'username webauthn' : 'username',
        autocapitalize: 'none',
        spellcheck: false,
        dir: 'auto',
        maxLength: 254,
        value: props.value,
      }}
    />
  );
}

/**
 * Renders the field for a password, with a button that shows it. The script makes the button visible; without script
 * there is none.
 */
export function PasswordField(
  props: FieldProps & { use: 'current' | 'new'; minimumLength?: number; fields?: readonly string[] },
) {
  return (
    <InputField
      {...props}
      input={{
        type: 'password',
        autocomplete: `${props.use}-password`,
        autocapitalize: 'none',
        spellcheck: false,
        minLength: props.minimumLength,
        maxLength: 512,
      }}
      wrap={(input) => (
        <div class="reveal">
          {input}
          <button
            type="button"
            hidden
            aria-label={props.talk.words.page.showPassword}
            aria-controls={props.id}
            data-hide={props.talk.words.page.hide}
            data-hide-label={props.talk.words.page.hidePassword}
          >
            {props.talk.words.page.show}
          </button>
        </div>
      )}
    />
  );
}

/**
 * Renders the field for a code of six digits. Its `maxlength` is longer, because a pasted "123 456" would be cut. The
 * server drops spaces.
 */
export function CodeField(props: FieldProps) {
  return (
    <InputField
      {...props}
      input={{
        class: 'code',
        type: 'text',
        inputmode: 'numeric',
        autocomplete: 'one-time-code',
        pattern: '\\s*([0-9]\\s*){6}',
        title: props.talk.words.page.sixDigits,
        maxLength: 32,
        spellcheck: false,
      }}
    />
  );
}

/** Returns the sentence about the tries that are left before the person has to wait; undefined when none was used. */
export function triesText({ words, plain }: Talk, triesLeft: number | undefined): string | undefined {
  if (triesLeft === undefined) return undefined;
  return triesLeft === 1 ? words.proof.lastTry : plain(words.proof.tries, { count: triesLeft });
}

/** Returns the hint of a {@link CodeField}: its digits, and the tries that are left. */
export function codeHint(talk: Talk, triesLeft: number | undefined): string {
  const { words, plain } = talk;
  const [digits, left] = [words.page.sixDigits, triesText(talk, triesLeft)];
  return left === undefined ? digits : plain(words.proof.digitsAndTries, { digits, left });
}

/**
 * Renders a hidden field with the address that a password belongs to, so that a password manager stores both together.
 */
export function HiddenUsername({ talk, value }: { talk: Talk; value: string }) {
  return (
    <input
      id="username"
      name="username"
      type="text"
      autocomplete="username"
      value={value}
      readOnly
      hidden
      aria-label={talk.words.page.emailAddress}
    />
  );
}

/**
 * Renders the errors that belong to no field of this page, at the top of the form. The error of a field is shown only
 * beside it: the field has the focus and refers to its error (`aria-describedby`), so screen readers would read a
 * second text twice. `fields` are the ids of the page's fields.
 */
export function ErrorSummary({
  talk,
  errors,
  fields,
}: {
  talk: Talk;
  errors: readonly FieldError[];
  fields: readonly string[];
}) {
  const unplaced = errors.filter((error) => !fields.includes(error.field));
  if (unplaced.length === 0) return null;
  return (
    <div
      class="errors"
      role="alert"
      aria-label={talk.words.page.problem}
      tabIndex={-1}
      // biome-ignore lint/a11y/noAutofocus: moves a screen reader to what went wrong, also without script
      autoFocus={unplaced.length === errors.length}
    >
      <ul>
        {unplaced.map(({ message }) => (
          <li key={talk.tell(message)}>{talk.tell(message)}</li>
        ))}
      </ul>
    </div>
  );
}
