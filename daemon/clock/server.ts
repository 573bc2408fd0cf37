// Owns what an NTP server is to the clock, and how it is written. Pure.

/** `host` is a name or a literal address without brackets. */
export interface NtpServer {
  readonly host: string;
  readonly port: number;
}

const NTP_PORT = 123;

/** As in config.toml: `host`, `host:port`, `[IPv6]:port`. */
export function nameOf({ host, port }: NtpServer): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === NTP_PORT ? name : `${name}:${port}`;
}
