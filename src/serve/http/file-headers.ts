/** Pictures that are pixels and nothing else: a browser may show them in place. */
const SHOWN = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
]);

/**
 * How bytes that somebody uploaded are handed to a browser, so that they cannot act as a page of ours: never sniffed,
 * sandboxed, and saved instead of shown unless they are a raster picture by their name.
 */
export function fileHeaders(name: string): Readonly<Record<string, string>> {
  const file = name.slice(name.lastIndexOf('/') + 1);
  const shown = SHOWN.get(file.slice(file.lastIndexOf('.') + 1).toLowerCase());
  const ascii = file.replaceAll(/[^\w. -]/g, '_');
  const utf8 = encodeURIComponent(file.toWellFormed()).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return {
    'content-type': shown ?? 'application/octet-stream',
    'content-disposition': `${shown === undefined ? 'attachment' : 'inline'}; filename="${ascii}"; filename*=UTF-8''${utf8}`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  };
}
