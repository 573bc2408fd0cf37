// Owns the flags of V8 that are baked into the executable. Each was kept because `npm run bench` shows its worth;
// what was tried and left out is in docs/DECISIONS.md.

/**
 * The code cache is made under the same flags: V8 refuses one that was made under others. NODE_OPTIONS and
 * NODE_EXTRA_CA_CERTS of whoever starts the program do not reach it.
 */
export const FLAGS: readonly string[] = [
  // The young generation: 1 MiB a half in place of 16 after a burst of logins.
  '--max-semi-space-size=1',
  // No threads beside the main one for compiling and collecting: a login is shorter than handing it over.
  '--v8-pool-size=0',
  // Size before speed where V8 has the choice, the growth of the heap above all.
  '--optimize-for-size',
  // A collection leaves no half-empty pages behind.
  '--compact-on-every-full-gc',
  // Lets the daemon give back what its start left behind (daemon/native/memory.ts).
  '--expose-gc',
  // A debugger that opens on a signal is a way into the process that holds the seeds.
  '--disable-sigusr1',
  // Nor does a file elsewhere decide what its cryptography is.
  '--openssl-config=/dev/null',
];
