/** The data that all pages with a form share. Has no page of its own. */
import type { PageBrand } from '../../domain/look/brand.js';
import type { Said } from './speech.js';

export interface FieldError {
  /** Id of the form field that the message is about. */
  readonly field: string;
  readonly message: Said;
}

export interface FormPage {
  readonly brand: PageBrand;
  /** Address to which the form is posted; it has `state`. All POST fields in models.ts are inputs of this form. */
  readonly action: string;
  readonly errors: readonly FieldError[];
}
