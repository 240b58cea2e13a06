/**
 * The state of a form that is sent as a whole, to create an object or to ask a question. After a refusal, the typed
 * text stays. Nothing is sent while a field has a problem.
 */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '../api/query';
import { type FieldsOf, type FormState, findProblem, toValues } from './form-fields';

export interface MakeOptions<V, Made> {
  readonly fields: FieldsOf<V>;
  /** Values with which the form begins. All others come from the description of the fields. */
  readonly start?: Partial<V>;
  /** Returns changes that follow from another change, for example a name that is proposed from a title. */
  follow?(change: Partial<V>, before: V): Partial<V>;
  run(values: V): Promise<Made>;
  /** Cache key of the queries that are read again after the form was sent. */
  readonly changes?: readonly unknown[];
  /** True: after it was sent, the form is empty again. */
  readonly clears?: boolean;
  /** Called with the answer as soon as the form was sent, before queries are read again. */
  onMade?(made: Made): unknown;
}

export interface Make<V, Made = unknown> extends FormState<V> {
  readonly isBusy: boolean;
  /** True after the form was sent and not refused. */
  readonly isSent: boolean;
  /** The answer to the last sent form; undefined before. */
  readonly made: Made | undefined;
  /** The values in the last sent form. */
  readonly sent: V | undefined;
  /** Sends the form. Returns false, and sends nothing, if a value has a problem. */
  submit(): boolean;
  /** Sends the values of the last sent form again. */
  repeat(): void;
  /** Forgets that the form was sent. The values stay. */
  forget(): void;
}

/**
 * Returns the state of a form. `run` sends the values; if it rejects with `ApiFailure`, that is kept as `error` and
 * shown at the field that it concerns.
 */
export function useMake<V, Made>(options: MakeOptions<V, Made>): Make<V, Made> {
  const { fields, start, follow, run, changes, clears = false, onMade } = options;
  const begin = (): V => ({ ...toValues(fields), ...start });
  const [values, setValues] = useState(begin);
  const making = useMutation({
    mutationFn: run,
    onSuccess: async (made) => {
      if (clears) setValues(begin);
      await onMade?.(made);
      // Is not awaited, so that a dialog closes at once, and no later step replaces text that is typed meanwhile.
      if (changes) void queryClient.invalidateQueries({ queryKey: changes });
    },
  });
  return {
    fields,
    values,
    error: making.error,
    isBusy: making.isPending,
    isSent: making.isSuccess,
    made: making.data,
    sent: making.variables,
    set: (given) => setValues((now) => ({ ...now, ...given, ...follow?.(given, now) })),
    submit() {
      const names = Object.keys(fields) as (keyof V & string)[];
      if (names.some((name) => findProblem({ fields, values }, name) !== undefined)) return false;
      making.mutate(values);
      return true;
    },
    repeat: () => making.variables !== undefined && making.mutate(making.variables),
    forget: making.reset,
  };
}
