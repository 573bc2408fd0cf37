// Owns the test values of RFC 6238, appendix B, for SHA-1, as printed there. The secret is that of RFC 4226.

export interface TotpVector {
  /** Seconds since the epoch. */
  readonly time: number;
  /** T, in hexadecimal as printed. */
  readonly step: string;
  /** Eight digits; the low six of them are the code of six digits. */
  readonly code: string;
}

const TABLE = `
59          0000000000000001 94287082
1111111109  00000000023523EC 07081804
1111111111  00000000023523ED 14050471
1234567890  000000000273EF07 89005924
2000000000  0000000003F940AA 69279037
20000000000 0000000027BC86AA 65353130
`;

export const TOTP: readonly TotpVector[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [time = '', step = '', code = ''] = line.split(/ +/);
    return { time: Number(time), step, code };
  });
