/** The signed-in operator, for every part of the console. */
import { createContext, useContext } from 'react';
import type { Operator } from './session';

export const OperatorContext = createContext<Operator | undefined>(undefined);

/** Returns the signed-in operator. Throws if nobody is signed in. */
export function useOperator(): Operator {
  const operator = useContext(OperatorContext);
  if (operator === undefined) throw new Error('Nobody is signed in.');
  return operator;
}
