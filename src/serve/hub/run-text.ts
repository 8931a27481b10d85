import type { RunPatch } from '../../core/model/run.ts';

/**
 * What a patch may bring in, made harmless: texts are cut to a length that people can still use, and lose the control
 * characters with which a name could drive a terminal. Nothing is refused, since a refusal would cost a client its run.
 */
export function harmlessPatch(patch: RunPatch): RunPatch {
  const clean: { -readonly [Name in keyof RunPatch]: RunPatch[Name] } = { ...patch };
  for (const name of ['group', 'jobType', 'sweep', 'host', 'program', 'commit', 'repo'] as const) {
    const text = patch[name];
    if (typeof text === 'string') clean[name] = harmlessLine(text, 1_024);
  }
  if (patch.displayName !== undefined) clean.displayName = harmlessLine(patch.displayName, 512);
  if (patch.tags)
    clean.tags = [...new Set(patch.tags.map((tag) => harmlessLine(tag, 256)))].filter(Boolean).slice(0, 1_000);
  if (typeof patch.notes === 'string') {
    clean.notes = patch.notes.slice(0, 1_000_000).replace(/[^\P{Cc}\n\t]/gu, '');
  }
  return clean;
}

function harmlessLine(text: string, lengthMax: number): string {
  return text
    .slice(0, lengthMax)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}
