/** The types of licences.mjs, for what is compiled. */
export function packageFolder(path: string): string | undefined;
export function licences(root: string, folders: Iterable<string>): string;
export function readLicences(
  list: string,
): readonly { readonly name: string; readonly license: string; readonly hasText: boolean }[];
