// Owns the table of boards: where each one's boot loader lies, in Debian's package and on the medium.

/** A file of Debian's `u-boot-rockchip`, and the sector of 512 bytes that it is written to. */
export interface Loader {
  readonly file: string;
  readonly sector: number;
}

export interface Board {
  readonly title: string;
  /** Below `/usr/lib/u-boot/` of the package. */
  readonly loaders: readonly Loader[];
}

/** Rockchip's mask ROM reads from sector 64; the first stage it finds there reads the second from 16384. */
const USUAL = { first: 64, second: 16384 } as const;

function board(folder: string, title: string): Board {
  return {
    title,
    loaders: [
      { file: `${folder}/idbloader.img`, sector: USUAL.first },
      { file: `${folder}/u-boot.itb`, sector: USUAL.second },
    ],
  };
}

/**
 * The boards that Debian 12 carries a boot loader for with Rockchip's usual offsets (rk3328 and rk3399). Any other board, those
 * with rk356x and rk3588 among them, takes its vendor's loader as a file.
 */
export const BOARDS: ReadonlyMap<string, Board> = new Map([
  ['firefly-rk3399', board('firefly-rk3399', 'Firefly RK3399')],
  ['nanopc-t4', board('nanopc-t4-rk3399', 'FriendlyElec NanoPC-T4')],
  ['nanopi-neo4', board('nanopi-neo4-rk3399', 'FriendlyElec NanoPi NEO4')],
  ['pinebook-pro', board('pinebook-pro-rk3399', 'Pine64 Pinebook Pro')],
  ['roc-pc', board('roc-pc-rk3399', 'Libre Computer ROC-RK3399-PC')],
  ['rock-pi-4', board('rock-pi-4-rk3399', 'Radxa ROCK Pi 4')],
  ['rock-pi-e', board('rock-pi-e-rk3328', 'Radxa ROCK Pi E')],
  ['rock64', board('rock64-rk3328', 'Pine64 ROCK64')],
  ['rockpro64', board('rockpro64-rk3399', 'Pine64 ROCKPro64')],
]);

/** Where a vendor's loader goes: the file that Rockchip's tools and U-Boot call `u-boot-rockchip.bin` holds both stages. */
export const VENDOR_LOADER_SECTOR = USUAL.first;
