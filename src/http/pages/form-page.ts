/** The parts that every page with a form has. Holds no page of its own. */
import type { PageBrand } from '../../domain/look/brand.js';
import type { Said } from './speech.js';

export interface FieldError {
  /** Id of the field that it belongs to. */
  readonly field: string;
  readonly message: Said;
}

export interface FormPage {
  readonly brand: PageBrand;
  /** Where the form is posted; carries `state`. All fields below are inputs of that one form. */
  readonly action: string;
  readonly errors: readonly FieldError[];
}
