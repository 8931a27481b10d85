/** What a program wants people to be told (`run.alert`). */
export interface Alert {
  readonly title: string;
  readonly text: string;
  readonly severity?: 'INFO' | 'WARN' | 'ERROR' | null;
}

/** The alert as a console line labelled `alert`, in a file-stream body of a writer that has written nothing before. */
export function alertBody({ title, text, severity }: Alert, at: Date): Uint8Array<ArrayBuffer> {
  const content = `${severity ?? 'INFO'}: ${title}${text === '' ? '' : ` – ${text}`}`.replaceAll(/\r\n|[\r\n]/g, ' ');
  const line = JSON.stringify({
    ...(severity === 'ERROR' ? { level: 'error' } : {}),
    ts: at.toISOString().slice(0, -1),
    label: 'alert',
    content,
  });
  return new TextEncoder().encode(JSON.stringify({ files: { 'output.log': { offset: 0, content: [line] } } }));
}
