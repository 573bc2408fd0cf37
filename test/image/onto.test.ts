// Tests that a vendor's finished disk image takes the daemon in, with every other byte as it was.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newerMke2fs } from '../../image/download.ts';
import { machineMirror } from '../../image/mirror.ts';
import { build, folder, image, PROJECT } from './images.ts';
import { reasonToSkip } from './reason.ts';

const START = 32768;
const MIB = 2 ** 20;
const SIZE = 1600 * MIB;

function sh(script: string, ...words: readonly string[]): string {
  return execFileSync('sh', ['-ec', script, 'sh', ...words], { encoding: 'utf8' });
}

/** Makes a disk in the older partition table's manner, with a loader in front, a root file system and a second partition. */
function vendorImage(place: string): string {
  // The stand-in is kept by the build of the image.
  image('x86');
  const [base = ''] = globSync(join(PROJECT, '.dev/image/base-amd64-virtual-*.tar'));
  const tree = join(place, 'vendor');
  mkdirSync(tree);
  sh('tar --extract --xattrs --file "$1" --directory "$2"', base, tree);
  sh('cd "$1/usr/local" && echo vendor >one && ln one two && chmod 4755 one', tree);
  sh('setfattr --name user.vendor --value kept "$1/usr/local/one"', tree);
  const file = join(place, 'vendor.img');
  writeFileSync(file, Buffer.alloc(START * 512, 'vendor loader '));
  truncateSync(file, SIZE);
  execFileSync('sfdisk', ['--quiet', file], {
    input: `label: dos\nstart=${START}, size=${(SIZE - 48 * MIB) / 512}, type=83\nsize=32768, type=83\n`,
  });
  const root = join(place, 'vendor.ext4');
  const mke2fs = newerMke2fs(join(PROJECT, '.dev/image'), machineMirror());
  writeFileSync(root, '');
  truncateSync(root, SIZE - 48 * MIB);
  execFileSync(mke2fs.program, ['-q', '-t', 'ext4', '-d', tree, root], {
    env: { ...process.env, LD_LIBRARY_PATH: mke2fs.libraries },
  });
  sh('dd if="$1" of="$2" bs=1M seek=16 conv=notrunc,sparse status=none', root, file);
  return file;
}

test('onto a vendor image: only its root file system changes', { skip: reasonToSkip() }, (t) => {
  const place = folder(t);
  const vendor = vendorImage(place);
  const output = join(place, 'layered.img');
  build('x86', output, '--onto', vendor);

  const end = START * 512 + SIZE - 48 * MIB;
  sh('cmp --bytes="$3" "$1" "$2"', vendor, output, String(START * 512));
  sh('cmp --ignore-initial="$3" "$1" "$2"', vendor, output, String(end));
  const mounted = join(place, 'mounted');
  mkdirSync(mounted);
  sh(
    'mount -o ro,loop,offset="$3",sizelimit="$4" "$1" "$2"',
    output,
    mounted,
    String(START * 512),
    String(SIZE - 48 * MIB),
  );
  try {
    assert.equal(sh('stat --format="%h %a" "$1/usr/local/two"', mounted), '2 4755\n');
    assert.match(sh('getfattr --only-values --name user.vendor "$1/usr/local/one"', mounted), /^kept/);
    sh(
      'test -x "$1/usr/bin/fygo-2fa" && test -L "$1/etc/systemd/system/multi-user.target.wants/fygo-2fa.service"',
      mounted,
    );
    // A vendor's image has its own place for data.
    sh('test ! -e "$1/usr/lib/fygo-image" && ! grep fygo-data "$1/etc/fstab"', mounted);
  } finally {
    // Before its folder goes.
    sh('umount "$1"', mounted);
  }
});
