/** Port: TXT records as name servers publish them. */
import type { TextAnswer } from '../domain/companies/domain-proof.js';

export interface TextRecords {
  /**
   * Looks up the TXT records of `host`, an absolute name in ASCII. Follows aliases (CNAME). Never throws, and answers
   * within about ten seconds. Never call it in a transaction.
   */
  find(host: string): Promise<TextAnswer>;
}
