/** Measures a page, for tests of its width, sizes and contrast. Sent into the browser as it is: it may use nothing from outside. */

/** Runs in the page: what sticks out, is too small to hit or to read, or too faint. */
export function measurePage() {
  const describeElement = (element: Element) =>
    `${element.tagName.toLowerCase()} ${(element.textContent ?? '').slice(0, 30)}`;
  const visible = Array.from(document.querySelectorAll('body *')).filter(
    (element) => element.getClientRects().length > 0 && !['SCRIPT', 'STYLE'].includes(element.tagName),
  );
  const inText = (element: Element) => element.closest('.errors') !== null;
  const targets = visible.filter((element) => element.matches('a, button, input, summary') && !inText(element));
  const luminance = (color: string) => {
    const canvas = document.createElement('canvas').getContext('2d');
    if (!canvas) return 0;
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element: Element): string => {
    for (let at: Element | null = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (color !== 'rgba(0, 0, 0, 0)' && color !== 'transparent') return color;
    }
    return 'white';
  };
  const ownText = (element: Element) =>
    Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
  const faint = visible.filter((element) => {
    if (!ownText(element)) return false;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
  });
  return {
    scrollWidth: document.documentElement.scrollWidth,
    outside: visible
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.left < -1 || box.right > innerWidth + 1;
      })
      .map(describeElement),
    smallTargets: targets.filter((element) => element.getBoundingClientRect().height < 44).map(describeElement),
    smallText: visible
      .filter((element) => ownText(element) && Number.parseFloat(getComputedStyle(element).fontSize) < 14)
      .map(describeElement),
    faint: faint.map(describeElement),
  };
}
