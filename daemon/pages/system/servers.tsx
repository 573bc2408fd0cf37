// Owns the time servers: what each answered, as a table and as a plot of offsets.

import type { ClockDocument } from '../../wire/clock.ts';
import { useWords } from '../shared/language.tsx';
import { Badge, Card, Scroll } from '../shared/ui.tsx';
import { seconds } from './seconds.ts';
import { TIME } from './time-words.ts';

type Server = ClockDocument['servers'][number];

export function Servers({ clock }: { readonly clock: ClockDocument }) {
  const words = useWords(TIME);
  const { servers } = clock;
  return (
    <Card title={words.servers}>
      <Scroll label={words.servers}>
        <Plot servers={servers} />
        <table>
          <thead>
            <tr>
              <th scope="col">{words.server}</th>
              <th scope="col">{words.verdict}</th>
              <th scope="col">{words.serverOffset}</th>
              <th scope="col">{words.delay}</th>
            </tr>
          </thead>
          <tbody>
            {servers.map((server) => (
              <tr key={server.name}>
                <td>
                  {server.name}
                  {server.address && <div class="small soft">{server.address}</div>}
                </td>
                <td>
                  <Badge tone={server.verdict === 'agrees' ? 'good' : 'warn'}>
                    {words.verdicts[server.verdict] ?? server.verdict}
                  </Badge>
                </td>
                <td class="number">{server.offsetSeconds === null ? '–' : seconds(server.offsetSeconds)}</td>
                <td class="number">{server.delaySeconds === null ? '–' : seconds(server.delaySeconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Card>
  );
}

const WIDTH = 600;
const ROW = 26;
const LEFT = 190;

/** Offsets of the system clock by each server, half the way there and back as the bar of its uncertainty. */
function Plot({ servers }: { readonly servers: readonly Server[] }) {
  const words = useWords(TIME);
  const answered = servers.filter((server) => server.offsetSeconds !== null);
  if (answered.length === 0) return null;
  const half = ({ delaySeconds }: Server) => (delaySeconds ?? 0) / 2;
  const edges = answered.flatMap((one) => [
    (one.offsetSeconds ?? 0) - half(one),
    (one.offsetSeconds ?? 0) + half(one),
  ]);
  const least = Math.min(0, ...edges);
  const span = Math.max(0.001, Math.max(0, ...edges) - least);
  const x = (value: number) => LEFT + ((value - least) / span) * (WIDTH - LEFT - 40) + 15;
  const height = answered.length * ROW + 30;
  return (
    <svg class="plot" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={words.plot}>
      <title>{words.plot}</title>
      <line class="axis" x1={x(0)} x2={x(0)} y1="4" y2={height - 22} stroke-dasharray="3 3" />
      <text x={x(0)} y={height - 6} text-anchor="middle">
        0
      </text>
      <text x={WIDTH - 4} y={height - 6} text-anchor="end">
        {seconds(least + span)}
      </text>
      {answered.map((one, index) => {
        const y = index * ROW + 16;
        const tone = one.verdict === 'agrees' ? 'good' : 'bad';
        const at = one.offsetSeconds ?? 0;
        return (
          <g key={one.name}>
            <text x="0" y={y + 4}>
              {one.name.slice(0, 30)}
            </text>
            <line class={tone} x1={x(at - half(one))} x2={x(at + half(one))} y1={y} y2={y} stroke-width="3" />
            <circle class={tone} cx={x(at)} cy={y} r="5" />
          </g>
        );
      })}
    </svg>
  );
}
