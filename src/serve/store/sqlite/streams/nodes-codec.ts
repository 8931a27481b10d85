import { emptyNodes, NODE_COLUMNS, type Nodes } from '../../../../core/query/nodes.ts';
import { decodeColumn, encodeColumn } from './column-codec.ts';

/**
 * Nodes as they lie on disk: their number (u16), the lengths of six columns (u32 each), and the columns as `encodeColumn`
 * writes them: min, max, mean, count, nan, inf. Where a node has no finite value, the first three repeat the one before.
 */
export function encodeNodes(nodes: Nodes): Uint8Array {
  const length = nodes.count.length;
  const columns = NODE_COLUMNS.map((name) =>
    encodeColumn(name === 'min' || name === 'max' || name === 'mean' ? filled(nodes[name], nodes.count) : nodes[name]),
  );
  const bytes = new Uint8Array(2 + 4 * columns.length + columns.reduce((sum, column) => sum + column.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length, true);
  let at = 2 + 4 * columns.length;
  columns.forEach((column, i) => {
    view.setUint32(2 + 4 * i, column.length, true);
    bytes.set(column, at);
    at += column.length;
  });
  return bytes;
}

export function decodeNodes(bytes: Uint8Array): Nodes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(0, true);
  const nodes = emptyNodes(0) as { -readonly [Name in keyof Nodes]: Nodes[Name] };
  let at = 2 + 4 * NODE_COLUMNS.length;
  NODE_COLUMNS.forEach((name, i) => {
    const end = at + view.getUint32(2 + 4 * i, true);
    nodes[name] = decodeColumn(bytes.subarray(at, end), length);
    at = end;
  });
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
