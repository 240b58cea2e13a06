/** Shared parts of every page with a form. Holds no page of its own. */
import type { PageBrand } from '../../domain/look/brand.js';
import type { Said } from './speech.js';

export interface FieldError {
  /** Id of the form field that the message is about. */
  readonly field: string;
  readonly message: Said;
}

export interface FormPage {
  readonly brand: PageBrand;
  /** Address of the form's post; carries `state`. All fields below are inputs of that one form. */
  readonly action: string;
  readonly errors: readonly FieldError[];
}
