import { NODE_COLUMNS, type Nodes } from '../../../../core/query/nodes.ts';
import { decodeColumns, encodeColumns } from './column-codec.ts';

/**
 * Nodes as they lie on disk: their number (u16, little-endian) and six columns as `encodeColumns` writes them: min, max,
 * mean, count, nan, inf. Where a node has no finite value, the first three repeat the one before.
 */
export function encodeNodes(nodes: Nodes): Uint8Array {
  const { min, max, mean, count, nan, inf } = nodes;
  const columns = encodeColumns([filled(min, count), filled(max, count), filled(mean, count), count, nan, inf]);
  const bytes = new Uint8Array(2 + columns.length);
  new DataView(bytes.buffer).setUint16(0, count.length, true);
  bytes.set(columns, 2);
  return bytes;
}

/** The inverse of `encodeNodes`. Throws when the bytes are damaged. */
export function decodeNodes(bytes: Uint8Array): Nodes {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(0, true);
  const columns = decodeColumns(bytes.subarray(2), length, NODE_COLUMNS.length);
  const nodes = Object.fromEntries(NODE_COLUMNS.map((name, i) => [name, columns[i]])) as unknown as Nodes;
  for (let i = 0; i < length; i++) {
    if (nodes.count[i] === 0) nodes.min[i] = nodes.max[i] = nodes.mean[i] = Number.NaN;
  }
  return nodes;
}

function filled(values: Float64Array, count: Float64Array): Float64Array {
  const result = values.slice();
  for (let i = 0; i < result.length; i++) if (count[i] === 0) result[i] = i === 0 ? 0 : (result[i - 1] as number);
  return result;
}
