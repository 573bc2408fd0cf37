// Owns what the image builder may be asked for: argv to one typed request, every mistake with its way out.

import { parseArgs } from 'node:util';
import { BOARDS } from './boards.ts';
import { USUAL_MIB } from './layout.ts';
import { Refusal } from './refusal.ts';

export type Target = 'rockchip' | 'x86';
/** What asks for the second factor in the image: SSH with password and code, or nothing yet. */
export type Login = 'ssh' | 'none';
/** Drivers in the initial file system: most of them, or those of a virtual machine. */
export type Drivers = 'most' | 'virtual';

export interface BuildRequest {
  readonly target: Target;
  readonly board: string | undefined;
  readonly loader: string | undefined;
  readonly base: string | undefined;
  readonly onto: string | undefined;
  readonly package: string | undefined;
  readonly login: Login;
  readonly drivers: Drivers;
  readonly mib: number;
  readonly output: string | undefined;
  /** Where this machine's apt gets them, if it is not given. */
  readonly mirror: string | undefined;
}

export const USAGE = `usage: image/build --target rockchip|x86 [options]
  --board NAME        rockchip: ${[...BOARDS.keys()].join(', ')}
  --loader FILE       rockchip: the vendor's boot loader for another board, written at sector 64
  --base ROOTFS       a Debian 12 tree or tar to lay the daemon onto; without it a small stand-in is made
  --onto VENDOR.img   lay the daemon onto the root file system inside a finished disk image
  --package FILE.deb  the daemon; otherwise dist/fygo-2fa_*_ARCH.deb
  --login ssh|none    what asks for a code in the image (none)
  --drivers most|virtual  drivers in the stand-in's initial file system (most)
  --size MIB          size of the image, and where the data partition begins (${USUAL_MIB})
  --output FILE       otherwise dist/image/fygo-TARGET[-BOARD].img
  --mirror URL        where Debian's packages come from; otherwise where this machine's come from`;

const SEE = 'image/build --help lists what there is.';

function oneOf<T extends string>(what: string, value: string | undefined, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw new Refusal(
    value === undefined ? `--${what} is missing.` : `There is no ${what} "${value}".`,
    `Choose one of: ${known.join(', ')}. ${SEE}`,
  );
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        target: { type: 'string' },
        board: { type: 'string' },
        loader: { type: 'string' },
        base: { type: 'string' },
        onto: { type: 'string' },
        package: { type: 'string' },
        login: { type: 'string', default: 'none' },
        drivers: { type: 'string', default: 'most' },
        size: { type: 'string', default: String(USUAL_MIB) },
        output: { type: 'string' },
        mirror: { type: 'string' },
      },
    }).values;
  } catch (problem) {
    throw new Refusal((problem as Error).message, SEE);
  }
}

/** Reads the arguments. Throws a Refusal that names the first mistake and what may stand there. */
export function readArguments(argv: readonly string[]): BuildRequest {
  const values = parse(argv);
  const target = oneOf('target', values.target, ['rockchip', 'x86'] as const);
  if (values.base !== undefined && values.onto !== undefined) {
    throw new Refusal(
      '--base and --onto exclude each other.',
      '--base makes a new image around a root file system; --onto changes the one inside a finished image.',
    );
  }
  if (target === 'x86' && (values.board !== undefined || values.loader !== undefined)) {
    throw new Refusal('An x86 image has no board.', 'Leave --board and --loader out: UEFI boots any PC.');
  }
  if (target === 'rockchip' && values.onto === undefined) {
    if (values.loader === undefined) oneOf('board', values.board, [...BOARDS.keys()]);
    else if (values.board !== undefined && BOARDS.has(values.board)) {
      throw new Refusal(
        `--loader is given, and Debian has a boot loader for ${values.board} too.`,
        'Leave one of the two out, or give --board another name for your loader.',
      );
    }
  }
  return {
    target,
    board: values.board,
    loader: values.loader,
    base: values.base,
    onto: values.onto,
    package: values.package,
    login: oneOf('login', values.login, ['ssh', 'none'] as const),
    drivers: oneOf('drivers', values.drivers, ['most', 'virtual'] as const),
    mib: Number(values.size),
    output: values.output,
    mirror: values.mirror,
  };
}
