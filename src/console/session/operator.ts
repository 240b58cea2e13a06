/** The person at the console, for every part of it. */
import { createContext, useContext } from 'react';
import type { Operator } from './session';

export const OperatorContext = createContext<Operator | undefined>(undefined);

/** Throws outside of a signed-in console. */
export function useOperator(): Operator {
  const operator = useContext(OperatorContext);
  if (operator === undefined) throw new Error('Nobody is signed in.');
  return operator;
}
