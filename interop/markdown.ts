import { readFileSync } from 'node:fs';

/** A fenced block of a document. */
export interface CodeBlock {
  /** The word behind the fence, such as `sh`; empty without one. */
  readonly language: string;
  readonly text: string;
  /** Of its first line, counted from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown file, in order. */
export function codeBlocks(file: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const text = readFileSync(file, 'utf8');
  for (const match of text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
    const line = text.slice(0, match.index).split('\n').length + 1;
    blocks.push({ language: match[1] ?? '', text: match[2] ?? '', line });
  }
  return blocks;
}

/** Where the links of a Markdown file lead to, those in blocks of code left out. */
export function links(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The calls of `trackside` in a document, in blocks of shell and in running text: the words behind it. */
export function commands(file: string): string[][] {
  const text = readFileSync(file, 'utf8');
  const inBlocks = codeBlocks(file)
    .filter(({ language }) => language === 'sh')
    .flatMap((block) => block.text.split('\n'));
  const inText = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...inBlocks, ...inText].flatMap((line) => {
    const called = /(?:^|npx |\$\(|&& |… |=\S+ )trackside((?: [^\s#|&;)"]+)+)/.exec(line.replaceAll('\\\n', ' '))?.[1];
    return called === undefined ? [] : [called.trim().split(' ')];
  });
}
