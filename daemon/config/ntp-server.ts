// Owns how an NTP server is written in the configuration: "host", "host:port" or "[IPv6]:port".

import { isIPv4, isIPv6 } from 'node:net';

/** An NTP server. `host` is a lower-case host name or a literal address without brackets. */
export interface NtpServer {
  readonly host: string;
  /** UDP port, 1 to 65535. */
  readonly port: number;
}

/** The port that RFC 5905 assigns to NTP. */
export const NTP_PORT = 123;

const BRACKETED = /^\[([^\]]+)\](?::([0-9]{1,5}))?$/;
const PLAIN = /^([^:[\]]+)(?::([0-9]{1,5}))?$/;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function isHostName(host: string): boolean {
  if (host.length > 253) return false;
  const labels = host.split('.');
  // A name whose last label is a number is a mistyped IPv4 address; resolvers disagree about what it means.
  return labels.every((label) => LABEL.test(label)) && !/^[0-9]+$/.test(labels.at(-1) ?? '');
}

/** Reads one entry of `[clock] servers`; null where it is neither a host nor an address with a valid port. */
export function parseNtpServer(text: string): NtpServer | null {
  const bracketed = BRACKETED.exec(text);
  const [, host, portText] = bracketed ?? PLAIN.exec(text.toLowerCase()) ?? [];
  if (host === undefined) return null;
  const port = portText === undefined ? NTP_PORT : Number(portText);
  if (port < 1 || port > 65_535) return null;
  const valid = bracketed ? isIPv6(host) : isIPv4(host) || isHostName(host);
  return valid ? { host, port } : null;
}
