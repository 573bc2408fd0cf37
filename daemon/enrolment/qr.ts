// Owns how a QR code is drawn: as SVG for a page, as plain text, and in colours for a terminal.

type Matrix = readonly (readonly boolean[])[];

/** ISO/IEC 18004 §9.1 asks for a quiet zone of four modules; without it, scanners lose the code in a dark page. */
const QUIET = 4;

const LABEL = 'QR code to scan with an authenticator app';

/**
 * A picture for a page or a file: black on white in every theme, because it brings its own background.
 * It scales to the box it is put in, refers to nothing outside itself, and never names what it encodes.
 * Error correction M (15 %): size costs nothing here.
 */
export async function qrSvg(text: string): Promise<string> {
  const matrix = await encode(text, 'medium');
  const size = matrix.length;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" aria-label="${LABEL}" ` +
    `shape-rendering="crispEdges"><title>${LABEL}</title>` +
    `<rect width="${size}" height="${size}" fill="#fff"/><path fill="#000" d="${outline(matrix)}"/></svg>`
  );
}

/**
 * Unicode half blocks without any control sequence: one character is one module wide and two high.
 * Plain text is mostly shown light on dark, so blocks are the *light* modules and spaces the dark ones.
 * On a light background the code comes out inverted, which many but not all apps read.
 */
export async function qrText(text: string): Promise<string> {
  return cells(await encode(text, 'low'), (upper, lower) => {
    if (upper) return lower ? ' ' : '▄';
    return lower ? '▀' : '█';
  });
}

const RESET = '\x1b[0m';
const BLACK_ON_WHITE = '\x1b[38;5;16;48;5;231m';
const ON_BLACK = '\x1b[48;5;16m';

/**
 * The same for a terminal: black on white whatever its theme, with colours 16 and 231, which themes leave
 * alone (they redefine 0 to 15). A cell of one colour is a coloured space, not a block: fonts whose blocks do
 * not fill the line would leave stripes.
 */
export async function qrAnsi(text: string): Promise<string> {
  const drawn = cells(await encode(text, 'low'), (upper, lower) => {
    if (upper) return lower ? `${ON_BLACK} ${BLACK_ON_WHITE}` : '▀';
    return lower ? '▄' : ' ';
  });
  return drawn
    .split('\n')
    .map((row) => (row === '' ? row : `${BLACK_ON_WHITE}${row}${RESET}`))
    .join('\n')
    .replaceAll(BLACK_ON_WHITE + ON_BLACK, '');
}

/** How many columns `qrText` and `qrAnsi` take for this text. */
export async function qrColumns(text: string): Promise<number> {
  return (await encode(text, 'low')).length;
}

/**
 * In terminals error correction is L (7 %): a screen has no dirt, and the smaller code leaves room for the
 * prompt below it in a window of 24 lines.
 */
async function encode(text: string, ecc: 'low' | 'medium'): Promise<Matrix> {
  // Loaded when needed: an idle daemon does without its memory.
  const { encodeQR } = await import('qr');
  return encodeQR(text, 'raw', { ecc, border: QUIET });
}

/** Two rows of modules a line; where the number of rows is odd, the missing one is light. Ends with a line feed. */
function cells(matrix: Matrix, glyph: (upperDark: boolean, lowerDark: boolean) => string): string {
  let text = '';
  for (let y = 0; y < matrix.length; y += 2) {
    const lower = matrix[y + 1];
    text += `${(matrix[y] ?? []).map((dark, x) => glyph(dark, lower?.[x] ?? false)).join('')}\n`;
  }
  return text;
}

/** SVG path data: one rectangle for each horizontal run of dark modules. */
function outline(matrix: Matrix): string {
  let path = '';
  matrix.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x++;
      const run = x + 1 - start;
      path += `M${start} ${y}h${run}v1h-${run}z`;
    }
  });
  return path;
}
