/** The signed-in operator, for every part of the console. */
import { createContext, useContext } from 'react';
import type { Operator } from './session';

export const OperatorContext = createContext<Operator | undefined>(undefined);

/** Returns the signed-in operator. Throws outside of a signed-in console. */
export function useOperator(): Operator {
  const operator = useContext(OperatorContext);
  if (operator === undefined) throw new Error('Nobody is signed in.');
  return operator;
}
