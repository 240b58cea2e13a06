/**
 * The state of a form that sends its values as a whole: to create something, or to ask. After a refusal the typed text
 * stays. Nothing is sent while a field has a problem.
 */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '../api/query';
import { type FieldsOf, type FormState, findProblem, toValues } from './form-fields';

export interface MakeOptions<V, Made> {
  readonly fields: FieldsOf<V>;
  /** Values with which the form begins; the others are those of the fields. */
  readonly start?: Partial<V>;
  /** Returns further changes that follow from a change, such as a name proposed from a title. */
  follow?(change: Partial<V>, before: V): Partial<V>;
  run(values: V): Promise<Made>;
  /** Key of the queries that must be read again afterwards. */
  readonly changes?: readonly unknown[];
  /** True: the form begins again after it was sent. */
  readonly clears?: boolean;
  /** Called with the new object. */
  onMade?(made: Made): unknown;
}

export interface Make<V, Made = unknown> extends FormState<V> {
  readonly isBusy: boolean;
  /** True after a sending that was not refused. */
  readonly isSent: boolean;
  /** The answer to the last sending; undefined before. */
  readonly made: Made | undefined;
  /** The values that were sent last. */
  readonly sent: V | undefined;
  /** Sends the values; false if one of them has a problem. */
  submit(): boolean;
  /** Sends the last sent values again. */
  repeat(): void;
  /** Forgets the last sending; the values stay. */
  forget(): void;
}

/**
 * The form's state. `run` sends the values; a rejection with `ApiFailure` is kept as `error`, for the field that it
 * concerns.
 */
export function useMake<V, Made>(options: MakeOptions<V, Made>): Make<V, Made> {
  const { fields, start, follow, run, changes, clears = false, onMade } = options;
  const begin = (): V => ({ ...toValues(fields), ...start });
  const [values, setValues] = useState(begin);
  const making = useMutation({
    mutationFn: run,
    onSuccess: async (made) => {
      if (clears) setValues(begin);
      if (changes) await queryClient.invalidateQueries({ queryKey: changes });
      await onMade?.(made);
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
