/**
 * Reduces a picture to 256 colors, which makes its file a third as large. Keeps the most frequent colors and replaces
 * each other color by the nearest of them. For screens with text and plain backgrounds, never for photographs.
 */
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface Indexed {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB. */
  readonly palette: readonly number[];
  /** One byte for each pixel, in base64. */
  readonly pixels: string;
}

/**
 * Runs in the browser, which can read its own pictures. So it must not use anything of this module, or the helper
 * functions that a TypeScript loader adds.
 */
async function toIndexed(base64: string): Promise<Indexed> {
  const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const drawing = new OffscreenCanvas(width, height).getContext('2d');
  if (drawing === null) throw new Error('no canvas');
  drawing.drawImage(bitmap, 0, 0);
  const { data } = drawing.getImageData(0, 0, width, height);
  const colours = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let at = 0; at < colours.length; at += 1) {
    const colour = ((data[4 * at] ?? 0) << 16) | ((data[4 * at + 1] ?? 0) << 8) | (data[4 * at + 2] ?? 0);
    colours[at] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 256)
    .map(([colour]) => colour);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  for (const colour of counts.keys()) {
    if (places.has(colour)) continue;
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (const [place, one] of palette.entries()) {
      const [red, green, blue] = [
        (one >> 16) - (colour >> 16),
        ((one >> 8) & 255) - ((colour >> 8) & 255),
        (one & 255) - (colour & 255),
      ];
      const distance = red * red + green * green + blue * blue;
      if (distance < least) [nearest, least] = [place, distance];
    }
    places.set(colour, nearest);
  }
  let pixels = '';
  for (const colour of colours) pixels += String.fromCharCode(places.get(colour) ?? 0);
  return { width, height, palette, pixels: btoa(pixels) };
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Uses colour type 3, 8 bits and no filter (PNG, third edition, section 11). No filter is best for indexes. */
function encode({ width, height, palette, pixels }: Indexed): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const bytes = Buffer.from(pixels, 'base64');
  const rows = Array.from({ length: height }, (_, row) => [
    Buffer.from([0]),
    bytes.subarray(row * width, (row + 1) * width),
  ]).flat();
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Returns the smaller file of the same picture. `blank` is a page without content and without a policy. */
export async function toPalettePng(blank: Page, png: Buffer): Promise<Buffer> {
  return encode(await blank.evaluate(toIndexed, png.toString('base64')));
}
