/** Shapes of metrics that training scripts log. */
export type Kind = 'noisy64' | 'noisy32' | 'noisy16' | 'accuracy4' | 'schedule' | 'counter';

/** The mix by which bytes per point are judged: four noisy doubles, two singles, a half, a rounded, a schedule, a counter. */
export const KINDS: readonly Kind[] = [
  'noisy64',
  'noisy32',
  'schedule',
  'accuracy4',
  'noisy64',
  'noisy32',
  'counter',
  'noisy64',
  'noisy16',
  'noisy64',
];

/** The worst case: every digit of every value is noise. */
export const noisyKinds: readonly Kind[] = ['noisy64'];

/** A reproducible generator of uniform numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers, by Box and Muller. */
function normal(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** One metric over `rows` steps: a falling loss with drift and noise, in the kind's precision, or what the kind says. */
export function metric(kind: Kind, rows: number, seed: number): Float64Array {
  const noise = normal(random(seed));
  let drift = 0;
  return Float64Array.from({ length: rows }, (_, i) => {
    drift = drift * 0.999 + noise() * 0.002;
    const loss = 0.3 + 4 / Math.sqrt(1 + i * 0.01) + drift + noise() * 0.02;
    switch (kind) {
      case 'noisy64':
        return loss;
      case 'noisy32':
        return Math.fround(loss);
      case 'noisy16': {
        const bits = new Uint32Array(new Float32Array([loss]).buffer);
        bits[0] = (bits[0] as number) & 0xffff_0000;
        return new Float32Array(bits.buffer)[0] as number;
      }
      case 'accuracy4':
        return Math.round(Math.min(1, 1 - loss / 8) * 1e4) / 1e4;
      case 'schedule':
        return 1.5e-4 * (1 + Math.cos((Math.PI * i) / rows));
      case 'counter':
        return i * 524_288;
    }
  });
}

/** A number as the client's Go side writes it. */
function printed(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return String(value);
}

/**
 * Bodies of the file-stream endpoint in the official client's form: lines with `keys` metrics and `_step`, `_timestamp`,
 * `_runtime`, their keys in random order, numbers in Go's notation.
 */
export function trainingBodies(of: {
  rows: number;
  rowsPerBody: number;
  keys: number;
  kinds: readonly string[];
}): string[] {
  const next = random(7);
  const noise = normal(next);
  const columns = Array.from({ length: of.keys }, (_, i) => ({
    name: `train/metric_${i}`,
    values: metric(of.kinds[i % of.kinds.length] as Kind, of.rows, i + 1),
  }));
  const bodies: string[] = [];
  let runtime = 0.2;
  for (let offset = 0; offset < of.rows; offset += of.rowsPerBody) {
    const content: string[] = [];
    for (let row = offset; row < Math.min(of.rows, offset + of.rowsPerBody); row++) {
      runtime += Math.abs(0.1 + noise() * 0.003);
      const members = columns.map(({ name, values }) => `"${name}":${printed(values[row] as number)}`);
      const time = (1_790_000_000 + runtime).toExponential().replace(/e\+9$/, 'e+09');
      members.push(`"_step":${row}`, `"_timestamp":${time}`, `"_runtime":${Number(runtime.toFixed(9))}`);
      for (let i = members.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1));
        [members[i], members[j]] = [members[j] as string, members[i] as string];
      }
      content.push(`{${members.join(',')}}`);
    }
    bodies.push(JSON.stringify({ files: { 'wandb-history.jsonl': { offset, content } } }));
  }
  return bodies;
}
