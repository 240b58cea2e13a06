/** Port: the queries of companies' directories: which people, in which order. Part of inbound SCIM. */

export type ScimAttribute = 'id' | 'userName' | 'externalId' | 'emails.value';

/** A filter of RFC 7644 section 3.4.2.2, parsed and limited. */
export type ScimFilter<Attribute extends string = ScimAttribute> =
  | { readonly kind: 'eq'; readonly attribute: Attribute; readonly value: string }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly ScimFilter<Attribute>[] };

export type ScimSortKey = 'id' | 'userName' | 'externalId' | 'displayName' | 'meta.created' | 'meta.lastModified';

/** The requested part of a list (RFC 7644 section 3.4.2). Without `sort`, the oldest first. */
export interface ScimQuery<Attribute extends string = ScimAttribute, Key extends string = ScimSortKey> {
  readonly filter: ScimFilter<Attribute> | undefined;
  readonly sort?: { readonly by: Key; readonly descending: boolean } | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** The connection whose people are read. */
export interface ScimScope {
  readonly connectionId: string;
  /**
   * The connection's strategy and name. Its people's user ids and SCIM ids begin with it, unless the connection was
   * assigned another prefix.
   */
  readonly idBase: string;
  /** True when the subject serves as `externalId` of a person whom SCIM never wrote. */
  readonly externalIdIsSubject: boolean;
}
