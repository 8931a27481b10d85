import { memo, type CSSProperties } from 'react';
import { terminalSpans, type TerminalStyle } from '../../core/base/terminal-line.ts';
import type { ConsoleLine } from '../data/queries.ts';
import { momentText } from '../words/time.ts';

/** One line of the log as a terminal would show it. A click on its number gives it to the caller. */
export const LogLine = memo(function LogLine(props: {
  line: ConsoleLine;
  marked: boolean;
  onPick: (number: number) => void;
}) {
  const { line } = props;
  return (
    <div className={`log-line${line.stderr ? ' stderr' : ''}${props.marked ? ' marked' : ''}`} data-line={line.number}>
      <button
        className="log-number"
        tabIndex={-1}
        title={line.at === null ? undefined : momentText(line.at)}
        onClick={() => props.onPick(line.number)}
      >
        {line.number + 1}
      </button>
      {line.label !== null && <span className="log-label">{line.label}</span>}
      <span className="log-text">
        {terminalSpans(line.text).map((span, index) => (
          <span key={index} style={styleOf(span.style)}>
            {span.text}
          </span>
        ))}
      </span>
    </div>
  );
});

function styleOf(style: TerminalStyle): CSSProperties {
  const front =
    colourOf(style.inverse ? style.background : style.foreground) ?? (style.inverse ? 'var(--n2)' : undefined);
  const back =
    colourOf(style.inverse ? style.foreground : style.background) ?? (style.inverse ? 'var(--n12)' : undefined);
  return {
    ...(front === undefined ? {} : { color: front }),
    ...(back === undefined ? {} : { backgroundColor: back }),
    ...(style.bold ? { fontWeight: 700 } : {}),
    ...(style.dim ? { opacity: 0.7 } : {}),
    ...(style.italic ? { fontStyle: 'italic' } : {}),
    ...(style.underline ? { textDecoration: 'underline' } : {}),
  };
}

/** The terminal's own sixteen follow the theme; the cube of 6 × 6 × 6 and the greys are what they are. */
function colourOf(colour: TerminalStyle['foreground']): string | undefined {
  if (colour === null || typeof colour === 'string') return colour ?? undefined;
  if (colour < 16) return `var(--ansi-${colour})`;
  const grey = (colour - 232) * 10 + 8;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = colour - 16;
  const parts =
    colour >= 232
      ? [grey, grey, grey]
      : [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
