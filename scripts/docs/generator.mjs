/** The two things that the generator takes as code, beside the settings, which are data. Bundled into its settings by itself, so plain JavaScript. */
import { licences, packageFolder } from '../licences.mjs';

/** Code within a line is text, as it is in blocks: without this mark Vue would run what stands there in `{{ }}`. */
export function keepCode(md) {
  const render = md.renderer.rules.code_inline;
  md.renderer.rules.code_inline = (...all) => render(...all).replace('<code', '<code v-pre');
}

/** Adds the licences of the packages below `root` whose code is in the pages. */
export function addLicences(root) {
  return {
    name: 'licences',
    apply: (_config, { isSsrBuild }) => !isSsrBuild,
    generateBundle(_options, bundle) {
      const folders = new Set();
      for (const { moduleIds = [] } of Object.values(bundle))
        for (const id of moduleIds) {
          const folder = packageFolder(id);
          if (folder !== undefined) folders.add(folder.slice(folder.indexOf('node_modules/')));
        }
      const source = `Bundled into the pages of the documentation.\n\n${licences(root, folders)}`;
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source });
    },
  };
}
