/**
 * The matches of a pattern in JSON text that do not lie inside a string. The pattern must match the quote too, which is not
 * given. A regular expression for whole strings would do the same, and fail with a full stack on a string of some megabytes.
 */
export function* outsideStrings(json: string, pattern: RegExp): Generator<RegExpExecArray> {
  const tokens = new RegExp(pattern, 'g');
  for (let found = tokens.exec(json); found !== null; found = tokens.exec(json)) {
    if (found[0] === '"') tokens.lastIndex = stringEnd(json, found.index);
    else yield found;
  }
}

/** JSON text with its bare words (`NaN`, `Infinity`, `-Infinity`) replaced; everything else stays, digit for digit. */
export function replaceBareWords(json: string, instead: (word: string) => string): string {
  let text = '';
  let end = 0;
  for (const { 0: word, index } of outsideStrings(json, /"|-?Infinity|NaN/)) {
    text += json.slice(end, index) + instead(word);
    end = index + word.length;
  }
  return end === 0 ? json : text + json.slice(end);
}

/** The offset behind the string that begins (with its quote) at `start`. */
function stringEnd(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let escapes = end;
    while (json[escapes - 1] === '\\') escapes--;
    if ((end - escapes) % 2 === 0) return end + 1;
  }
  return json.length;
}
