/** Code within a line is text, as it is in blocks: without this mark Vue would run what stands there in `{{ }}`. */
export function keepCode(md) {
  const render = md.renderer.rules.code_inline;
  md.renderer.rules.code_inline = (...all) => render(...all).replace('<code', '<code v-pre');
}
