/** Faults in the code that the console prints for others to run. */
import { type Mutant, mutantsOf } from './mutant.js';

export const READY_CODE_MUTANTS: readonly Mutant[] = mutantsOf(
  'src/console/pages/applications/ready-code.ts',
  [
    'a callback that ends the text of the code around it is printed',
    'const isPage = (text: string): boolean => isPlain(text) &&',
    'const isPage = (text: string): boolean =>',
    'test/tooling/ready-code.test.ts',
  ],
  [
    'an identifier of an API that ends the text of the code around it is printed',
    'audience !== undefined && isPlain(audience)',
    'audience !== undefined',
    'test/tooling/ready-code.test.ts',
  ],
);
