/**
 * The ids of the kits of ready code, in the order of the page. A file without the code itself, because the route needs
 * it in the console's first load.
 */
export const KIT_IDS = ['express', 'nextjs', 'react', 'python', 'machine', 'any'] as const;

export type KitId = (typeof KIT_IDS)[number];

/** True if `id` names a kit. */
export const isKit = (id: unknown): id is KitId => KIT_IDS.some((known) => known === id);
