import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Plugin } from 'rolldown';

/** Writes `LICENSES.txt` beside the bundle: the packages whose code is in it, each with its licence, as those demand. */
export function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const modules = chunks
        .flatMap((chunk) => chunk.moduleIds)
        .filter((id) => id.includes(`${sep}node_modules${sep}`));
      const packages = new Set(modules.map((id) => packageFolder(id.replace(/^\0/, ''))));
      const texts = [...packages].map(licenceOf).sort();
      this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}

/** The nearest folder upward whose package.json has a name; nested ones may only say which kind of modules lie there. */
function packageFolder(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && descriptionOf(folder).name !== undefined) return folder;
  }
  throw new Error(`no package holds ${file}`);
}

function licenceOf(folder: string): string {
  const { name, version, license } = descriptionOf(folder);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  return `${name} ${version}, ${license}\n${text}`;
}

function descriptionOf(folder: string): { name?: string; version?: string; license?: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as ReturnType<typeof descriptionOf>;
}
