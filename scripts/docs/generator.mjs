/**
 * The two functions that the generator of the site needs beside its settings, which are data. Plain JavaScript, because
 * they are bundled into the settings.
 */
import { licences, packageFolder } from '../licences.mjs';

/** Marks code within a line as text, as in code blocks. Without the mark, Vue would run the content of `{{ }}`. */
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
