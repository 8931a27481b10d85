import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { terminalText } from '../../core/base/terminal-line.ts';
import { useKeys } from '../app/keyboard.ts';
import { usePageSearch, useSetSearch } from '../app/use-search.ts';
import type { ConsoleLine, RunName } from '../data/queries.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useSize } from '../parts/use-size.ts';
import { plural } from '../words/number.ts';
import { LogLine } from './log-line.tsx';
import { useFoundLines, useLogPages, wholeLog } from './log-pages.ts';
import { LINE_HEIGHT, lineAt, offsetOf, scrollHeight, type Scroll } from './log-scroll.ts';

/** A log of any length: only what is on screen is loaded and drawn. */
export function LogsTab({ name, live }: { name: RunName; live: boolean }) {
  const search = usePageSearch();
  const setSearch = useSetSearch();
  const picked = search.line === undefined ? null : Number(search.line) - 1;
  const [wanted, setWanted] = useState('');
  const [known, setKnown] = useState(1);
  const [top, setTop] = useState(0);
  const [follow, setFollow] = useState(live && picked === null);
  const scroller = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const { height } = useSize(scroller);

  const found = useFoundLines(name, wanted);
  const searching = wanted !== '';
  const foundLines = searching ? (found.data?.lines ?? []) : [];
  const count = searching ? foundLines.length : known;
  const scroll: Scroll = { count, height };
  const first = Math.floor(lineAt(scroll, top));
  const last = Math.min(count - 1, first + Math.ceil(height / LINE_HEIGHT) + 1);
  const pages = useLogPages(name, searching ? 0 : first, searching ? 0 : Math.max(first, last), known);
  const total = pages.total ?? 0;
  useEffect(() => {
    if (total > 0) setKnown(total);
  }, [total]);

  useLayoutEffect(() => {
    if (follow && !searching && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [follow, known, height, searching]);
  const target = useRef(picked);
  useLayoutEffect(() => {
    if (target.current === null || searching || height === 0 || known <= target.current) return;
    const above = Math.max(0, target.current - Math.floor(height / LINE_HEIGHT / 3));
    if (scroller.current !== null) scroller.current.scrollTop = offsetOf({ count: known, height }, above);
    target.current = null;
  }, [known, height, searching, picked]);
  useKeys({
    '/': () => field.current?.focus(),
    f: () => setFollow((before) => !before),
  });

  const pick = (number: number) => {
    setSearch({ line: String(number + 1) });
    if (!searching) return;
    target.current = number;
    setFollow(false);
    setWanted('');
  };
  const lineOf = (index: number): ConsoleLine | null | undefined => (searching ? foundLines[index] : pages.line(index));
  const download = async () => {
    const address = URL.createObjectURL(new Blob([await wholeLog(name)], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `${name.run}.log`;
    link.click();
    URL.revokeObjectURL(address);
  };
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);

  return (
    <div className="logs-tab">
      <div className="toolbar">
        <SearchField
          value={wanted}
          onChange={setWanted}
          placeholder="Search the log"
          label="Search the log"
          field={field}
        />
        <span className="quiet number" data-lines={total}>
          {searching ? foundText(found.data?.matches ?? null, foundLines.length) : plural(total, 'line')}
        </span>
        <span className="spring" />
        <button aria-pressed={follow} onClick={() => setFollow(!follow)} title="Stay at the end (f)">
          Follow
        </button>
        <CopyButton
          text={async () => (searching ? foundLines.map((line) => terminalText(line.text)).join('\n') : wholeLog(name))}
          what={searching ? 'what was found' : 'the whole log'}
        />
        <button className="icon-button" onClick={() => void download()} title="Download" aria-label="Download">
          <Icon name="download" />
        </button>
      </div>
      <div
        className="log"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label="Output"
        onScroll={(event) => {
          const { scrollTop, scrollHeight: all, clientHeight } = event.currentTarget;
          setTop(scrollTop);
          if (follow && all - scrollTop - clientHeight > 2 * LINE_HEIGHT) setFollow(false);
        }}
      >
        <div style={{ height: scrollHeight(scroll) }}>
          <div className="log-window" style={{ height }}>
            <div style={{ transform: `translateY(${-Math.round((lineAt(scroll, top) - first) * LINE_HEIGHT)}px)` }}>
              {indexes.map((index) => {
                const line = lineOf(index);
                return line === undefined || line === null ? (
                  <div key={index} className="log-line" />
                ) : (
                  <LogLine key={index} line={line} marked={line.number === picked} onPick={pick} />
                );
              })}
            </div>
          </div>
        </div>
        {pages.total === 0 && <p className="quiet log-nothing">This run has written nothing{live ? ' yet' : ''}.</p>}
        {pages.error !== null && <p className="problem log-nothing">{pages.error}</p>}
      </div>
    </div>
  );
}

function foundText(matches: number | null, shown: number): string {
  if (matches === null) return '';
  return matches > shown
    ? `first ${plural(shown, 'line')} of ${matches.toLocaleString('en-US')}`
    : plural(matches, 'line');
}
