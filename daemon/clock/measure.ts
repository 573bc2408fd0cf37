// Owns one check of the clock: the servers are asked, their answers judged, and the time corrected or an alarm raised.

import type { Millis } from '../kernel/instant.ts';
import { type ExchangeReport, type KernelReport, readTimeReport, type TimeReport } from '../wire/time.ts';
import { ALARM } from './corrected.ts';
import { agreement, type Quorum, quorumOf, type Sample } from './quorum.ts';
import { nameOf } from './server.ts';
import type { Check, ServerReport, Timekeeping } from './timekeeping.ts';

/** The kernel speaks of the clock that we see only where both show the same. */
const SAME: Millis = 1_000;

/** Checks now, or waits for the check that is under way. Never rejects: a helper that fails is a check in vain. */
export function check(keeping: Timekeeping): Promise<Check> {
  keeping.running ??= measure(keeping).finally(() => {
    keeping.running = null;
  });
  return keeping.running;
}

async function measure(keeping: Timekeeping): Promise<Check> {
  const { clock, kisses, servers } = keeping;
  clock.watch();
  const asked = servers.filter((server) => !kisses.rests(nameOf(server), clock.elapsed()));
  const report = await ask(keeping, asked);
  const at = clock.elapsed();
  const answers = new Map(asked.map((server, i) => [server, report?.exchanges[i] ?? null]));
  for (const [server, exchange] of answers) {
    if (exchange?.outcome === 'time') kisses.answered(nameOf(server));
    else if (exchange?.outcome === 'kiss') kisses.kissed(nameOf(server), exchange.kiss ?? 'none', at);
  }
  const samples = [...answers.values()].flatMap((exchange) => sampleOf(exchange) ?? []);
  const quorum = quorumOf(samples, servers.length, at);
  const agrees = agreement(samples);
  let next = 0;
  const reports = servers.map((server): ServerReport => {
    const exchange = answers.get(server);
    if (exchange === undefined) return { server, verdict: 'resting', exchange: null };
    const sample = sampleOf(exchange);
    if (sample === null) return { server, verdict: failureOf(exchange), exchange };
    const own = agrees[next++] === true;
    const double = samples.findIndex(({ address }) => address === sample.address) !== next - 1;
    return { server, verdict: own ? 'agrees' : double ? 'same-as-another' : 'disagrees', exchange };
  });
  const kernel = report?.kernel ?? null;
  const agreeing = agrees.filter(Boolean).length;
  const found = {
    at,
    servers: reports,
    agreeing,
    quorum,
    kernel,
    keeper: report?.keeper ?? ('none' as const),
  };
  keeping.last = found;
  conclude(keeping, quorum, kernel);
  return found;
}

/** The report of the helper; `null` when it failed or said something that is no report. */
async function ask({ role }: Timekeeping, asked: Timekeeping['servers']): Promise<TimeReport | null> {
  try {
    return readTimeReport(await role.measure(asked), asked.length);
  } catch {
    return null;
  }
}

function conclude(keeping: Timekeeping, quorum: Quorum | null, kernel: KernelReport | null): void {
  const { clock } = keeping;
  const vouches = kernel?.synchronised === true;
  const contradicts = vouches && quorum !== null && Math.abs(kernel.epoch - quorum.epoch) > ALARM;
  const taken = quorum !== null && clock.take(quorum, contradicts) === null;
  if (quorum === null) clock.missed(vouches && sameClock(keeping, kernel));
  keeping.failures = taken ? 0 : keeping.failures + 1;
}

/** Without a quorum corrected time is the wall clock, so this compares it with what the kernel reported. */
function sameClock({ clock }: Timekeeping, kernel: KernelReport): boolean {
  return Math.abs(clock.now() - (kernel.epoch + clock.elapsed())) <= SAME;
}

function sampleOf(exchange: ExchangeReport | null): Sample | null {
  if (exchange?.outcome !== 'time') return null;
  const { address, epoch, bound } = exchange;
  return { address, epoch, bound };
}

function failureOf(exchange: ExchangeReport | null): ServerReport['verdict'] {
  return exchange === null || exchange.outcome === 'time' ? 'no-answer' : exchange.outcome;
}
