// Owns what is in a backup, as JSON: rows by table, and the key that opens what is sealed in them. Pure.

/** A cell of a row; bytes are base64url. */
export type Cell = string | number | null | { bytes: string };
export type Rows = Record<string, Cell>[];

export interface Payload {
  /** The schema that the rows are of. */
  readonly schema: number;
  /** The key file's text; `null` in a backup of settings alone. */
  readonly key: string | null;
  /** The floor of the board that it was taken of; it counts on that board alone. */
  readonly floor: number;
  readonly tables: Record<string, Rows>;
  readonly sequences: Record<string, number>;
}

type Plain = string | number | bigint | null | ArrayBufferView;

/** Rows of the database as cells. */
export function toCells(rows: readonly Readonly<Record<string, Plain>>[]): Rows {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        ArrayBuffer.isView(value)
          ? {
              bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64url'),
            }
          : typeof value === 'bigint'
            ? Number(value)
            : value,
      ]),
    ),
  );
}

/** Cells as values that the database takes. */
export function fromCells(rows: Rows): Readonly<Record<string, string | number | null | Uint8Array>>[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [
        name,
        typeof cell === 'object' && cell !== null ? Buffer.from(cell.bytes, 'base64url') : cell,
      ]),
    ),
  );
}

/** Is it of the right shape? Whether the rows fit their tables, the database says. */
export function isPayload(value: unknown): value is Payload {
  if (!isRecord(value)) return false;
  const { schema, key, floor, tables, sequences } = value;
  return (
    Number.isSafeInteger(schema) &&
    (schema as number) >= 1 &&
    (key === null || typeof key === 'string') &&
    Number.isSafeInteger(floor) &&
    isRecord(tables) &&
    Object.values(tables).every((rows) => Array.isArray(rows) && rows.every(isRow)) &&
    isRecord(sequences) &&
    Object.values(sequences).every((seq) => Number.isSafeInteger(seq) && (seq as number) >= 0)
  );
}

function isRow(row: unknown): boolean {
  return isRecord(row) && Object.keys(row).length > 0 && Object.values(row).every(isCell);
}

function isCell(cell: unknown): boolean {
  if (cell === null || typeof cell === 'string') return true;
  if (typeof cell === 'number') return Number.isSafeInteger(cell);
  return isRecord(cell) && Object.keys(cell).length === 1 && typeof cell.bytes === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
